import type { CheckoutInput, CheckoutResult } from '@chunbo/contract'
import { type CheckoutOutcome, type PlacedOrder, QueueBusy } from '@chunbo/order-batch'
import { Refusal } from '../platform/problem.ts'
import type { OrdersContext } from './context.ts'

const uuidPattern = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/

function resultOf(checkoutId: string, replayed: boolean, orders: readonly PlacedOrder[]): CheckoutResult {
  let totalFen = 0
  for (const order of orders) totalFen += order.totalFen
  return {
    checkoutId,
    replayed,
    totalFen,
    expiresAt: orders[0]?.expiresAt ?? '',
    orders: orders.map(({ orderId, shopId, totalFen, discountFen }) => ({ orderId, shopId, totalFen, discountFen })),
  }
}

function refusalOf(outcome: CheckoutOutcome, input: CheckoutInput): Refusal {
  if (outcome.kind === 'key_reused') return new Refusal('orders.idempotency_key_reused')
  if (outcome.kind === 'unknown_address') return new Refusal('orders.unknown_address', { addressId: input.addressId })
  if ('couponId' in outcome) {
    const { kind, ...params } = outcome
    return new Refusal(`orders.${kind}`, params)
  }
  const { kind, ...facts } = outcome as Exclude<CheckoutOutcome, { orders: unknown }> & { lineIndex: number }
  const line = input.lines[facts.lineIndex]
  return new Refusal(`orders.${kind}`, { ...facts, ...(line ? { shopId: line.shopId, skuId: line.skuId } : {}) })
}

/**
 * Places what a buyer wants, wholly or not at all, once for each key.
 * @throws Refusal orders.* with the line or the coupon it fails for; orders.busy (503, Retry-After) when too many are waiting.
 */
export async function placeCheckout(
  context: OrdersContext,
  buyerId: number,
  idempotencyKey: unknown,
  input: CheckoutInput,
): Promise<CheckoutResult> {
  if (typeof idempotencyKey !== 'string' || !uuidPattern.test(idempotencyKey)) {
    throw new Refusal('orders.idempotency_key_needed')
  }
  const { roomId = null, addressId, lines, couponIds = [] } = input
  if (roomId !== null && !(await context.knowsRoom(roomId, buyerId)))
    throw new Refusal('orders.unknown_room', { roomId })
  const key = idempotencyKey.toLowerCase()
  let outcome: CheckoutOutcome
  try {
    outcome = await context.queue.place({ buyerId, key, roomId, addressId, lines, couponIds })
  } catch (error) {
    if (!(error instanceof QueueBusy)) throw error
    context.meters.decided('busy')
    const code = error.reason === 'full' ? 'orders.busy' : 'server.closing'
    throw new Refusal(code, {}, { retryAfterS: error.retryAfterS })
  }
  context.meters.decided(outcome.kind)
  if (outcome.kind === 'accepted' || outcome.kind === 'replayed') {
    return resultOf(key, outcome.kind === 'replayed', outcome.orders)
  }
  throw refusalOf(outcome, input)
}
