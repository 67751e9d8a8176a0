import type { Coupon } from './coupons.ts'

/** What the coupon choice needs to know of a coupon. */
type Fitting = Pick<Coupon, 'couponId' | 'shopId' | 'offFen' | 'fromFen' | 'validUntil'>

/**
 * The best coupon of a shop for goods of `goodsFen` at a time (UTC in ms): the one that takes off most, of equals the one whose time is over
 * first, so that the others last. Null where none fits.
 */
export function bestCoupon<C extends Fitting>(
  coupons: readonly C[],
  shopId: number,
  goodsFen: number,
  atMs: number,
): C | null {
  let best: C | null = null
  for (const coupon of coupons) {
    if (coupon.shopId !== shopId || coupon.fromFen > goodsFen || Date.parse(coupon.validUntil) <= atMs) continue
    const more = best === null ? 1 : coupon.offFen - best.offFen
    const sooner = best !== null && Date.parse(coupon.validUntil) < Date.parse(best.validUntil)
    if (more > 0 || (more === 0 && sooner)) best = coupon
  }
  return best
}

/** The coupon of a shop that needs the least more goods to fit, and how much; null where none is left that does not fit yet. */
export function nearestCoupon<C extends Fitting>(
  coupons: readonly C[],
  shopId: number,
  goodsFen: number,
  atMs: number,
): { readonly coupon: C; readonly missingFen: number } | null {
  let nearest: C | null = null
  for (const coupon of coupons) {
    if (coupon.shopId !== shopId || coupon.fromFen <= goodsFen || Date.parse(coupon.validUntil) <= atMs) continue
    if (nearest === null || coupon.fromFen < nearest.fromFen) nearest = coupon
  }
  return nearest && { coupon: nearest, missingFen: nearest.fromFen - goodsFen }
}
