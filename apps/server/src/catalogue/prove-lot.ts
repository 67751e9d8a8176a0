import type { Grade } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { lockLot, lockSkus, renewVersions } from './listing.ts'

/**
 * Puts the grade that an inspector has signed on a lot, with its proof, or takes the proof away: the goods are ungraded
 * then and off sale, because an inspector's word no longer stands behind what buyers were shown. Every SKU of the lot gets a new version, since its listing shows it. Gives their ids.
 * @throws Refusal catalogue.lot_not_found
 */
export async function proveLot(
  tx: Queryable,
  { shopId, lotId }: { readonly shopId: number; readonly lotId: number },
  proof: { readonly grade: Grade; readonly at: Date; readonly certificate: string } | null,
  now: Date,
): Promise<number[]> {
  await lockLot(tx, shopId, lotId)
  await tx.query(
    `update lots set version = version + 1, grade = $3, inspected_at = $4, certificate = $5 where shop_id = $1 and id = $2`,
    [shopId, lotId, proof?.grade ?? 'ungraded', proof?.at ?? null, proof?.certificate ?? null],
  )
  const skus = await tx.query<{ id: number }>('select id from skus where shop_id = $1 and lot_id = $2', [shopId, lotId])
  const skuIds = skus.map(({ id }) => id)
  if (proof === null) {
    await lockSkus(tx, shopId, skuIds)
    await tx.query(`update skus set status = 'off' where shop_id = $1 and lot_id = $2 and status = 'on_sale'`, [
      shopId,
      lotId,
    ])
  }
  await renewVersions(tx, shopId, skuIds, now)
  return skuIds
}
