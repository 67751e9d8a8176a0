import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'

/**
 * Says where a prize goes: one of the winner's own addresses, copied once. The same winner again, with whatever address, is refused.
 * @throws Refusal show.not_won, show.address_unknown, show.claimed_already
 */
export async function claimPrize(
  context: ShowContext,
  dropId: number,
  userId: number,
  addressId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const claimed = await db.query<{ roomId: number }>(
    `update bag_winners w set claimed_at = $4, to_name = a.name, to_phone = a.phone, to_region_code = a.region_code, to_detail = a.detail
     from addresses a, room_drops d
     where w.drop_id = $1 and w.user_id = $2 and w.claimed_at is null and a.id = $3 and a.user_id = $2 and d.id = w.drop_id
     returning d.room_id as "roomId"`,
    [dropId, userId, addressId, clock.now()],
  )
  if (claimed[0]) return context.desk.changed(claimed[0].roomId, 'drops')
  const won = await db.query<{ claimed: boolean }>(
    'select claimed_at is not null as claimed from bag_winners where drop_id = $1 and user_id = $2',
    [dropId, userId],
  )
  if (!won[0]) throw new Refusal('show.not_won')
  throw new Refusal(won[0].claimed ? 'show.claimed_already' : 'show.address_unknown')
}
