import { first } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'

/** Ends what is explained and gives it; null when nothing is. @throws Refusal live.room_not_found, live.room_ended */
export async function unpinProduct(
  context: LiveContext,
  roomId: number,
): Promise<{ shopId: number; skuId: number } | null> {
  const { db, clock } = context.platform
  const { version, was } = await db.transaction(async (tx) => {
    const room = await takeRoom(tx, roomId)
    const closed = await tx.query<{ shopId: number; skuId: number }>(
      `update room_pins set unpinned_at = greatest($2, pinned_at) where room_id = $1 and unpinned_at is null
       returning shop_id as "shopId", sku_id as "skuId"`,
      [roomId, clock.now()],
    )
    return { version: room.version, was: first(closed) }
  })
  context.hub.tell(roomId, (live) => live.publishState({ t: 'unpin' }, version))
  return was
}
