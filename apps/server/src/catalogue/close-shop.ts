import type { Queryable } from '../platform/database.ts'
import { renewVersions } from './listing.ts'

/**
 * Takes everything of a shop off sale, inside the transaction that closes the shop and holds its lock. Gives the ids of the
 * SKUs that were on sale. They stay off when the shop opens again, until its people put them on sale.
 */
export async function takeShopOffSale(tx: Queryable, shopId: number, at: Date): Promise<number[]> {
  const rows = await tx.query<{ id: number; lotId: number }>(
    `select id, lot_id as "lotId" from skus where shop_id = $1 and status = 'on_sale'`,
    [shopId],
  )
  // Edits hold the lot before the SKU, so this does too.
  await tx.query('select 1 from lots where shop_id = $1 and id = any($2::bigint[]) order by id for no key update', [
    shopId,
    rows.map(({ lotId }) => lotId),
  ])
  const skuIds = rows.map(({ id }) => id)
  await tx.query(
    `update skus set status = 'off' where shop_id = $1 and id in (
       select id from skus where shop_id = $1 and id = any($2::bigint[]) order by id for no key update)`,
    [shopId, skuIds],
  )
  await renewVersions(tx, shopId, skuIds, at)
  return skuIds
}
