import type { OrderStatus } from '@chunbo/contract'

/**
 * The life of an order. held: packs are kept and payment is awaited; cancelled and expired gave them back. A paid order
 * goes on to the buyer. Every change is one conditional update from the state before, so of two at once one finds nothing.
 */
const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  held: ['paid', 'cancelled', 'expired'],
  paid: ['shipped'],
  shipped: ['received'],
  received: [],
  cancelled: [],
  expired: [],
}

/** Steps that an order takes after it is paid, with the column that remembers when. */
export type DeliveryStep = 'shipped' | 'received'

/** The state that an order must be in for a step. */
export function statusBefore(step: DeliveryStep): OrderStatus {
  const before = (Object.keys(NEXT) as OrderStatus[]).find((status) => NEXT[status].includes(step))
  if (before === undefined) throw new Error(`no state leads to ${step}`)
  return before
}
