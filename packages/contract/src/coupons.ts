import { type Static, Type } from 'typebox'
import { exact, Fen, Id, Instant, nullable, oneOf, PageQuery } from './basics.ts'

/**
 * Coupons and flash prices of a room: who may, and what they do to money, is told in docs/live-room.md. A coupon takes `offFen` off one order of
 * its shop whose goods come to `fromFen` or more; the shop bears it.
 */

/** What a coupon may take off at most, in fen, and the part of `fromFen` that is never more than half. */
export const COUPON_OFF_FEN_MAX = 100_000
export const COUPON_TOTAL_MAX = 100_000
/** How long a coupon can be used at most, counted from the drop. */
export const COUPON_DAYS_MAX = 60

/** POST /api/rooms/{id}/coupons (host team): for a shop whose goods are on the room's shelf. Answers the drop. */
export const CouponInput = exact({
  shopId: Id,
  /** At most half of `fromFen`. */
  offFen: Type.Integer({ minimum: 1, maximum: COUPON_OFF_FEN_MAX }),
  fromFen: Type.Integer({ minimum: 2, maximum: 100_000_000 }),
  /** How many there are; each buyer takes one. */
  total: Type.Integer({ minimum: 1, maximum: COUPON_TOTAL_MAX }),
  /** How long they can be taken. */
  seconds: Type.Integer({ minimum: 10, maximum: 3600 }),
  /** Until when they can be used: after they can be taken, at most COUPON_DAYS_MAX days from now. */
  validUntil: Instant,
})
export type CouponInput = Static<typeof CouponInput>

export const COUPON_STATES = ['usable', 'used', 'expired'] as const
/** A coupon of a buyer. used: an order holds it or was paid with it; it is usable again when that order ends unpaid. */
export const Coupon = Type.Object({
  couponId: Id,
  dropId: Id,
  shopId: Id,
  shopNameZh: Type.String(),
  shopNameEn: Type.String(),
  offFen: Fen,
  fromFen: Fen,
  validUntil: Instant,
  state: oneOf(COUPON_STATES),
  /** The order of `shopId` that has it. */
  orderId: nullable(Id),
})
export type Coupon = Static<typeof Coupon>
/** POST /api/drops/{id}/claim answers this; asking again answers the same coupon. */
export const ClaimedCoupon = Type.Object({
  couponId: Id,
  dropId: Id,
  shopId: Id,
  offFen: Fen,
  fromFen: Fen,
  validUntil: Instant,
})
export type ClaimedCoupon = Static<typeof ClaimedCoupon>
/** GET /api/my/coupons: usable ones by default, those first whose time is over first; the others newest first. */
export const CouponQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(oneOf(COUPON_STATES)) })

/** POST /api/rooms/{id}/flash (host team): another price for a SKU of the shelf, for so many minutes. Answers the drop. */
export const FlashInput = exact({
  shopId: Id,
  skuId: Id,
  /** Below the price of now. */
  priceFen: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
  minutes: Type.Integer({ minimum: 1, maximum: 120 }),
})
export type FlashInput = Static<typeof FlashInput>
