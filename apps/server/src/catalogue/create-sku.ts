import type { SkuInput } from '@chunbo/contract'
import { type Database, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { settle } from './constraint.ts'
import { lockShop } from './create-lot.ts'
import { keepVersions, lockLot, placePictures } from './listing.ts'
import { SHOP_SKUS_MAX } from './sku.ts'

/** The refusal for more packs than the lot has grams for. */
export async function refuseGrams(db: Queryable, shopId: number, lotId: number): Promise<Refusal> {
  const rows = await db.query<{ freeG: number }>(
    'select grams - allocated_g as "freeG" from lots where shop_id = $1 and id = $2',
    [shopId, lotId],
  )
  const { freeG } = one(rows)
  return new Refusal('catalogue.lot_grams_exceeded', { freeG })
}

async function insertSku(tx: Queryable, shopId: number, input: SkuInput, at: Date): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `with k as (
       insert into skus (shop_id, lot_id, title_zh, title_en, pack_zh, pack_en, story_zh, story_en, net_g, published_at,
         created_at, updated_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10
       where (select count(*) from skus where shop_id = $1) < $14
       returning id
     ), t as (
       insert into sku_stock (shop_id, sku_id, price_fen, net_g, buyer_limit, put_in, stock)
       select $1, id, $11, $9, $12, $13, $13 from k
     ), l as (
       update lots set allocated_g = allocated_g + $13::bigint * $9::bigint from k where lots.shop_id = $1 and lots.id = $2
     )
     select id from k`,
    [
      shopId,
      input.lotId,
      input.titleZh,
      input.titleEn,
      input.packZh,
      input.packEn,
      input.storyZh,
      input.storyEn,
      input.netG,
      at,
      input.priceFen,
      input.buyerLimit,
      input.stock,
      SHOP_SKUS_MAX,
    ],
  )
  if (rows.length === 0) throw new Refusal('catalogue.too_many_skus', { max: SHOP_SKUS_MAX })
  return one(rows).id
}

/**
 * Begins a draft SKU of a lot, in the caller's transaction: its packs are taken from the lot's grams at once. Gives its id.
 * `knownPictures` are those that the caller vouches for, whoever uploaded them.
 * @throws Refusal catalogue.lot_not_found, catalogue.picture_unknown and others
 */
export async function addSku(
  tx: Queryable,
  shopId: number,
  input: SkuInput,
  actorId: number,
  at: Date,
  knownPictures: readonly string[] = [],
): Promise<number> {
  await lockShop(tx, shopId)
  await lockLot(tx, shopId, input.lotId)
  const skuId = await insertSku(tx, shopId, input, at)
  await placePictures(tx, { shopId, skuId }, input.pictureIds, actorId, knownPictures)
  await keepVersions(tx, shopId, [skuId], at)
  return skuId
}

/**
 * Begins a draft SKU of a lot in a transaction of its own.
 * @throws Refusal catalogue.lot_not_found, catalogue.lot_grams_exceeded, catalogue.picture_unknown and others
 */
export function createSku(db: Database, shopId: number, input: SkuInput, actorId: number, at: Date): Promise<number> {
  return settle(
    db.transaction((tx) => addSku(tx, shopId, input, actorId, at)),
    { lots_allocated_within_grams: () => refuseGrams(db, shopId, input.lotId) },
  )
}
