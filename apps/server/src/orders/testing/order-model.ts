import { type Checkout, type CheckoutOutcome, goodsOf } from '@chunbo/order-batch'
import { AT, type FloorCoupon, type FloorSku } from './shop-floor.ts'

/** What a SKU without a limit per buyer says. */
export const NO_LIMIT = 100_000

type Kind = CheckoutOutcome['kind']

/** What the model answers: the kind, and the fact that goes with it, if any. */
export interface ModelAnswer {
  readonly kind: Kind
  readonly lineIndex?: number
  readonly couponId?: number
  readonly fact?: number
}

const severity: readonly Kind[] = ['unknown_sku', 'not_on_sale', 'price_changed', 'over_limit', 'sold_out']

/** The rules of ordering at their simplest: one checkout after the other, in memory. Buyer n owns address n and no other. */
export class OrderModel {
  readonly stock = new Map<string, number>()
  private readonly skus = new Map<string, FloorSku>()
  private readonly taken = new Map<string, number>()
  private readonly bought = new Map<string, string>()
  private readonly coupons: ReadonlyMap<number, FloorCoupon>
  private readonly spent = new Set<number>()

  constructor(skus: readonly FloorSku[], coupons: readonly FloorCoupon[] = []) {
    this.coupons = new Map(coupons.map((coupon) => [coupon.couponId, coupon]))
    for (const sku of skus) {
      this.skus.set(`${sku.shopId}/${sku.skuId}`, sku)
      this.stock.set(`${sku.shopId}/${sku.skuId}`, sku.stock)
    }
  }

  place(checkout: Checkout): ModelAnswer {
    const keyId = `${checkout.buyerId} ${checkout.key.toLowerCase()}`
    const goods = goodsOf(checkout.lines, checkout.couponIds)
    const before = this.bought.get(keyId)
    if (before !== undefined) return { kind: before === goods ? 'replayed' : 'key_reused' }
    if (checkout.addressId !== checkout.buyerId) return { kind: 'unknown_address' }
    const found = this.refusals(checkout)
    for (const kind of severity) {
      const first = found.find((refusal) => refusal.kind === kind)
      if (first) return first
    }
    const refused = this.couponRefusal(checkout)
    if (refused) return refused
    for (const id of checkout.couponIds ?? []) this.spent.add(id)
    for (const line of checkout.lines) {
      const sku = `${line.shopId}/${line.skuId}`
      this.stock.set(sku, (this.stock.get(sku) ?? 0) - line.qty)
      const quota = `${sku} ${checkout.buyerId}`
      this.taken.set(quota, (this.taken.get(quota) ?? 0) + line.qty)
    }
    this.bought.set(keyId, goods)
    return { kind: 'accepted' }
  }

  /** What the coupons of a checkout are refused for; the first that is. */
  private couponRefusal({ buyerId, couponIds = [], lines }: Checkout): ModelAnswer | null {
    const shops = new Set<number>()
    for (const couponId of couponIds) {
      const coupon = this.coupons.get(couponId)
      if (coupon?.buyerId !== buyerId) return { kind: 'coupon_unknown', couponId }
      if (this.spent.has(couponId)) return { kind: 'coupon_used', couponId }
      if (coupon.validUntil && coupon.validUntil <= AT) return { kind: 'coupon_expired', couponId }
      const ofShop = lines.filter(({ shopId }) => shopId === coupon.shopId)
      if (ofShop.length === 0) return { kind: 'coupon_not_fitting', couponId }
      if (shops.has(coupon.shopId)) return { kind: 'coupon_twice', couponId }
      shops.add(coupon.shopId)
      const goodsFen = ofShop.reduce((sum, { qty, expectedPriceFen }) => sum + qty * expectedPriceFen, 0)
      if (goodsFen < coupon.fromFen) return { kind: 'coupon_below_minimum', couponId, fact: coupon.fromFen }
    }
    return null
  }

  private refusals(checkout: Checkout): ModelAnswer[] {
    const wanted = new Map<string, number>()
    for (const line of checkout.lines) {
      const key = `${line.shopId}/${line.skuId}`
      wanted.set(key, (wanted.get(key) ?? 0) + line.qty)
    }
    return checkout.lines.flatMap((line, lineIndex): ModelAnswer[] => {
      const key = `${line.shopId}/${line.skuId}`
      const sku = this.skus.get(key)
      if (!sku) return [{ kind: 'unknown_sku', lineIndex }]
      if (!sku.onSale) return [{ kind: 'not_on_sale', lineIndex }]
      if (sku.priceFen !== line.expectedPriceFen) return [{ kind: 'price_changed', lineIndex, fact: sku.priceFen }]
      const taken = this.taken.get(`${key} ${checkout.buyerId}`) ?? 0
      const stock = this.stock.get(key) ?? 0
      const qty = wanted.get(key) ?? 0
      if (sku.buyerLimit < NO_LIMIT && taken + qty > sku.buyerLimit)
        return [{ kind: 'over_limit', lineIndex, fact: Math.max(sku.buyerLimit - taken, 0) }]
      return qty > stock ? [{ kind: 'sold_out', lineIndex, fact: stock }] : []
    })
  }
}
