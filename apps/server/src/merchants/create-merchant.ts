import type { MerchantInput } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { MerchantsContext } from './context.ts'
import { checkProfile, PROFILE_COLUMNS, profileValues, replaceWarehouses } from './profile.ts'

/** Merchants that one person can set up; whoever needs more asks the desk. */
const MERCHANTS_OF_PERSON_MAX = 5

const columns = PROFILE_COLUMNS.join(', ')
const values = PROFILE_COLUMNS.map((_, index) => `$${index + 3}`).join(', ')

/**
 * Sets up a merchant and gives its id. Somebody with the role merchant becomes its first member of staff; the desk sets one
 * up for others and names the staff afterwards.
 * @throws Refusal merchants.too_many and what checkProfile throws
 */
export async function createMerchant(
  context: MerchantsContext,
  input: MerchantInput,
  actorId: number,
): Promise<number> {
  const { identity, platform } = context
  await checkProfile(context, input, actorId)
  const now = platform.clock.now()
  const byDesk = await identity.may(actorId, { role: 'relief_desk' })
  const id = await platform.db.transaction(async (tx) => {
    if (!byDesk) {
      // The person's row is the lock: two at the same time count one after the other.
      await tx.query('select from users where id = $1 for update', [actorId])
      const { count } = one(
        await tx.query<{ count: number }>('select count(*) as count from merchants where created_by = $1', [actorId]),
      )
      if (count >= MERCHANTS_OF_PERSON_MAX) throw new Refusal('merchants.too_many', { max: MERCHANTS_OF_PERSON_MAX })
    }
    const made = one(
      await tx.query<{ id: number }>(
        `insert into merchants (created_by, created_at, ${columns}) values ($1, $2, ${values}) returning id`,
        [actorId, now, ...profileValues(input)],
      ),
    )
    await replaceWarehouses(tx, made.id, input)
    if (!byDesk) {
      await tx.query('insert into merchant_staff (merchant_id, user_id, added_at) values ($1, $2, $3)', [
        made.id,
        actorId,
        now,
      ])
    }
    return made.id
  })
  context.changed(id)
  return id
}
