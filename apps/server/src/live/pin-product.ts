import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'

/**
 * Shows a SKU of the shelf as what is explained (讲解中), instead of any before it. The room's row settles two desks that pin at once:
 * the later commit stands, and each pin has its segment. Gives what was pinned before; null when it was this already, which changes nothing.
 * @throws Refusal live.sku_not_on_shelf, live.sku_not_on_sale, live.room_not_found, live.room_ended
 */
export async function pinProduct(
  context: LiveContext,
  roomId: number,
  sku: { readonly shopId: number; readonly skuId: number },
  userId: number,
): Promise<{ was: { shopId: number; skuId: number } | null } | null> {
  const { db, clock } = context.platform
  const { shopId, skuId } = sku
  const pinned = await db.transaction(async (tx) => {
    const { version } = await takeRoom(tx, roomId)
    const place = first(
      await tx.query<{ onSale: boolean }>(
        `select t.on_sale as "onSale" from room_shelf s join sku_stock t on t.shop_id = s.shop_id and t.sku_id = s.sku_id
         where s.room_id = $1 and s.shop_id = $2 and s.sku_id = $3 and not s.hidden`,
        [roomId, shopId, skuId],
      ),
    )
    if (!place) throw new Refusal('live.sku_not_on_shelf')
    if (!place.onSale) throw new Refusal('live.sku_not_on_sale')
    const open = first(
      await tx.query<{ shopId: number; skuId: number }>(
        `select shop_id as "shopId", sku_id as "skuId" from room_pins where room_id = $1 and unpinned_at is null`,
        [roomId],
      ),
    )
    if (open?.shopId === shopId && open.skuId === skuId) return null
    const at = clock.now()
    await tx.query(
      'update room_pins set unpinned_at = greatest($2, pinned_at) where room_id = $1 and unpinned_at is null',
      [roomId, at],
    )
    const row = one(
      await tx.query<{ pinnedAt: Date }>(
        `insert into room_pins (room_id, shop_id, sku_id, pinned_at, pinned_by) values ($1, $2, $3, $4, $5)
         returning pinned_at as "pinnedAt"`,
        [roomId, shopId, skuId, at, userId],
      ),
    )
    return { version, was: open, pin: { shopId, skuId, pinnedAt: row.pinnedAt.toISOString() } }
  })
  if (!pinned) return null
  context.hub.tell(roomId, (live) => live.publishState({ t: 'pin', pin: pinned.pin }, pinned.version))
  return { was: pinned.was }
}
