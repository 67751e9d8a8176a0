import type { LotInput, Picture, SkuCard, SkuEdit, SkuInput } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { Queryable } from '../platform/database.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { Shops } from '../shops/index.ts'
import { changeStock } from './change-stock.ts'
import { takeShopOffSale } from './close-shop.ts'
import type { CatalogueContext, SkuChange } from './context.ts'
import { createLot } from './create-lot.ts'
import { createSku } from './create-sku.ts'
import { editSku } from './edit-sku.ts'
import './errors.ts'
import { cataloguePages } from './pages.ts'
import { acceptUploads, pictureRoutes } from './picture-routes.ts'
import { loadProduce } from './produce.ts'
import { publicRoutes } from './public-routes.ts'
import { recordSoldPacks, type SoldPacks } from './record-sold-packs.ts'
import { findCards } from './sku-cards.ts'
import { createPictureStore } from './store-picture.ts'
import { studioRoutes } from './studio-routes.ts'

export type { SkuChange } from './context.ts'
export { loadProduce } from './produce.ts'
export { recordSoldPacks, type SoldPacks } from './record-sold-packs.ts'

/** The slice, and what the others ask of it. Commands here ask nobody for leave: the caller has. */
export interface Catalogue extends Slice {
  /** Cards of up to 100 SKUs in the order of the ids; drafts and unknown ids are left out. */
  findCards(skuIds: readonly number[]): Promise<SkuCard[]>
  /** Hears of SKUs that their shop has changed, after the commit, in this process. */
  onSkuChange(listener: (change: SkuChange) => void): void
  createLot(shopId: number, input: LotInput): Promise<number>
  createSku(shopId: number, input: SkuInput, actorId: number): Promise<number>
  editSku(shopId: number, skuId: number, edit: SkuEdit, actorId: number): Promise<void>
  changeStock(shopId: number, skuId: number, delta: number): Promise<number>
  /** Stores a picture like an upload of this user. */
  storePicture(userId: number, bytes: Uint8Array): Promise<Picture>
  /** Adds to the sold packs of SKUs inside the transaction that counts them. */
  recordSoldPacks(tx: Queryable, changes: readonly SoldPacks[]): Promise<void>
}

/** Loads the produce that has changed and builds the slice. */
export async function createCatalogue(
  platform: Platform,
  others: { identity: Identity; shops: Shops },
): Promise<Catalogue> {
  const { db, clock, app, storage, log } = platform
  await loadProduce(db)
  await acceptUploads(app)
  const listeners: ((change: SkuChange) => void)[] = []
  const context: CatalogueContext = {
    platform,
    identity: others.identity,
    pictures: createPictureStore(db, storage),
    tell(change) {
      if (change.skuIds.length === 0) return
      for (const listener of listeners) {
        // The change is made; a listener that fails must not make its author believe otherwise.
        try {
          listener(change)
        } catch (error) {
          log.error({ err: error }, 'a listener of SKU changes failed')
        }
      }
    },
  }
  others.shops.onClosing(async (tx, shopId, at) => {
    const skuIds = await takeShopOffSale(tx, shopId, at)
    return () => context.tell({ shopId, skuIds })
  })
  return {
    name: 'catalogue',
    routes: [...publicRoutes(context), ...studioRoutes(context), ...pictureRoutes(context)],
    pages: cataloguePages(db, others.shops),
    findCards: (skuIds) => findCards(db, skuIds),
    onSkuChange: (listener) => {
      listeners.push(listener)
    },
    createLot: (shopId, input) => createLot(db, shopId, input, clock.now()),
    createSku: (shopId, input, actorId) => createSku(db, shopId, input, actorId, clock.now()),
    async editSku(shopId, skuId, edit, actorId) {
      await editSku(db, { shopId, skuId }, edit, actorId, clock.now())
      context.tell({ shopId, skuIds: [skuId] })
    },
    async changeStock(shopId, skuId, delta) {
      const stock = await changeStock(db, shopId, skuId, delta)
      context.tell({ shopId, skuIds: [skuId] })
      return stock
    },
    storePicture: (userId, bytes) => context.pictures.store(userId, bytes, '', clock.now()),
    recordSoldPacks,
  }
}
