import type { StockLevel } from '@chunbo/contract'
import type { OrderQueue } from '@chunbo/order-batch'
import type { Identity } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { OrderMeters } from './order-metrics.ts'

export interface OrdersContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly queue: OrderQueue
  readonly meters: OrderMeters
  /** Whether there is such a room; remembered once it was found. */
  knowsRoom(roomId: number, buyerId: number): Promise<boolean> | true
  /** Tells who listens what is left in stock, after the commit. */
  tellStock(levels: readonly StockLevel[]): void
}
