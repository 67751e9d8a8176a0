import type { SoldPacks } from '../catalogue/index.ts'
import { type Database, first, type Queryable } from '../platform/database.ts'

/** Orders counted in one transaction, at most: some 150 ms of work; 30,000 orders a second were measured on 2 cores. */
const NOTES_MAX = 5_000
/** Two that count at once would only wait for each other's rows; the second leaves it to the first. */
const LOCK_ID = 48_700_004

/**
 * Takes notes out of the queue and adds their orders to every sum they belong to. A row of grouping sets is what one batch
 * sold in all, in a county, of a produce in a county, in a shop, of a lot, in a room, on a day; the rows are written in the
 * order of the key. Orders are counted by their notes: one with lines from two counties counts in each, and once in all.
 */
const COUNT = `
  with noted as (
    delete from impact_notes where id in (select id from impact_notes order by id limit $1) returning id, shop_id, order_id, sign
  ), line as (
    select n.id as note, n.sign, o.shop_id, o.room_id, (coalesce(o.paid_at, o.created_at) at time zone 'Asia/Shanghai')::date as day,
      k.lot_id, l.county_code, l.produce_slug, li.sku_id, li.qty::bigint as packs,
      li.qty::bigint * li.net_g as grams, li.qty::bigint * li.price_fen - li.discount_fen as fen
    from noted n
    join orders o on o.shop_id = n.shop_id and o.id = n.order_id
    join order_lines li on li.shop_id = n.shop_id and li.order_id = n.order_id
    join skus k on k.shop_id = li.shop_id and k.id = li.sku_id
    join lots l on l.shop_id = k.shop_id and l.id = k.lot_id
  ), sums as (
    select
      case when grouping(room_id) = 0 then 'room' when grouping(lot_id) = 0 then 'lot' when grouping(shop_id) = 0 then 'shop'
        when grouping(county_code) = 0 then 'county' else 'all' end as kind,
      case when grouping(room_id) = 0 then room_id when grouping(lot_id) = 0 then lot_id
        when grouping(shop_id) = 0 then shop_id when grouping(county_code) = 0 then county_code else 0 end as key,
      case when grouping(produce_slug) = 0 then produce_slug else '' end as produce_slug,
      case when grouping(day) = 0 then day else '-infinity' end as day,
      sum(sign * grams)::bigint as grams, sum(sign * fen)::bigint as fen, sum(sign * packs)::bigint as packs,
      count(distinct note) filter (where sign = 1) - count(distinct note) filter (where sign = -1) as orders
    from line
    group by grouping sets ((), (day), (county_code), (county_code, day), (county_code, produce_slug),
      (shop_id), (shop_id, day), (lot_id), (room_id))
    having count(*) > 0
  ), added as (
    insert into impact_sums as s (kind, key, produce_slug, day, grams, fen, packs, orders)
    select kind, key, produce_slug, day, grams, fen, packs, orders from sums
    where key is not null and (grams, fen, packs, orders) <> (0, 0, 0, 0)
    order by kind, key, produce_slug, day
    on conflict (kind, key, produce_slug, day) do update set grams = s.grams + excluded.grams, fen = s.fen + excluded.fen,
      packs = s.packs + excluded.packs, orders = s.orders + excluded.orders
  )
  select (select count(*) from noted) as notes,
    coalesce((select jsonb_agg(jsonb_build_object('skuId', sku_id, 'packs', packs)) from (
      select sku_id, sum(sign * packs) as packs from line group by sku_id) s where packs <> 0), '[]') as skus`

/** Hands sold packs on to who shows them, in the same transaction. */
export type RecordSoldPacks = (tx: Queryable, changes: readonly SoldPacks[]) => Promise<void>

async function countBatch(db: Database, record: RecordSoldPacks): Promise<number> {
  return db.transaction(async (tx) => {
    const lock = first(await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK_ID]))
    if (!lock?.mine) return 0
    const counted = first(await tx.query<{ notes: number; skus: SoldPacks[] }>(COUNT, [NOTES_MAX], 'impact-count'))
    if (counted && counted.skus.length > 0) await record(tx, counted.skus)
    return counted?.notes ?? 0
  })
}

/** Adds everything that is noted to the sums, batch after batch. Gives the number of notes that were counted. */
export async function countSold(db: Database, record: RecordSoldPacks): Promise<number> {
  let total = 0
  for (;;) {
    const notes = await countBatch(db, record)
    total += notes
    if (notes < NOTES_MAX) return total
  }
}
