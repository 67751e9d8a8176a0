import type { Shop } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { Queryable } from '../platform/database.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { OnClosing } from './edit-shop.ts'
import './errors.ts'
import { openShop } from './open-shop.ts'
import { readShop } from './queries.ts'
import { type ShopsContext, shopRoutes } from './routes.ts'

export type { OnClosing } from './edit-shop.ts'

/** The slice, and what the others ask of it. */
export interface Shops extends Slice {
  /** Opens a shop without asking who; for the demo world and for tests. Gives its id. @throws Refusal shops.county_unknown */
  open(input: Parameters<typeof openShop>[1]): Promise<number>
  /** The same in the caller's transaction. @throws Refusal shops.county_unknown */
  openIn(tx: Queryable, input: Parameters<typeof openShop>[1]): Promise<number>
  /** A shop, open or closed. @throws Refusal shops.not_found */
  read(shopId: number): Promise<Shop>
  /** Says what closing a shop does to its goods; one slice may. */
  onClosing(work: OnClosing): void
}

export function createShops(platform: Platform, identity: Identity): Shops {
  const context: ShopsContext = { platform, identity }
  return {
    name: 'shops',
    routes: shopRoutes(context),
    open: (input) => openShop(platform.db, input, platform.clock.now()),
    openIn: (tx, input) => openShop(tx, input, platform.clock.now()),
    read: (shopId) => readShop(platform.db, shopId),
    onClosing: (work) => {
      context.onClosing = work
    },
  }
}
