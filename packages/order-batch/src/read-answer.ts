import type { CheckoutOutcome, CouponRefusal, PlacedOrder } from './checkout.ts'
import type { PackedBatch } from './pack-batch.ts'

/** The one row that the statement of a batch answers. Arrays are comma-separated; null stands for "all accepted". */
export interface BatchAnswer {
  readonly outcomes: string | null
  readonly refused_lines: string | null
  readonly details: string | null
  readonly same_as: string | null
  readonly order_ids: string
  readonly replays: readonly ReplayedOrder[] | null
  readonly changed_skus: string | null
  readonly stock_left: string | null
  /** What coupons take off each order, in fen; null when no checkout came with one. */
  readonly discounts: string | null
  /** Bytes of the database's log when the batch held its locks. */
  readonly log_position: string
}

/** An order that a key had bought before the batch came. `checkout` counts from 1. */
export interface ReplayedOrder {
  readonly checkout: number
  readonly shopId: number
  readonly orderId: number
  readonly totalFen: number
  readonly discountFen: number
  readonly expiresAt: string
}

const couponRefusals: ReadonlyMap<number, CouponRefusal> = new Map([
  [10, 'coupon_unknown'],
  [11, 'coupon_used'],
  [12, 'coupon_expired'],
  [14, 'coupon_not_fitting'],
  [15, 'coupon_twice'],
])

const numbersOf = (text: string | null): number[] => (text === null ? [] : text.split(',').map(Number))

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the answer to a batch is shorter than the batch')
  return value
}

/** What is left of a SKU, in packs. */
export interface StockLeft {
  readonly shopId: number
  readonly skuId: number
  readonly stock: number
}

/** The SKUs that the batch has sold of, with what is left. */
export function readStockLeft(batch: PackedBatch, answer: BatchAnswer): StockLeft[] {
  const left = numbersOf(answer.stock_left)
  return numbersOf(answer.changed_skus).map((sku, index) => {
    const { shopId, skuId } = must(batch.skus[sku - 1])
    return { shopId, skuId, stock: must(left[index]) }
  })
}

/** Reads the answer to a batch: one outcome for each checkout, in the order in which they were packed. */
export function readAnswer(batch: PackedBatch, answer: BatchAnswer): CheckoutOutcome[] {
  const outcomes = numbersOf(answer.outcomes)
  const refusedLines = numbersOf(answer.refused_lines)
  const details = numbersOf(answer.details)
  const sameAs = numbersOf(answer.same_as)
  const orderIds = numbersOf(answer.order_ids)
  const discounts = answer.discounts === null ? null : numbersOf(answer.discounts)

  const placed = (checkout: number): PlacedOrder[] => {
    const first = must(batch.firstOrder[checkout])
    return batch.orders.slice(first, must(batch.firstOrder[checkout + 1])).map((order, at) => {
      const discountFen = discounts === null ? 0 : must(discounts[first + at])
      return {
        shopId: order.shopId,
        orderId: must(orderIds[first + at]),
        totalFen: order.totalFen - discountFen,
        discountFen,
        expiresAt: order.expiresAt,
      }
    })
  }
  const replayed = (checkout: number): PlacedOrder[] => {
    const holder = must(sameAs[checkout])
    if (holder > 0) return placed(holder - 1)
    return (answer.replays ?? [])
      .filter((order) => order.checkout === checkout + 1)
      .map(({ shopId, orderId, totalFen, discountFen, expiresAt }) => ({
        shopId,
        orderId,
        totalFen,
        discountFen,
        expiresAt: new Date(expiresAt).toISOString(),
      }))
  }
  const outcomeOf = (checkout: number): CheckoutOutcome => {
    const code = answer.outcomes === null ? 1 : must(outcomes[checkout])
    if (code === 1) return { kind: 'accepted', orders: placed(checkout) }
    if (code === 2) return { kind: 'replayed', orders: replayed(checkout) }
    if (code === 3) return { kind: 'key_reused' }
    if (code === 4) return { kind: 'unknown_address' }
    const detail = must(details[checkout])
    if (code >= 10) {
      const couponId = must(batch.couponIds[must(refusedLines[checkout]) - 1])
      const kind = couponRefusals.get(code)
      if (kind !== undefined) return { kind, couponId }
      if (code === 13) return { kind: 'coupon_below_minimum', couponId, fromFen: detail }
      throw new Error(`place_orders answered an unknown outcome ${code}`)
    }
    const lineIndex = must(batch.lineIndex[must(refusedLines[checkout]) - 1])
    if (code === 5) return { kind: 'unknown_sku', lineIndex }
    if (code === 6) return { kind: 'not_on_sale', lineIndex }
    if (code === 7) return { kind: 'price_changed', lineIndex, priceFen: detail }
    if (code === 8) return { kind: 'over_limit', lineIndex, packsLeft: detail }
    if (code === 9) return { kind: 'sold_out', lineIndex, packsLeft: detail }
    throw new Error(`place_orders answered an unknown outcome ${code}`)
  }
  return Array.from({ length: batch.firstOrder.length - 1 }, (_, checkout) => outcomeOf(checkout))
}
