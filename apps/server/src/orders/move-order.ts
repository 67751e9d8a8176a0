import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { type DeliveryStep, statusBefore } from './order-state.ts'

export interface OrderMove {
  readonly shopId: number
  readonly orderId: number
  readonly to: DeliveryStep
  readonly at: Date
  /** Only an order of this buyer, when told. */
  readonly buyerId?: number
}

/**
 * Takes an order one step on its way, inside the caller's transaction.
 * @throws Refusal orders.not_found, orders.wrong_status when it is not in the state before.
 */
export async function moveOrder(tx: Queryable, move: OrderMove): Promise<void> {
  const { shopId, orderId, to, at, buyerId = null } = move
  const column = to === 'shipped' ? 'shipped_at' : 'received_at'
  const moved = await tx.query(
    `update orders set status = $3, ${column} = $4
     where shop_id = $1 and id = $2 and status = $5 and ($6::bigint is null or buyer_id = $6) returning id`,
    [shopId, orderId, to, at, statusBefore(to), buyerId],
  )
  if (moved.length === 1) return
  const known = await tx.query(
    'select id from orders where shop_id = $1 and id = $2 and ($3::bigint is null or buyer_id = $3)',
    [shopId, orderId, buyerId],
  )
  throw new Refusal(known.length === 0 ? 'orders.not_found' : 'orders.wrong_status')
}
