import { type Database, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { settle } from './constraint.ts'
import { refuseGrams } from './create-sku.ts'
import { lockLotOfSku } from './listing.ts'

/**
 * Puts `delta` packs into a SKU, or takes them away when negative. Relative, so that it may run beside orders: the checks of
 * sku_stock and lots keep stock at zero or more and packs within the lot's grams. Gives the packs in stock.
 * @throws Refusal catalogue.sku_not_found, catalogue.stock_below_zero, catalogue.lot_grams_exceeded, catalogue.too_many_packs
 */
export async function changeStock(db: Database, shopId: number, skuId: number, delta: number): Promise<number> {
  let lotId = 0
  const transaction = db.transaction(async (tx) => {
    lotId = await lockLotOfSku(tx, shopId, skuId)
    const rows = await tx.query<{ stock: number }>(
      `with t as (
         update sku_stock set put_in = put_in + $3, stock = stock + $3 where shop_id = $1 and sku_id = $2
         returning stock, net_g
       ), l as (
         update lots set allocated_g = allocated_g + $3::bigint * t.net_g from t where lots.shop_id = $1 and lots.id = $4
       )
       select stock from t`,
      [shopId, skuId, delta, lotId],
    )
    return one(rows).stock
  })
  const refuseStock = async () => {
    const rows = await db.query<{ stock: number }>('select stock from sku_stock where shop_id = $1 and sku_id = $2', [
      shopId,
      skuId,
    ])
    return new Refusal('catalogue.stock_below_zero', one(rows))
  }
  return settle(transaction, {
    sku_stock_not_negative: refuseStock,
    sku_stock_put_in_check: refuseStock,
    lots_allocated_within_grams: () => refuseGrams(db, shopId, lotId),
    overflow: () => new Refusal('catalogue.too_many_packs'),
  })
}
