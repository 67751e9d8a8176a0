import type { StockLevel } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { OrdersContext } from './context.ts'

interface OrderKey {
  readonly shopId: number
  readonly orderId: number
}

/** Tells what is in stock now of the SKUs of orders whose packs came back. */
async function tellReturned(context: OrdersContext, closed: readonly OrderKey[]): Promise<void> {
  if (closed.length === 0) return
  const levels = await context.platform.db.query<StockLevel>(
    `select s.shop_id as "shopId", s.sku_id as "skuId", s.stock from sku_stock s
     where (s.shop_id, s.sku_id) in (
       select l.shop_id, l.sku_id from unnest($1::bigint[], $2::bigint[]) w(shop_id, order_id)
       join order_lines l using (shop_id, order_id))`,
    [closed.map(({ shopId }) => shopId), closed.map(({ orderId }) => orderId)],
  )
  context.tellStock(levels)
}

/**
 * Cancels the held orders of a buyer's checkout; their packs return once. Gives how many there were.
 * @throws Refusal orders.not_found, orders.not_held when none of them is held any more.
 */
export async function cancelCheckout(context: OrdersContext, buyerId: number, checkoutId: string): Promise<number> {
  const { db, clock } = context.platform
  const orders = await db.query<OrderKey>(
    `select shop_id as "shopId", order_id as "orderId" from checkout_orders where buyer_id = $1 and checkout_id = $2`,
    [buyerId, checkoutId],
  )
  if (orders.length === 0) throw new Refusal('orders.not_found')
  const closed = await db.query<OrderKey>(
    `select shop_id as "shopId", order_id as "orderId" from close_held_orders($1, 'cancelled', $2, $3)`,
    [clock.now(), orders.map(({ shopId }) => shopId), orders.map(({ orderId }) => orderId)],
  )
  if (closed.length === 0) throw new Refusal('orders.not_held')
  await tellReturned(context, closed)
  return closed.length
}

/** Orders that one statement expires, at most. */
const EXPIRE_MAX = 500

/** Ends the orders whose time to pay is over and gives their packs back. Gives how many there were. */
export async function expireOrders(context: OrdersContext): Promise<number> {
  let expired = 0
  for (;;) {
    const closed = await context.platform.db.query<OrderKey>(
      `select shop_id as "shopId", order_id as "orderId" from expire_orders($1, $2)`,
      [context.platform.clock.now(), EXPIRE_MAX],
    )
    expired += closed.length
    await tellReturned(context, closed)
    if (closed.length < EXPIRE_MAX) return expired
  }
}
