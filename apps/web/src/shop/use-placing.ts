import type { CheckoutInput, CheckoutResult } from '@chunbo/contract/orders'
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { type ApiError, toApiError } from '../ui/api-error.ts'
import { payCheckout, placeCheckout } from './api.ts'
import { keyFor } from './checkout-draft.ts'

/**
 * Places an order and pays it: one key for one order, so that a second tap, a retry after no answer and a wait while the queue is full all
 * end in one order. Used by the checkout and by the buying sheet of a room.
 */
export type Phase = 'idle' | 'placing' | 'queueing' | 'paying' | 'paid'

export interface Sent {
  key: string
  body: string
}
export interface Placing {
  readonly phase: Ref<Phase>
  readonly error: Ref<ApiError | null>
  /** Where the error came from: the order was not made, or it is made and kept and only the payment failed. */
  readonly failedAt: Ref<'order' | 'payment' | null>
  readonly result: Ref<CheckoutResult | null>
  /** Places and pays. True when paid. */
  readonly run: (input: CheckoutInput) => Promise<boolean>
  /** Stops waiting in the queue. */
  readonly stop: () => void
}

const BUSY_TRIES_MAX = 8
const BUSY_WAIT_MS = 1500

export function usePlacing(sent: { get: () => Sent | null; set: (sent: Sent | null) => void }): Placing {
  const phase = ref<Phase>('idle')
  const error = shallowRef<ApiError | null>(null)
  const failedAt = ref<'order' | 'payment' | null>(null)
  const result = shallowRef<CheckoutResult | null>(null)
  let wake: (() => void) | null = null
  let stopped = false

  /** Waits as long as the server asks for, and up to half as long again, so that those who wait do not come back together. */
  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, ms * (1 + Math.random() / 2))
      wake = () => {
        window.clearTimeout(timer)
        resolve()
      }
    })
  }

  async function whileBusy<T>(work: () => Promise<T>, waiting: Phase, working: Phase): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      phase.value = working
      try {
        return await work()
      } catch (cause) {
        const problem = toApiError(cause)
        if (problem.kind !== 'busy' || tries >= BUSY_TRIES_MAX || stopped) throw problem
        phase.value = waiting
        await wait(problem.retryAfterMs || BUSY_WAIT_MS)
        if (stopped) throw problem
      }
    }
  }

  async function run(input: CheckoutInput): Promise<boolean> {
    if (phase.value !== 'idle') return false
    stopped = false
    error.value = null
    failedAt.value = 'order'
    const mine = keyFor(input, sent.get())
    sent.set(mine)
    try {
      const placed = await whileBusy(() => placeCheckout(input, mine.key), 'queueing', 'placing')
      result.value = placed
      failedAt.value = 'payment'
      await whileBusy(() => payCheckout(placed.checkoutId), 'paying', 'paying')
      sent.set(null)
      failedAt.value = null
      phase.value = 'paid'
      return true
    } catch (cause) {
      const problem = toApiError(cause)
      // A refusal is final for this key (sold out, price changed, hold ended): the next try is another order.
      if (problem.kind === 'refused') sent.set(null)
      error.value = problem
      phase.value = 'idle'
      return false
    }
  }

  function stop(): void {
    stopped = true
    wake?.()
  }
  onScopeDispose(stop)
  return { phase, error, failedAt, result, run, stop }
}
