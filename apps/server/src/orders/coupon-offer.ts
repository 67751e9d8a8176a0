import type { Queryable } from '../platform/database.ts'

/** So many coupons of a shop, as a room offers them. Sums in fen. */
export interface CouponOffer {
  /** The drop that it is. */
  readonly dropId: number
  readonly shopId: number
  readonly offFen: number
  readonly fromFen: number
  readonly total: number
  readonly closesAt: Date
  readonly validUntil: Date
  readonly madeBy: number
  readonly madeAt: Date
}

/** Makes an offer in the caller's transaction; from its commit on coupons of it can be taken. */
export async function offerCoupons(tx: Queryable, offer: CouponOffer): Promise<void> {
  await tx.query(
    `insert into coupon_offers (id, shop_id, off_fen, from_fen, total, remaining, closes_at, valid_until, made_by, made_at)
     values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)`,
    [
      offer.dropId,
      offer.shopId,
      offer.offFen,
      offer.fromFen,
      offer.total,
      offer.closesAt,
      offer.validUntil,
      offer.madeBy,
      offer.madeAt,
    ],
  )
}

/** Ends an offer in the caller's transaction; coupons that were taken stay good. */
export async function closeOffer(tx: Queryable, dropId: number, at: Date): Promise<void> {
  await tx.query('update coupon_offers set closed_at = $2 where id = $1 and closed_at is null', [dropId, at])
}

/** What remains of these offers. */
export async function readRemaining(db: Queryable, dropIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.query<{ id: number; remaining: number }>(
    'select id, remaining from coupon_offers where id = any($1::bigint[])',
    [dropIds],
    'coupons-remaining',
  )
  return new Map(rows.map(({ id, remaining }) => [id, remaining]))
}
