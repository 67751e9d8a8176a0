import type { Queryable } from '../platform/database.ts'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/**
 * What every change of a lot or SKU is made of. The lot's lock comes first and is a statement of its own, so that the next
 * statement sees everything that was committed before it: whoever holds it may read, decide and write without a race.
 * Only orders do not take it; they change nothing but sku_stock.stock, and do that relatively.
 */

/** Locks a lot. @throws Refusal catalogue.lot_not_found */
export async function lockLot(tx: Queryable, shopId: number, lotId: number): Promise<void> {
  const rows = await tx.query('select id from lots where shop_id = $1 and id = $2 for no key update', [shopId, lotId])
  if (!first(rows)) throw new Refusal('catalogue.lot_not_found')
}

/** Locks the lot of a SKU, which never changes, and gives its id. @throws Refusal catalogue.sku_not_found */
export async function lockLotOfSku(tx: Queryable, shopId: number, skuId: number): Promise<number> {
  const lot = first(
    await tx.query<{ id: number }>(
      `select l.id from lots l join skus k on k.shop_id = l.shop_id and k.lot_id = l.id
       where k.shop_id = $1 and k.id = $2 for no key update of l`,
      [shopId, skuId],
    ),
  )
  if (!lot) throw new Refusal('catalogue.sku_not_found')
  return lot.id
}

/** Copies the listings of SKUs, as they stand, into the history. Once for each new version. */
export async function keepVersions(tx: Queryable, shopId: number, skuIds: readonly number[], at: Date): Promise<void> {
  await tx.query(
    `insert into sku_versions (shop_id, sku_id, version, listing, created_at)
     select shop_id, sku_id, version, listing, $3 from sku_listings where shop_id = $1 and sku_id = any($2::bigint[])`,
    [shopId, skuIds, at],
  )
}

/** Gives SKUs that were locked through their lot, or their shop, a new version, in the hot row too, and keeps it. */
export async function renewVersions(tx: Queryable, shopId: number, skuIds: readonly number[], at: Date): Promise<void> {
  if (skuIds.length === 0) return
  await lockSkus(tx, shopId, skuIds)
  await tx.query(
    `with s as (update skus set version = version + 1, updated_at = $3 where shop_id = $1 and id = any($2::bigint[])
                returning id, version, status)
     update sku_stock t set version = s.version, on_sale = s.status = 'on_sale' from s where t.shop_id = $1 and t.sku_id = s.id`,
    [shopId, skuIds, at],
  )
  await keepVersions(tx, shopId, skuIds, at)
}

/** Locks several SKUs and their hot rows in the order of their ids. */
export async function lockSkus(tx: Queryable, shopId: number, skuIds: readonly number[]): Promise<void> {
  await tx.query('select 1 from skus where shop_id = $1 and id = any($2::bigint[]) order by id for no key update', [
    shopId,
    skuIds,
  ])
  await tx.query(
    'select 1 from sku_stock where shop_id = $1 and sku_id = any($2::bigint[]) order by sku_id for no key update',
    [shopId, skuIds],
  )
}

/**
 * Puts these pictures, in this order, in the place of those a SKU has. They must be the actor's own uploads, be on some SKU of
 * the shop already or among `known`, for which the caller vouches. @throws Refusal catalogue.picture_unknown
 */
export async function placePictures(
  tx: Queryable,
  sku: { readonly shopId: number; readonly skuId: number },
  pictureIds: readonly string[],
  actorId: number,
  known: readonly string[] = [],
): Promise<void> {
  const ids = [...new Set(pictureIds.map((id) => id.toLowerCase()))]
  const allowed = await tx.query(
    `select p.id from pictures p where p.id = any($1::uuid[]) and (p.owner_user_id = $2 or p.id = any($4::uuid[]) or exists (
       select 1 from sku_pictures s where s.shop_id = $3 and s.picture_id = p.id))`,
    [ids, actorId, sku.shopId, known],
  )
  if (allowed.length !== ids.length) throw new Refusal('catalogue.picture_unknown')
  await tx.query('delete from sku_pictures where shop_id = $1 and sku_id = $2', [sku.shopId, sku.skuId])
  await tx.query(
    `insert into sku_pictures (shop_id, sku_id, position, picture_id)
     select $1, $2, i - 1, id from unnest($3::uuid[]) with ordinality u(id, i)`,
    [sku.shopId, sku.skuId, ids],
  )
}
