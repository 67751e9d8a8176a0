import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'
import { tellShelf } from './room-shelf.ts'

/**
 * Shows a place of the shelf to viewers or hides it, in its order either way. What is explained is unpinned when it is hidden. Gives whether
 * that changed anything.
 * @throws Refusal live.sku_not_on_shelf, live.room_not_found, live.room_ended
 */
export async function hideOnShelf(
  context: LiveContext,
  roomId: number,
  sku: { readonly shopId: number; readonly skuId: number },
  hidden: boolean,
): Promise<boolean> {
  const { db, clock } = context.platform
  const { shopId, skuId } = sku
  const { version, changed, unpinned } = await db.transaction(async (tx) => {
    const room = await takeRoom(tx, roomId)
    const place = first(
      await tx.query<{ was: boolean }>(
        'select hidden as was from room_shelf where room_id = $1 and shop_id = $2 and sku_id = $3',
        [roomId, shopId, skuId],
      ),
    )
    if (!place) throw new Refusal('live.sku_not_on_shelf')
    await tx.query('update room_shelf set hidden = $4 where room_id = $1 and shop_id = $2 and sku_id = $3', [
      roomId,
      shopId,
      skuId,
      hidden,
    ])
    const closed = await tx.query(
      `update room_pins set unpinned_at = greatest($4, pinned_at)
       where $5 and room_id = $1 and shop_id = $2 and sku_id = $3 and unpinned_at is null returning id`,
      [roomId, shopId, skuId, clock.now(), hidden],
    )
    return { version: room.version, changed: place.was !== hidden, unpinned: closed.length > 0 }
  })
  if (unpinned) context.hub.tell(roomId, (live) => live.publishState({ t: 'unpin' }, version))
  if (changed) await tellShelf(context, roomId)
  return changed
}
