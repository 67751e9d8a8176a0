import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'

/**
 * Shows a SKU of the shelf as what is explained (讲解中), instead of any before it. The room's row settles two desks that pin at once:
 * the later commit stands, and each pin has its segment. Pinning what is pinned changes nothing.
 * @throws Refusal live.sku_not_on_shelf, live.sku_not_on_sale, live.room_not_found, live.room_ended
 */
export async function pinProduct(
  context: LiveContext,
  roomId: number,
  sku: { readonly shopId: number; readonly skuId: number },
  userId: number,
): Promise<void> {
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
      await tx.query<{ same: boolean }>(
        `select shop_id = $2 and sku_id = $3 as same from room_pins where room_id = $1 and unpinned_at is null`,
        [roomId, shopId, skuId],
      ),
    )
    if (open?.same) return null
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
    return { version, pin: { shopId, skuId, pinnedAt: row.pinnedAt.toISOString() } }
  })
  if (pinned) context.hub.tell(roomId, (live) => live.publishState({ t: 'pin', pin: pinned.pin }, pinned.version))
}
