import type { Grade, LotInput, Picture, SkuCard, SkuEdit, SkuInput } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { Queryable } from '../platform/database.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { Shops } from '../shops/index.ts'
import { changeStock } from './change-stock.ts'
import { takeShopOffSale } from './close-shop.ts'
import type { CatalogueContext, SkuChange } from './context.ts'
import { addLot, createLot } from './create-lot.ts'
import { addSku, createSku } from './create-sku.ts'
import { changeSku, editSku } from './edit-sku.ts'
import './errors.ts'
import { cataloguePages } from './pages.ts'
import { pictureRoutes } from './picture-routes.ts'
import { closePriceWindow, openPriceWindow, type PriceWindow } from './price-window.ts'
import { loadProduce } from './produce.ts'
import { proveLot } from './prove-lot.ts'
import { publicRoutes } from './public-routes.ts'
import { recordSoldPacks, type SoldPacks } from './record-sold-packs.ts'
import { findCards } from './sku-cards.ts'
import { createPictureStore, pictureKey } from './store-picture.ts'
import { studioRoutes } from './studio-routes.ts'

export type { SkuChange } from './context.ts'
export { PICTURE_BYTES_MAX } from './picture.ts'
export { readUpload } from './picture-routes.ts'
export type { PriceWindow } from './price-window.ts'
export { loadProduce } from './produce.ts'
export { recordSoldPacks, type SoldPacks } from './record-sold-packs.ts'

/** A lot with its SKUs, and the pictures that the caller vouches for, whoever uploaded them. Masses in grams. */
export interface LotListing {
  readonly lot: LotInput
  readonly gramsMax: number
  readonly skus: readonly Omit<SkuInput, 'lotId'>[]
  readonly knownPictures: readonly string[]
}

/** The slice, and what the others ask of it. Commands here ask nobody for leave: the caller has. */
export interface Catalogue extends Slice {
  /** Cards of up to 100 SKUs in the order of the ids; drafts and unknown ids are left out. */
  findCards(skuIds: readonly number[]): Promise<SkuCard[]>
  /** Hears of SKUs that their shop has changed, after the commit, in this process. */
  onSkuChange(listener: (change: SkuChange) => void): void
  createLot(shopId: number, input: LotInput): Promise<number>
  /**
   * Makes a lot with its SKUs and puts them on sale, in the caller's transaction; after its commit the caller calls what this
   * gives as `tell`. The lot can never have more than `gramsMax`. @throws Refusal of createLot, createSku and editSku
   */
  listLot(
    tx: Queryable,
    shopId: number,
    listing: LotListing,
    actorId: number,
  ): Promise<{ lotId: number; skuIds: number[]; tell: () => void }>
  /**
   * Puts a signed grade with its proof on a lot and into its listings, in the caller's transaction; null takes the proof away and the goods off sale. After
   * the commit the caller calls what this gives. Locks the lot. @throws Refusal catalogue.lot_not_found
   */
  proveLot(
    tx: Queryable,
    lot: { readonly shopId: number; readonly lotId: number },
    proof: { readonly grade: Grade; readonly at: Date; readonly certificate: string } | null,
  ): Promise<() => void>
  createSku(shopId: number, input: SkuInput, actorId: number): Promise<number>
  editSku(shopId: number, skuId: number, edit: SkuEdit, actorId: number): Promise<void>
  changeStock(shopId: number, skuId: number, delta: number): Promise<number>
  /**
   * Gives a SKU a lower price in the caller's transaction, until closePriceWindow gives the price before back; see price-window.ts. After the
   * commit the caller calls `tell`. @throws Refusal catalogue.sku_not_found, catalogue.price_not_lower
   */
  openPriceWindow(
    tx: Queryable,
    sku: { readonly shopId: number; readonly skuId: number; readonly priceFen: number },
    actorId: number,
  ): Promise<{ window: PriceWindow; tell: () => void }>
  /** Ends a price window in the caller's transaction; a price that was changed by hand meanwhile stays. After the commit call what this gives. */
  closePriceWindow(tx: Queryable, window: PriceWindow, actorId: number): Promise<() => void>
  /** Stores a picture like an upload of this user. */
  storePicture(userId: number, bytes: Uint8Array): Promise<Picture>
  /** Stores a picture of somebody without an account; limits, and removing what is not needed, are the caller's business. */
  storeStrangersPicture(bytes: Uint8Array, declaredType: string): Promise<Picture>
  /** WebP bytes of a picture at its width of 800, or null. */
  readPicture(id: string): Promise<Buffer | null>
  /** Removes a picture that nothing refers to. */
  removePicture(id: string): Promise<void>
  /** Adds to the sold packs of SKUs inside the transaction that counts them. */
  recordSoldPacks(tx: Queryable, changes: readonly SoldPacks[]): Promise<void>
}

/** Loads the produce that has changed and builds the slice. */
export async function createCatalogue(
  platform: Platform,
  others: { identity: Identity; shops: Shops },
): Promise<Catalogue> {
  const { db, clock, storage, log } = platform
  await loadProduce(db)
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
    async listLot(tx, shopId, listing, actorId) {
      const now = clock.now()
      const lotId = await addLot(tx, shopId, listing.lot, now, listing.gramsMax)
      const skuIds: number[] = []
      for (const sku of listing.skus) {
        const skuId = await addSku(tx, shopId, { ...sku, lotId }, actorId, now, listing.knownPictures)
        await changeSku(tx, { shopId, skuId }, { version: 1, status: 'on_sale' }, actorId, now)
        skuIds.push(skuId)
      }
      return { lotId, skuIds, tell: () => context.tell({ shopId, skuIds }) }
    },
    async proveLot(tx, lot, proof) {
      const skuIds = await proveLot(tx, lot, proof, clock.now())
      return () => context.tell({ shopId: lot.shopId, skuIds })
    },
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
    async openPriceWindow(tx, sku, actorId) {
      const window = await openPriceWindow(tx, sku, actorId, clock.now())
      return { window, tell: () => context.tell({ shopId: sku.shopId, skuIds: [sku.skuId] }) }
    },
    async closePriceWindow(tx, window, actorId) {
      const changed = await closePriceWindow(tx, window, actorId, clock.now())
      return () => (changed ? context.tell({ shopId: window.shopId, skuIds: [window.skuId] }) : undefined)
    },
    storePicture: (userId, bytes) => context.pictures.store(userId, bytes, '', clock.now()),
    storeStrangersPicture: (bytes, type) => context.pictures.storeStrangers(bytes, type, clock.now()),
    readPicture: (id) => platform.storage.read(pictureKey(id, 800)),
    removePicture: (id) => context.pictures.remove(id),
    recordSoldPacks,
  }
}
