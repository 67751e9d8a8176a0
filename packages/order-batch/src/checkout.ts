/** A line of a checkout as the buyer sees it: so many packs of a SKU of a shop, at the price that was shown, in fen. */
export interface CheckoutLine {
  readonly shopId: number
  readonly skuId: number
  readonly qty: number
  readonly expectedPriceFen: number
}

/**
 * What a buyer asks for at once: placed wholly or not at all, as one order a shop.
 * `key` is a UUID chosen by the buyer's client; the same key never buys twice.
 */
export interface Checkout {
  readonly buyerId: number
  readonly key: string
  readonly roomId: number | null
  /** One of the buyer's own addresses; it is copied into every order as it stands. */
  readonly addressId: number
  readonly lines: readonly CheckoutLine[]
  /** Coupons of the buyer, at most one a shop; each takes its sum off the order of its shop. */
  readonly couponIds?: readonly number[]
}

/**
 * One shop's part of a placed checkout. `totalFen` is to be paid, `discountFen` is what a coupon has taken off it. Unpaid after `expiresAt`
 * (ISO 8601, UTC) it gives its packs and its coupon back.
 */
export interface PlacedOrder {
  readonly shopId: number
  readonly orderId: number
  readonly totalFen: number
  readonly discountFen: number
  readonly expiresAt: string
}

/** Why a coupon was refused; the SQL of place_orders says which is when. */
export type CouponRefusal = 'coupon_unknown' | 'coupon_used' | 'coupon_expired' | 'coupon_not_fitting' | 'coupon_twice'

/** The answer to a checkout. `lineIndex` counts the checkout's own lines from 0. */
export type CheckoutOutcome =
  | { readonly kind: 'accepted' | 'replayed'; readonly orders: readonly PlacedOrder[] }
  | { readonly kind: 'key_reused' | 'unknown_address' }
  | { readonly kind: 'unknown_sku' | 'not_on_sale'; readonly lineIndex: number }
  | { readonly kind: 'price_changed'; readonly lineIndex: number; readonly priceFen: number }
  | { readonly kind: 'over_limit' | 'sold_out'; readonly lineIndex: number; readonly packsLeft: number }
  | { readonly kind: CouponRefusal; readonly couponId: number }
  | { readonly kind: 'coupon_below_minimum'; readonly couponId: number; readonly fromFen: number }

/** How long packs are held for an unpaid order, in milliseconds: shorter in a room, where others are waiting for them. */
export const holdMs = { shop: 15 * 60_000, room: 5 * 60_000 } as const

/** The goods of a checkout and its coupons in one spelling: two checkouts buy the same if and only if their texts are equal. */
export function goodsOf(lines: readonly CheckoutLine[], couponIds: readonly number[] = []): string {
  if (couponIds.length > 0)
    return `${goodsOf(lines)};${couponIds
      .toSorted((a, b) => a - b)
      .map((id) => `c${id}`)
      .join(';')}`
  const only = lines[0]
  if (only !== undefined && lines.length === 1) return `${only.shopId}/${only.skuId}*${only.qty}`
  const packs = new Map<string, number>()
  for (const line of lines) {
    const sku = `${line.shopId}/${line.skuId}`
    packs.set(sku, (packs.get(sku) ?? 0) + line.qty)
  }
  return [...packs]
    .map(([sku, qty]) => `${sku}*${qty}`)
    .sort()
    .join(';')
}
