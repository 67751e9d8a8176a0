import { one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { changeSku } from './edit-sku.ts'
import { lockLotOfSku } from './listing.ts'

/** The days whose lowest price is what a reduction may be measured by (规范促销行为暂行规定 art. 19-20). */
const WAS_PRICE_DAYS = 7

/** A price that holds for a while. Prices in fen. */
export interface PriceWindow {
  readonly shopId: number
  readonly skuId: number
  readonly priceFen: number
  /** The lowest price at which it was on sale in the days before: what may be struck through. Never below `priceFen`. */
  readonly wasFen: number
  /** The price before, to which it goes back. */
  readonly backFen: number
  /** The version of the listing that began it. */
  readonly version: number
}

interface Priced {
  readonly version: number
  readonly priceFen: number
  readonly lowestFen: number | null
}

const NOW = `select k.version, t.price_fen as "priceFen", (
    select min((v.listing ->> 'priceFen')::int) from sku_versions v
    where v.shop_id = $1 and v.sku_id = $2 and v.listing ->> 'status' = 'on_sale'
      and (v.created_at > $3 or v.version = (
        select max(b.version) from sku_versions b where b.shop_id = $1 and b.sku_id = $2 and b.created_at <= $3))
  ) as "lowestFen"
  from skus k join sku_stock t on t.shop_id = k.shop_id and t.sku_id = k.id where k.shop_id = $1 and k.id = $2`

/** In the sequence in which locks are taken; editing then finds both taken. */
async function lockShopAndLot(tx: Queryable, shopId: number, skuId: number): Promise<void> {
  await tx.query('select 1 from shops where id = $1 for share', [shopId])
  await lockLotOfSku(tx, shopId, skuId)
}

/**
 * Gives a SKU a lower price, as a new version, in the caller's transaction. Locks its lot, so whoever looks for windows of the SKU in a later
 * statement sees all that were opened before. @throws Refusal catalogue.sku_not_found, catalogue.price_not_lower
 */
export async function openPriceWindow(
  tx: Queryable,
  sku: { readonly shopId: number; readonly skuId: number; readonly priceFen: number },
  actorId: number,
  at: Date,
): Promise<PriceWindow> {
  const { shopId, skuId, priceFen } = sku
  await lockShopAndLot(tx, shopId, skuId)
  const since = new Date(at.getTime() - WAS_PRICE_DAYS * 86_400_000)
  const now = one(await tx.query<Priced>(NOW, [shopId, skuId, since]))
  if (priceFen >= now.priceFen) throw new Refusal('catalogue.price_not_lower', { priceFen: now.priceFen })
  await changeSku(tx, { shopId, skuId }, { version: now.version, priceFen }, actorId, at)
  const wasFen = Math.max(priceFen, Math.min(now.priceFen, now.lowestFen ?? now.priceFen))
  return { shopId, skuId, priceFen, wasFen, backFen: now.priceFen, version: now.version + 1 }
}

/**
 * Gives a SKU the price before the window back, as a new version, in the caller's transaction. A price that was changed by hand meanwhile
 * stays: any version since with another price says so. Answers whether it went back. The caller sees to it that it is done once.
 */
export async function closePriceWindow(
  tx: Queryable,
  window: PriceWindow,
  actorId: number,
  at: Date,
): Promise<boolean> {
  const { shopId, skuId, priceFen, backFen } = window
  await lockShopAndLot(tx, shopId, skuId)
  const now = one(
    await tx.query<{ version: number; touched: boolean }>(
      `select k.version, t.price_fen <> $4 or exists (
         select from sku_versions v where v.shop_id = $1 and v.sku_id = $2 and v.version > $3 and (v.listing ->> 'priceFen')::int <> $4
       ) as touched
       from skus k join sku_stock t on t.shop_id = k.shop_id and t.sku_id = k.id where k.shop_id = $1 and k.id = $2`,
      [shopId, skuId, window.version, priceFen],
    ),
  )
  if (now.touched) return false
  await changeSku(tx, { shopId, skuId }, { version: now.version, priceFen: backFen }, actorId, at)
  return true
}
