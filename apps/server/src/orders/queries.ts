import type { Order, OrderStatus } from '@chunbo/contract'
import { maskPhone } from '../identity/index.ts'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

interface OrderRow extends Omit<Order, 'createdAt' | 'expiresAt' | 'paidAt'> {
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly paidAt: Date | null
  readonly placedOn: string
}

export type OrderView = Omit<OrderRow, 'placedOn'>
export interface OrderPage {
  readonly items: OrderView[]
  readonly next: string | null
}

/** An order as the API shows it, from a row `o` of orders; texts and pictures are those of the version that was bought. */
const COLUMNS = `o.id as "orderId", o.shop_id as "shopId", s.name_zh as "shopNameZh", s.name_en as "shopNameEn",
  o.checkout_id as "checkoutId", o.room_id as "roomId", o.status, o.total_fen as "totalFen", o.discount_fen as "discountFen", l.net_g as "netG",
  o.created_at as "createdAt", case when o.status = 'held' then o.expires_at end as "expiresAt", o.paid_at as "paidAt",
  jsonb_build_object('name', o.to_name, 'phone', o.to_phone, 'detail', o.to_detail,
    'regionName', coalesce((select concat_ws(' ', p.province, nullif(p.prefecture, ''), p.county) from places p where p.code = o.to_region_code), '')
  ) as address,
  l.lines, o.placed_on as "placedOn",
  (select jsonb_build_object('carrier', k.carrier, 'trackingNumber', k.tracking_number, 'shippedAt', k.shipped_at)
   from parcels k where k.shop_id = o.shop_id and k.order_id = o.id) as parcel`

const DETAILS = `join shops s on s.id = o.shop_id
  cross join lateral (
    select sum(i.qty::bigint * i.net_g)::bigint as net_g, jsonb_agg(jsonb_build_object(
      'lineNo', i.line_no, 'skuId', i.sku_id, 'skuVersion', i.sku_version, 'qty', i.qty, 'priceFen', i.price_fen, 'netG', i.net_g,
      'titleZh', v.listing ->> 'titleZh', 'titleEn', v.listing ->> 'titleEn', 'packZh', v.listing ->> 'packZh',
      'packEn', v.listing ->> 'packEn', 'family', v.listing ->> 'family', 'picture', v.listing -> 'picture'
    ) order by i.line_no) as lines
    from order_lines i
    left join sku_versions v on v.shop_id = i.shop_id and v.sku_id = i.sku_id and v.version = i.sku_version
    where i.shop_id = o.shop_id and i.order_id = o.id
  ) l`

// The index of a buyer's orders leads with the day, so the days are walked from the newest until the page is full.
const OF_BUYER = `select ${COLUMNS}
  from (
    select o.* from generate_series($2::date::timestamp, (select min(placed_on) from orders)::timestamp, '-1 day') d(day)
    cross join lateral (
      select o.* from orders o
      where o.placed_on = d.day::date and o.buyer_id = $1 and ($3::text is null or o.status = $3) and (o.placed_on < $2 or o.id < $4)
      order by o.id desc offset 0
    ) o
    limit $5
  ) o ${DETAILS}
  order by o.placed_on desc, o.id desc`

const OF_SHOP = `select ${COLUMNS}
  from (
    select o.* from orders o where o.shop_id = $1 and o.id < $3 and ($2::text is null or o.status = $2)
    order by o.id desc limit $4
  ) o ${DETAILS}
  order by o.id desc`

const ONE = `select ${COLUMNS} from orders o ${DETAILS} where o.shop_id = $1 and o.id = $2 and ($3::bigint is null or o.buyer_id = $3)`

function pageOf(rows: OrderRow[], limit: number, cursorOf: (last: OrderRow) => string): OrderPage {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ placedOn: _, ...order }) => order),
    next: rows.length > limit && last ? cursorOf(last) : null,
  }
}

/** Whether a text of the form YYYY-MM-DD is a day of the calendar. */
function isDay(text: string): boolean {
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** A buyer's orders in all shops, newest first. `cursor` is the `next` of the page before. @throws Refusal orders.bad_cursor */
export async function listBuyerOrders(
  db: Queryable,
  buyerId: number,
  page: { status: OrderStatus | null; cursor: string | null; limit: number; now: Date },
): Promise<OrderPage> {
  const today = page.now.toISOString().slice(0, 10)
  const match = /^(2\d{3}-\d{2}-\d{2})_(\d{1,15})$/.exec(page.cursor ?? '')
  // The days are walked one by one, so a cursor must not begin them in the year 2999, nor on a day that there is not.
  if (page.cursor !== null && !(match && isDay(match[1] ?? '') && (match[1] ?? '') <= today))
    throw new Refusal('orders.bad_cursor')
  const day = match?.[1] ?? today
  const beforeId = match?.[2] ?? Number.MAX_SAFE_INTEGER
  const rows = await db.query<OrderRow>(OF_BUYER, [buyerId, day, page.status, beforeId, page.limit + 1])
  return pageOf(rows, page.limit, (last) => `${last.placedOn}_${last.orderId}`)
}

/** What a shop's staff sees of where an order goes: all of it while it is to be shipped, else only enough to recognise it. */
function veil(order: OrderView): OrderView {
  if (order.status === 'paid') return order
  const { address } = order
  return {
    ...order,
    address: {
      ...address,
      phone: maskPhone(address.phone),
      detail: `${address.detail.slice(0, 2)}***`,
    },
  }
}

/** A shop's orders, newest first. `cursor` is the `next` of the page before. @throws Refusal orders.bad_cursor */
export async function listShopOrders(
  db: Queryable,
  shopId: number,
  page: { status: OrderStatus | null; cursor: string | null; limit: number },
): Promise<OrderPage> {
  if (page.cursor !== null && !/^\d{1,15}$/.test(page.cursor)) throw new Refusal('orders.bad_cursor')
  const rows = await db.query<OrderRow>(OF_SHOP, [
    shopId,
    page.status,
    page.cursor ?? Number.MAX_SAFE_INTEGER,
    page.limit + 1,
  ])
  const { items, next } = pageOf(rows, page.limit, (last) => String(last.orderId))
  return { items: items.map(veil), next }
}

/** One order as its shop's staff sees it. @throws Refusal orders.not_found */
export async function readShopOrder(db: Queryable, shopId: number, orderId: number): Promise<OrderView> {
  return veil(await readOrder(db, shopId, orderId, null))
}

/** One order, of this buyer only when one is told. @throws Refusal orders.not_found */
export async function readOrder(
  db: Queryable,
  shopId: number,
  orderId: number,
  buyerId: number | null,
): Promise<OrderView> {
  const [row] = await db.query<OrderRow>(ONE, [shopId, orderId, buyerId])
  if (!row) throw new Refusal('orders.not_found')
  const { placedOn: _, ...order } = row
  return order
}
