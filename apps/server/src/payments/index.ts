import type { Identity } from '../identity/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import './errors.ts'
import { paymentRoutes } from './routes.ts'

/** The slice. Orders are locked and moved by its SQL; nothing else asks it for anything yet. */
export function createPayments(platform: Platform, options: { identity: Identity }): Slice {
  return { name: 'payments', routes: paymentRoutes(platform, options.identity) }
}
