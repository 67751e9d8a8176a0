import type { Identity } from '../identity/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import './errors.ts'
import { parcelRoutes } from './routes.ts'

/** Parcels of paid orders: sent by the shop, received by the buyer. */
export function createParcels(platform: Platform, identity: Identity): Slice {
  return { name: 'parcels', routes: parcelRoutes(platform, identity) }
}
