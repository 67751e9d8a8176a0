import { closeOffer, readRemaining } from '../orders/index.ts'
import { commonOf, type DropRow } from './drop.ts'
import type { DropKind } from './drop-kinds.ts'

/** What never changes of a drop of coupons. Sums in fen. */
export interface CouponDetail {
  readonly shopId: number
  readonly offFen: number
  readonly fromFen: number
  readonly total: number
  /** UTC in ms. */
  readonly validUntilMs: number
}

const couponDetailOf = (row: DropRow) => row.detail as unknown as CouponDetail

/** Coupons: the orders slice gives them out and takes them back; the drop ends the giving. What was taken stays good. */
export const couponKind: DropKind = {
  async describe(db, rows) {
    const left = await readRemaining(
      db,
      rows.map(({ id }) => id),
    )
    return rows.map((row) => ({
      ...commonOf(row),
      kind: 'coupon' as const,
      ...couponDetailOf(row),
      left: left.get(row.id) ?? 0,
    }))
  },
  async settle(_context, tx, row, at) {
    await closeOffer(tx, row.id, at)
  },
}
