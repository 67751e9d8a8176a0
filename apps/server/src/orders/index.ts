import type { ClaimedCoupon, StockLevel } from '@chunbo/contract'
import { type BatchAnswer, createOrderQueue, type OrderQueue, placeBatchSql } from '@chunbo/order-batch'

import type { Identity } from '../identity/index.ts'
import { one } from '../platform/database.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { createClaimQueue } from './claim-queue.ts'
import { expireOrders } from './close-orders.ts'
import type { OrdersContext } from './context.ts'
import './errors.ts'
import { orderJobs } from './jobs.ts'
import { orderMeters } from './order-metrics.ts'
import { orderRoutes } from './routes.ts'

export { closeOffer, offerCoupons, readRemaining } from './coupon-offer.ts'
export { moveOrder } from './move-order.ts'
export { type OrderView, readOrder, readShopOrder } from './queries.ts'

/** Unpaid orders are looked for at this gap, so packs are back at most so long after their time. */
const EXPIRY_GAP_MS = 2000
/** Rooms remembered as existing; rooms are never deleted. */
const ROOMS_MAX = 10_000

/** The slice, and what the others ask of it. */
export interface Orders extends Slice {
  /** Hears of stock after each committed batch of orders and each return of packs, in this process. It must not throw. */
  onStockChange(listener: (levels: readonly StockLevel[]) => void): void
  /** Ends overdue unpaid orders now; gives how many. Runs by itself once the slice is started. */
  expireOrders(): Promise<number>
  /** Takes a coupon of a drop for a buyer; see claim-queue.ts. */
  claimCoupon(dropId: number, buyerId: number): Promise<ClaimedCoupon>
  /** Hears what remains of a drop's coupons after each commit, in this process. It must not throw. */
  onCouponsTaken(listener: (dropId: number, remaining: number) => void): void
}

export interface OrdersOptions {
  readonly identity: Identity
  /** Whether this buyer may order in this room. Asked again until it was once yes. */
  roomExists(roomId: number, buyerId: number): Promise<boolean>
}

export function createOrders(platform: Platform, options: OrdersOptions): Orders {
  const { db, clock, log, metrics } = platform
  const listeners: ((levels: readonly StockLevel[]) => void)[] = []
  const tellStock = (levels: readonly StockLevel[]) => {
    for (const listener of listeners) listener(levels)
  }
  const meters = orderMeters(metrics, () => queue.depth)
  const queue: OrderQueue = createOrderQueue({
    execute: async ({ values }) => one(await db.query<BatchAnswer>(placeBatchSql, values, 'place_orders')),
    now: () => clock.now(),
    onBatch: meters.onBatch,
    onStock: tellStock,
  })

  const couponListeners: ((dropId: number, remaining: number) => void)[] = []
  const claims = createClaimQueue(db, clock, (dropId, remaining) => {
    for (const listener of couponListeners) listener(dropId, remaining)
  })

  const rooms = new Set<number>()
  async function findRoom(roomId: number, buyerId: number): Promise<boolean> {
    if (!(await options.roomExists(roomId, buyerId))) return false
    if (rooms.size >= ROOMS_MAX) rooms.clear()
    rooms.add(roomId)
    return true
  }
  const context: OrdersContext = {
    platform,
    identity: options.identity,
    queue,
    meters,
    knowsRoom: (roomId, buyerId) => rooms.has(roomId) || findRoom(roomId, buyerId),
    tellStock,
  }

  let timer: NodeJS.Timeout | undefined
  let sweep: Promise<void> = Promise.resolve()
  function sweepLater(): void {
    timer = setTimeout(() => {
      sweep = expireOrders(context)
        .then(
          () => {},
          (error: unknown) => log.warn({ err: error }, 'unpaid orders could not be ended; tried again shortly'),
        )
        .finally(() => {
          if (timer !== undefined) sweepLater()
        })
    }, EXPIRY_GAP_MS)
  }
  return {
    name: 'orders',
    routes: orderRoutes(context),
    jobs: orderJobs(context),
    onStockChange: (listener) => {
      listeners.push(listener)
    },
    expireOrders: () => expireOrders(context),
    claimCoupon: (dropId, buyerId) => claims.claim(dropId, buyerId),
    onCouponsTaken: (listener) => {
      couponListeners.push(listener)
    },
    async start() {
      sweepLater()
    },
    async close() {
      clearTimeout(timer)
      timer = undefined
      await Promise.all([queue.drain(), claims.drain(), sweep])
    },
  }
}
