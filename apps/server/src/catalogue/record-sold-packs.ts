import type { Queryable } from '../platform/database.ts'

/** Packs of a SKU by which its sold ones grew (or shrank, when an order was taken back). */
export interface SoldPacks {
  readonly skuId: number
  readonly packs: number
}

/** Adds to the sold packs that lists show and sort by, inside the transaction that counts them. */
export async function recordSoldPacks(tx: Queryable, changes: readonly SoldPacks[]): Promise<void> {
  await tx.query(
    `with change as (
       select k.shop_id, k.id, c.packs from unnest($1::bigint[], $2::bigint[]) c(id, packs) join skus k on k.id = c.id
       order by k.id for no key update of k
     )
     update skus set sold_packs = sold_packs + change.packs from change
     where skus.shop_id = change.shop_id and skus.id = change.id`,
    [changes.map(({ skuId }) => skuId), changes.map(({ packs }) => packs)],
  )
}
