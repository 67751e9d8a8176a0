import type { MerchantEdit } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { MerchantsContext } from './context.ts'
import { checkProfile, PROFILE_COLUMNS, profileValues, replaceWarehouses } from './profile.ts'

const assignments = PROFILE_COLUMNS.map((column, index) => `${column} = $${index + 3}`).join(', ')

/**
 * Puts a new profile in the place of the one whose version was read.
 * @throws Refusal merchants.not_found, merchants.changed_meanwhile and what checkProfile throws
 */
export async function editMerchant(
  context: MerchantsContext,
  merchantId: number,
  edit: MerchantEdit,
  actorId: number,
): Promise<void> {
  const { db } = context.platform
  await checkProfile(context, edit, actorId)
  await db.transaction(async (tx) => {
    const changed = await tx.query(
      `update merchants set version = version + 1, ${assignments} where id = $1 and version = $2 returning id`,
      [merchantId, edit.version, ...profileValues(edit)],
    )
    if (changed.length === 0) {
      const exists = first(await tx.query('select id from merchants where id = $1', [merchantId]))
      throw new Refusal(exists ? 'merchants.changed_meanwhile' : 'merchants.not_found')
    }
    await replaceWarehouses(tx, merchantId, edit)
  })
  context.changed(merchantId)
}
