import { moveOrder, type OrderView, readOrder } from '../orders/index.ts'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/**
 * The buyer says that a shipped order has come. Said twice it is no error. Gives the order.
 * @throws Refusal orders.not_found also for another buyer's order, orders.wrong_status before it was shipped
 */
export async function receiveOrder(
  db: Database,
  order: { readonly shopId: number; readonly orderId: number },
  buyerId: number,
  at: Date,
): Promise<OrderView> {
  const { shopId, orderId } = order
  try {
    await moveOrder(db, { shopId, orderId, to: 'received', at, buyerId })
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'orders.wrong_status')) throw error
    const now = await readOrder(db, shopId, orderId, buyerId)
    if (now.status !== 'received') throw error
  }
  return readOrder(db, shopId, orderId, buyerId)
}
