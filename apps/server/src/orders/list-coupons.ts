import type { Coupon } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

interface CouponRow extends Omit<Coupon, 'validUntil'> {
  readonly validUntil: Date
}
interface CouponPage {
  readonly items: CouponRow[]
  readonly next: string | null
}

/** In which order coupons of a state are shown, and what of them the cursor remembers. */
const ORDER: Readonly<Record<Coupon['state'], string>> = {
  usable: 'c.valid_until, c.id',
  used: 'c.claimed_at desc, c.id desc',
  expired: 'c.claimed_at desc, c.id desc',
}
const WHICH: Readonly<Record<Coupon['state'], string>> = {
  usable: 'c.order_id is null and c.valid_until > $2',
  used: 'c.order_id is not null',
  expired: 'c.order_id is null and c.valid_until <= $2',
}

/**
 * A buyer's coupons of a state. A buyer has few, so pages are counted from the beginning: `cursor` is the `next` of the page before.
 * @throws Refusal orders.bad_cursor
 */
export async function listCoupons(
  db: Queryable,
  buyerId: number,
  page: { state: Coupon['state']; cursor: string | null; limit: number; now: Date },
): Promise<CouponPage> {
  if (page.cursor !== null && !/^\d{1,6}$/.test(page.cursor)) throw new Refusal('orders.bad_cursor')
  const from = Number(page.cursor ?? 0)
  const rows = await db.query<CouponRow>(
    `select c.id as "couponId", c.offer_id as "dropId", c.shop_id as "shopId", s.name_zh as "shopNameZh", s.name_en as "shopNameEn",
       c.off_fen as "offFen", c.from_fen as "fromFen", c.valid_until as "validUntil", c.order_id as "orderId", $5::text as state
     from coupons c join shops s on s.id = c.shop_id
     where c.buyer_id = $1 and $2::timestamptz is not null and ${WHICH[page.state]} order by ${ORDER[page.state]} offset $3 limit $4`,
    [buyerId, page.now, from, page.limit + 1, page.state],
  )
  return {
    items: rows.slice(0, page.limit),
    next: rows.length > page.limit ? String(from + page.limit) : null,
  }
}
