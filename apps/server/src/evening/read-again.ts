import type { EveningReport } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'
import { COUNTS } from './room-lines.ts'

/**
 * Second purchases: buyers of the evening who ordered goods of the county again after it had ended, in a room, on the aid page or in a shop.
 * Numbers of orders only grow, so only the newer part of the orders of shops with lots from the county is read.
 */
export async function readAgain(
  db: Queryable,
  room: { readonly id: number; readonly countyCode: number },
  onAir: { readonly from: Date; readonly until: Date },
): Promise<EveningReport['again']> {
  return one(
    await db.query<EveningReport['again']>(
      `with bought as materialized (
         select distinct buyer_id from orders o where o.room_id = $1 and ${COUNTS} and o.created_at >= $3 and o.created_at < $4
       ), first as (
         select min(o.id) as id from orders o where o.room_id = $1 and o.paid_at is not null
       ), again as (
         select o.buyer_id, o.id, o.created_at, li.qty::bigint * li.price_fen - li.discount_fen as fen
         from (select distinct shop_id from lots where county_code = $2) s
         join orders o on o.shop_id = s.shop_id and o.id > (select id from first)
         join bought b on b.buyer_id = o.buyer_id
         join order_lines li on li.shop_id = o.shop_id and li.order_id = o.id
         join skus k on k.shop_id = li.shop_id and k.id = li.sku_id
         join lots l on l.shop_id = k.shop_id and l.id = k.lot_id and l.county_code = $2
         where ${COUNTS} and o.created_at >= $4
       )
       select count(distinct buyer_id)::int as buyers,
         (count(distinct buyer_id) filter (where created_at < $4 + interval '30 days'))::int as "within30Days",
         count(distinct id)::int as orders, coalesce(sum(fen), 0)::bigint as fen
       from again`,
      [room.id, room.countyCode, onAir.from, onAir.until],
      'evening-again',
    ),
  )
}
