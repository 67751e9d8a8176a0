import type { Sold } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'

/**
 * What a room sold, added up from its order lines by one statement, so that all its figures are of one moment and agree. Only orders that
 * are paid and not taken back count, as everywhere. "On air" is by the moment of ordering; what came before or after is in the total alone.
 * Lines are added up to orders once, because counting distinct orders sorts all lines each time.
 */

/** Orders that count: paid, and neither cancelled nor expired since. */
export const COUNTS = `o.paid_at is not null and o.status in ('paid', 'shipped', 'received')`

const sums = (orders: string) =>
  `'orders', ${orders}, 'packs', coalesce(sum(packs), 0), 'grams', coalesce(sum(grams), 0), 'fen', coalesce(sum(fen), 0)`

const OF_LINES = sums('count(distinct id)')
const OF_ORDERS = sums('count(*)')

export interface SkuSold {
  readonly shopId: number
  readonly skuId: number
  readonly sold: Sold
}
export interface PinSold {
  readonly id: number
  readonly shopId: number
  readonly skuId: number
  /** RFC 3339. */
  readonly from: string
  readonly until: string | null
  readonly sold: Sold
}
export interface RoomLines {
  readonly sold: Sold
  readonly soldOnAir: Sold
  readonly buyers: number
  readonly waitingOrders: number
  readonly goods: readonly SkuSold[]
  /** In the order of the show. */
  readonly pins: readonly PinSold[]
  /** By step from the start; steps without an order are left out. */
  readonly steps: readonly { readonly n: number; readonly orders: number; readonly fen: number }[]
  readonly provinces: readonly { readonly code: number; readonly orders: number; readonly fen: number }[]
  readonly asOf: Date
}

/** The whole minutes that a curve begins with and how long its steps are. */
export interface Grid {
  readonly startMs: number
  readonly stepMin: number
  readonly steps: number
}

export async function readRoomLines(
  db: Queryable,
  roomId: number,
  onAir: { readonly from: Date; readonly until: Date },
  grid: Grid,
): Promise<RoomLines> {
  const rows = await db.query<RoomLines>(
    `with line as materialized (
       select o.id, o.buyer_id, o.created_at as at, o.to_region_code / 10000 * 10000 as province, li.shop_id, li.sku_id,
         li.qty::bigint as packs, li.qty::bigint * li.net_g as grams, li.qty::bigint * li.price_fen - li.discount_fen as fen,
         o.created_at >= $2 and o.created_at < $3 as on_air
       from orders o join order_lines li on li.shop_id = o.shop_id and li.order_id = o.id
       where o.room_id = $1 and ${COUNTS}
     ), ordered as materialized (
       select id, min(buyer_id) as buyer_id, min(at) as at, min(province) as province, bool_and(on_air) as on_air,
         sum(packs)::bigint as packs, sum(grams)::bigint as grams, sum(fen)::bigint as fen
       from line group by id
     )
     select now() as "asOf",
       (select jsonb_build_object(${OF_ORDERS}) from ordered) as sold,
       (select jsonb_build_object(${OF_ORDERS}) from ordered where on_air) as "soldOnAir",
       (select count(distinct buyer_id)::int from ordered where on_air) as buyers,
       (select count(*)::int from orders o where o.room_id = $1 and o.status = 'held' and o.expires_at > $6) as "waitingOrders",
       (select coalesce(jsonb_agg(g order by g."sold" -> 'fen' desc, g."skuId"), '[]') from (
          select shop_id as "shopId", sku_id as "skuId", jsonb_build_object(${OF_LINES}) as "sold" from line group by 1, 2) g) as goods,
       (select coalesce(jsonb_agg(jsonb_build_object('id', p.pin_id, 'shopId', p.shop_id, 'skuId', p.sku_id, 'from', p.pinned_at,
            'until', p.unpinned_at, 'sold', p.sold) order by p.pinned_at, p.pin_id), '[]')
          from (select p.*, jsonb_build_object(${OF_LINES}) as sold
            from (select id as pin_id, shop_id, sku_id, pinned_at, unpinned_at from room_pins where room_id = $1) p
            left join line on line.shop_id = p.shop_id and line.sku_id = p.sku_id and line.at >= p.pinned_at
              and line.at < coalesce(p.unpinned_at, 'infinity')
            group by p.pin_id, p.shop_id, p.sku_id, p.pinned_at, p.unpinned_at) p) as pins,
       (select coalesce(jsonb_agg(m order by m.n), '[]') from (
          select floor(extract(epoch from at - $4::timestamptz) / ($5::int * 60))::int as n, count(*) as orders, sum(fen) as fen
          from ordered where on_air group by 1) m) as steps,
       (select coalesce(jsonb_agg(v order by v.fen desc, v.code), '[]') from (
          select province as code, count(*) as orders, sum(fen) as fen from ordered group by 1) v) as provinces`,
    [roomId, onAir.from, onAir.until, new Date(grid.startMs), grid.stepMin, onAir.until],
    'evening-lines',
  )
  return one(rows)
}
