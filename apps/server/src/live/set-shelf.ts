import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'
import { tellShelf } from './room-shelf.ts'

interface ShelfPlace {
  readonly shopId: number
  readonly skuId: number
}

/**
 * Which of the goods may not go on the shelf. What stands on it already may stay. A new one must be on sale, and its shop or its lot's
 * origin must be in the county of the room.
 */
async function findUnfit(
  tx: Queryable,
  roomId: number,
  countyCode: number,
  items: readonly ShelfPlace[],
): Promise<number | null> {
  const rows = await tx.query<{ skuId: number }>(
    `select i.sku_id as "skuId" from unnest($3::bigint[], $4::bigint[]) i(shop_id, sku_id)
     where not exists (select 1 from room_shelf s where s.room_id = $1 and s.shop_id = i.shop_id and s.sku_id = i.sku_id)
       and not exists (select 1 from skus k
         join lots l on l.shop_id = k.shop_id and l.id = k.lot_id
         join shops h on h.id = k.shop_id
         where k.shop_id = i.shop_id and k.id = i.sku_id and k.status = 'on_sale' and h.status = 'open'
           and (h.county_code = $2 or l.county_code = $2))
     limit 1`,
    [roomId, countyCode, items.map((item) => item.shopId), items.map((item) => item.skuId)],
  )
  return rows[0]?.skuId ?? null
}

/**
 * Puts these goods on the shelf in this order, instead of what was there, which it gives. What is explained and no longer on the shelf
 * is unpinned.
 * @throws Refusal live.sku_twice, live.sku_not_for_shelf, live.room_not_found, live.room_ended
 */
export async function setShelf(
  context: LiveContext,
  roomId: number,
  items: readonly ShelfPlace[],
): Promise<ShelfPlace[]> {
  const { db, clock } = context.platform
  const skuIds = items.map((item) => item.skuId)
  const twice = skuIds.find((skuId, index) => skuIds.indexOf(skuId) !== index)
  if (twice !== undefined) throw new Refusal('live.sku_twice', { skuId: twice })
  const { version, was, unpinned } = await db.transaction(async (tx) => {
    const room = await takeRoom(tx, roomId)
    const unfit = await findUnfit(tx, roomId, room.countyCode, items)
    if (unfit !== null) throw new Refusal('live.sku_not_for_shelf', { skuId: unfit })
    const was = await tx.query<ShelfPlace>(
      'select shop_id as "shopId", sku_id as "skuId" from room_shelf where room_id = $1 order by position',
      [roomId],
    )
    const shopIds = items.map((item) => item.shopId)
    await tx.query('delete from room_shelf where room_id = $1 and sku_id <> all($2::bigint[])', [roomId, skuIds])
    await tx.query(
      `insert into room_shelf (room_id, shop_id, sku_id, position)
       select $1, shop_id, sku_id, position from unnest($2::bigint[], $3::bigint[]) with ordinality i(shop_id, sku_id, position)
       on conflict (room_id, shop_id, sku_id) do update set position = excluded.position`,
      [roomId, shopIds, skuIds],
    )
    const closed = await tx.query(
      `update room_pins set unpinned_at = greatest($3, pinned_at)
       where room_id = $1 and unpinned_at is null and sku_id <> all($2::bigint[]) returning id`,
      [roomId, skuIds, clock.now()],
    )
    return { version: room.version, was, unpinned: closed.length > 0 }
  })
  if (unpinned) context.hub.tell(roomId, (live) => live.publishState({ t: 'unpin' }, version))
  await tellShelf(context, roomId)
  return was
}
