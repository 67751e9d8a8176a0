import type { Identity } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { PictureStore } from './store-picture.ts'

/** SKUs whose listing, state or stock was changed by their shop; orders are not told here. */
export interface SkuChange {
  readonly shopId: number
  readonly skuIds: readonly number[]
}

/** What the routes of the slice work with. */
export interface CatalogueContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly pictures: PictureStore
  /** Tells the listeners, after the commit. */
  tell(change: SkuChange): void
}
