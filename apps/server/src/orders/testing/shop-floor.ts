import { createOrderQueue, type OrderQueue, type OrderQueueOptions, placeBatchSql } from '@chunbo/order-batch'
import { type Database, one, openDatabase } from '../../platform/database.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'

/** A SKU to sell: its price in fen, packs and limit per buyer. */
export interface FloorSku {
  readonly shopId: number
  readonly skuId: number
  readonly priceFen: number
  readonly stock: number
  readonly buyerLimit: number
  readonly onSale: boolean
}

/** A coupon of a buyer, good until `validUntil` (two days from AT if it is not told). Sums in fen. */
export interface FloorCoupon {
  readonly couponId: number
  readonly buyerId: number
  readonly shopId: number
  readonly offFen: number
  readonly fromFen: number
  readonly validUntil?: Date
}

/** Shops with goods and buyers with addresses, on a database of their own. Buyer n has address n. */
export interface ShopFloor {
  readonly db: Database
  readonly url: string
  /** Sets what is sold, anew: no orders, and these SKUs. A SKU that is not among them is unknown. */
  stockUp(skus: readonly FloorSku[]): Promise<void>
  giveCoupons(coupons: readonly FloorCoupon[]): Promise<void>
  queue(options?: Partial<OrderQueueOptions>): OrderQueue
  close(): Promise<void>
}

export const AT = new Date('2026-03-14T02:00:00Z')

const SETUP = `
  insert into divisions (code, level, name, parent_code) values
    (530000, 'province', '云南省', null), (530800, 'prefecture', '普洱市', 530000), (530823, 'county', '景东彝族自治县', 530800)
    on conflict do nothing;
  insert into users (id, name, email) select i, '买家' || i, 'buyer' || i || '@example.org' from generate_series(1, $buyers) i;
  insert into addresses (id, user_id, name, phone, region_code, detail)
    select i, i, '买家' || i, '13800138000', 530823, '锦屏镇新民村 1 号' from generate_series(1, $buyers) i;
  insert into produce (slug, name_zh, name_en, category, family, unit_zh, harvest_months)
    values ('floor-pea', '豌豆', 'Peas', 'vegetable', 'pea', '袋', '3-4') on conflict do nothing;
  insert into shops (id, county_code, name_zh) select i, 530823, '店' || i from generate_series(1, 4) i;
  insert into lots (shop_id, id, produce_slug, county_code, harvest_from, harvest_to, grams)
    select i, i, 'floor-pea', 530823, '2026-03-01', '2026-04-15', 1000000000 from generate_series(1, 4) i`

export async function openShopFloor(buyers = 20): Promise<ShopFloor> {
  const database = await createTestDatabase()
  const db = openDatabase(database.url)
  for (const statement of SETUP.replaceAll('$buyers', String(buyers)).split(';\n')) await db.query(statement)
  return {
    db,
    url: database.url,
    async stockUp(skus) {
      await db.query(
        'truncate orders, order_lines, checkout_orders, buyer_quota, sku_stock, skus, payments, ledger_entries, coupons, coupon_offers cascade',
      )
      for (const { shopId, skuId, priceFen, stock, buyerLimit, onSale } of skus) {
        await db.query(
          `insert into skus (shop_id, id, lot_id, title_zh, net_g, status) values ($1, $2, $1, '豌豆', 500, 'on_sale')`,
          [shopId, skuId],
        )
        await db.query(
          `insert into sku_stock (shop_id, sku_id, price_fen, net_g, buyer_limit, on_sale, put_in, stock) values ($1, $2, $3, 500, $4, $5, $6, $6)`,
          [shopId, skuId, priceFen, buyerLimit, onSale, stock],
        )
      }
    },
    async giveCoupons(coupons) {
      for (const { couponId, buyerId, shopId, offFen, fromFen, validUntil } of coupons) {
        await db.query(
          `insert into coupons (buyer_id, id, offer_id, shop_id, off_fen, from_fen, valid_until, claimed_at)
           values ($1, $2, $2, $3, $4, $5, $6, $7)`,
          [buyerId, couponId, shopId, offFen, fromFen, validUntil ?? new Date(AT.getTime() + 2 * 86_400_000), AT],
        )
      }
    },
    queue: (options = {}) =>
      createOrderQueue({
        execute: async ({ values }) => one(await db.query(placeBatchSql, values, 'place_orders')),
        now: () => AT,
        ...options,
      }),
    async close() {
      await db.close()
      await database.close()
    },
  }
}

interface Imbalance {
  readonly what: string
}

/**
 * What does not add up on the floor; empty when all does: stock and packs of orders that were not given back make what was
 * put in, quotas are the packs of those orders, an order's total is that of its lines less what its coupon takes off, which its lines
 * bear, a key has bought once, a coupon is in the order that has it and in no other, no offer has given more than its total, and what was
 * paid, to the method and by the method to the shop, is the total of the paid orders.
 */
export function findImbalances(db: Database): Promise<Imbalance[]> {
  return db.query<Imbalance>(`
    with kept as (
      select o.shop_id, o.id, o.buyer_id, l.sku_id, l.qty
      from orders o join order_lines l on l.shop_id = o.shop_id and l.order_id = o.id
      where o.status not in ('cancelled', 'expired')
    )
    select format('sku %s: stock %s + sold %s <> put in %s', s.sku_id, s.stock, k.packs, s.put_in) as what
      from sku_stock s
      cross join lateral (select coalesce(sum(qty), 0) as packs from kept k where k.shop_id = s.shop_id and k.sku_id = s.sku_id) k
      where s.stock + k.packs <> s.put_in
    union all
    select format('quota of buyer %s for sku %s: %s <> %s', b.buyer_id, b.sku_id, b.packs, k.packs)
      from buyer_quota b
      full join (select shop_id, sku_id, buyer_id, sum(qty) as packs from kept join sku_stock using (shop_id, sku_id) where buyer_limit < 100000 group by 1, 2, 3) k using (shop_id, sku_id, buyer_id)
      where coalesce(b.packs, 0) <> coalesce(k.packs, 0)
    union all
    select format('order %s: total %s', o.id, o.total_fen) from orders o
      cross join lateral (select sum(l.qty::bigint * l.price_fen) as goods, sum(l.discount_fen) as off from order_lines l where l.shop_id = o.shop_id and l.order_id = o.id) l
      where o.total_fen is distinct from l.goods - l.off or o.discount_fen is distinct from l.off
    union all
    select format('order %s: coupon %s', o.id, o.coupon_id) from orders o
      left join coupons c on c.buyer_id = o.buyer_id and c.id = o.coupon_id and c.shop_id = o.shop_id and c.order_id = o.id and c.off_fen = o.discount_fen
      where o.coupon_id is not null and (c.id is null) <> (o.status in ('cancelled', 'expired'))
    union all
    select format('coupon %s is in order %s', c.id, c.order_id) from coupons c
      left join orders o on o.shop_id = c.shop_id and o.id = c.order_id and o.coupon_id = c.id and o.status not in ('cancelled', 'expired')
      where c.order_id is not null and o.id is null
    union all
    select format('offer %s: %s of %s remain, %s given', f.id, f.remaining, f.total, g.n) from coupon_offers f
      cross join lateral (select count(*) as n from coupons c where c.offer_id = f.id) g where f.remaining + g.n <> f.total
    union all
    select format('order %s: booked %s', o.id, e.booked) from orders o
      cross join lateral (select count(*) as n, sum(amount_fen) as booked, bool_and(amount_fen = o.total_fen) as same from ledger_entries e where e.shop_id = o.shop_id and e.order_id = o.id) e
      where (o.paid_at is not null) <> (e.n = 2 and e.same)
    union all
    select format('checkout %s: paid %s', p.checkout_id, p.amount_fen) from payments p
      where p.amount_fen is distinct from (select sum(o.total_fen)::bigint from orders o where o.buyer_id = p.buyer_id and o.checkout_id = p.checkout_id and o.paid_at is not null)
    union all
    select format('order %s has no checkout', o.id) from orders o
      where not exists (select from checkout_orders k where k.shop_id = o.shop_id and k.order_id = o.id)
    union all
    select format('key %s of buyer %s has %s orders in shop %s', checkout_id, buyer_id, count(*), shop_id)
      from orders group by checkout_id, buyer_id, shop_id having count(*) > 1`)
}
