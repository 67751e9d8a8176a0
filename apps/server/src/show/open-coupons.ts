import { COUPON_DAYS_MAX, type CouponInput } from '@chunbo/contract'
import { offerCoupons } from '../orders/index.ts'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import type { CouponDetail } from './coupon-kind.ts'
import { openDrop } from './open-drop.ts'

const DAY_MS = 86_400_000

/**
 * Drops coupons of a shop into a room. The shop bears them, so they are bounded: its goods must stand on the room's shelf, and a coupon takes off
 * at most half. Gives the drop's id.
 * @throws Refusal show.coupon_too_big, show.coupon_time, show.shop_not_on_shelf, and of openDrop
 */
export async function openCoupons(
  context: ShowContext,
  roomId: number,
  input: CouponInput,
  userId: number,
): Promise<number> {
  const { shopId, offFen, fromFen, total, seconds } = input
  if (offFen * 2 > fromFen) throw new Refusal('show.coupon_too_big')
  const nowMs = context.platform.clock.now().getTime()
  const validUntil = new Date(input.validUntil)
  const lasting = validUntil.getTime() - nowMs
  if (!(lasting >= seconds * 1000 && lasting <= COUPON_DAYS_MAX * DAY_MS))
    throw new Refusal('show.coupon_time', { days: COUPON_DAYS_MAX })
  const detail: CouponDetail = { shopId, offFen, fromFen, total, validUntilMs: validUntil.getTime() }
  const opening = { roomId, kind: 'coupon' as const, openedBy: userId, seconds, detail }
  const row = await openDrop(context, opening, async (tx, { id, openedAt, closesAt }) => {
    const shown = await tx.query('select from room_shelf where room_id = $1 and shop_id = $2 and not hidden limit 1', [
      roomId,
      shopId,
    ])
    if (!first(shown)) throw new Refusal('show.shop_not_on_shelf')
    await offerCoupons(tx, {
      dropId: id,
      shopId,
      offFen,
      fromFen,
      total,
      closesAt,
      // The row's instant is that of the transaction, which is a little later than the one looked at above.
      validUntil: validUntil < closesAt ? closesAt : validUntil,
      madeBy: userId,
      madeAt: openedAt,
    })
  })
  return row.id
}
