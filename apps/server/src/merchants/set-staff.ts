import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { MerchantsContext } from './context.ts'

/**
 * Says who may act for a merchant: these people and nobody else. Each has to hold the role merchant already.
 * @throws Refusal merchants.not_found, merchants.staff_unknown
 */
export async function setStaff(
  { platform, identity }: MerchantsContext,
  merchantId: number,
  userIds: readonly number[],
): Promise<void> {
  const holds = await Promise.all(
    userIds.map(async (userId) => (await identity.grantsOf(userId)).some(({ role }) => role === 'merchant')),
  )
  const without = userIds.filter((_, index) => !holds[index])
  if (without.length > 0) throw new Refusal('merchants.staff_unknown', { userIds: without.join(', ') })
  await platform.db.transaction(async (tx) => {
    const found = first(await tx.query('select id from merchants where id = $1 for update', [merchantId]))
    if (!found) throw new Refusal('merchants.not_found')
    await tx.query('delete from merchant_staff where merchant_id = $1 and user_id <> all($2::bigint[])', [
      merchantId,
      userIds,
    ])
    await tx.query(
      `insert into merchant_staff (merchant_id, user_id, added_at) select $1, unnest($2::bigint[]), $3
       on conflict do nothing`,
      [merchantId, [...new Set(userIds)], platform.clock.now()],
    )
  })
}
