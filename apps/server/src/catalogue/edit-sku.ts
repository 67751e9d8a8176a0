import type { SkuEdit } from '@chunbo/contract'
import { type Database, one, type Queryable } from '../platform/database.ts'
import { enforce, settle } from './constraint.ts'
import { refuseGrams } from './create-sku.ts'
import { keepVersions, lockLotOfSku, placePictures } from './listing.ts'
import { checkSkuEdit, type SkuState } from './sku.ts'

/** A shared lock on the shop: it can't be closed while one of its SKUs goes on sale. */
async function readShopOpen(tx: Queryable, shopId: number): Promise<boolean> {
  const rows = await tx.query<{ status: string }>('select status from shops where id = $1 for share', [shopId])
  return rows[0]?.status === 'open'
}

async function writeSku(tx: Queryable, shopId: number, skuId: number, edit: SkuEdit, at: Date): Promise<void> {
  await tx.query(
    `with k as (
       update skus set version = version + 1, updated_at = $3,
         published_at = case when status = 'draft' and $10 = 'on_sale' then $3 else published_at end,
         title_zh = coalesce($4, title_zh), title_en = coalesce($5, title_en), pack_zh = coalesce($6, pack_zh),
         pack_en = coalesce($7, pack_en), story_zh = coalesce($8, story_zh), story_en = coalesce($9, story_en),
         status = coalesce($10, status), net_g = coalesce($11, net_g)
       where shop_id = $1 and id = $2 returning version, status, net_g
     )
     update sku_stock t set version = k.version, on_sale = k.status = 'on_sale', net_g = k.net_g,
       price_fen = coalesce($12, price_fen), buyer_limit = coalesce($13, buyer_limit)
     from k where t.shop_id = $1 and t.sku_id = $2`,
    [
      shopId,
      skuId,
      at,
      edit.titleZh ?? null,
      edit.titleEn ?? null,
      edit.packZh ?? null,
      edit.packEn ?? null,
      edit.storyZh ?? null,
      edit.storyEn ?? null,
      edit.status ?? null,
      edit.netG ?? null,
      edit.priceFen ?? null,
      edit.buyerLimit ?? null,
    ],
  )
}

/** Changes a SKU in the caller's transaction. @throws Refusal as editSku */
export async function changeSku(
  tx: Queryable,
  sku: { readonly shopId: number; readonly skuId: number },
  edit: SkuEdit,
  actorId: number,
  at: Date,
): Promise<void> {
  const { shopId, skuId } = sku
  const shopOpen = await readShopOpen(tx, shopId)
  const lotId = await lockLotOfSku(tx, shopId, skuId)
  const now = one(
    await tx.query<SkuState & { putIn: number }>(
      `select k.version, k.status, k.net_g as "netG", t.put_in as "putIn"
       from skus k join sku_stock t on t.shop_id = k.shop_id and t.sku_id = k.id where k.shop_id = $1 and k.id = $2`,
      [shopId, skuId],
    ),
  )
  enforce(checkSkuEdit(now, edit, shopOpen))
  // A draft whose packs get another net weight takes other grams from the lot; put_in stands still under the lot's lock.
  const moreG = ((edit.netG ?? now.netG) - now.netG) * now.putIn
  if (moreG !== 0) {
    await tx.query('update lots set allocated_g = allocated_g + $3 where shop_id = $1 and id = $2', [
      shopId,
      lotId,
      moreG,
    ])
  }
  await writeSku(tx, shopId, skuId, edit, at)
  if (edit.pictureIds) await placePictures(tx, sku, edit.pictureIds, actorId)
  await keepVersions(tx, shopId, [skuId], at)
}

/**
 * Changes a SKU as the edit says and keeps the listing as a new version; every edit makes one, so that the version tells
 * two editors apart too. @throws Refusal catalogue.changed_meanwhile, catalogue.net_fixed and others
 */
export async function editSku(
  db: Database,
  sku: { readonly shopId: number; readonly skuId: number },
  edit: SkuEdit,
  actorId: number,
  at: Date,
): Promise<void> {
  await settle(
    db.transaction((tx) => changeSku(tx, sku, edit, actorId, at)),
    {
      lots_allocated_within_grams: async () => {
        const rows = await db.query<{ lotId: number }>(
          'select lot_id as "lotId" from skus where shop_id = $1 and id = $2',
          [sku.shopId, sku.skuId],
        )
        return refuseGrams(db, sku.shopId, one(rows).lotId)
      },
    },
  )
}
