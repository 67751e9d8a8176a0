import type { SkuCard } from '@chunbo/contract/catalogue'
import type { CheckoutInput } from '@chunbo/contract/orders'
import { ref, watch } from 'vue'
import { makeUuid } from '../ui/make-uuid.ts'
import type { ChosenCoupon } from './use-coupons.ts'

/**
 * What is about to be ordered. It is kept in the tab, so that a reload, a sign-in that has ended or a lost network loses nothing; and its
 * idempotency key is kept with it, so that the same order sent again (a second tap, a retry after no answer) is made once.
 */
export interface DraftLine {
  card: SkuCard
  qty: number
}
export interface Draft {
  lines: DraftLine[]
  fromCart: boolean
  addressId: number | null
  /** The key, and the very order that it stands for: a changed order needs a new key. */
  sent: { key: string; body: string } | null
  /** The coupons that it was sent with: as long as nobody knows what became of it, it is sent again with these. */
  coupons?: readonly ChosenCoupon[]
}

const STORE_KEY = 'chunbo.checkout.1'

function load(): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORE_KEY) ?? 'null')
    return typeof kept === 'object' && kept !== null && 'lines' in kept ? (kept as Draft) : null
  } catch {
    return null
  }
}

export const draft = ref<Draft | null>(load())

watch(
  draft,
  (now) => {
    try {
      if (now === null) sessionStorage.removeItem(STORE_KEY)
      else sessionStorage.setItem(STORE_KEY, JSON.stringify(now))
    } catch {
      // A full or closed store: the draft then lives as long as the page.
    }
  },
  { deep: true, flush: 'sync' },
)

/** Begins a checkout of these lines; a draft before it is forgotten. */
export function startCheckout(lines: DraftLine[], from: { fromCart: boolean }): void {
  draft.value = { lines, fromCart: from.fromCart, addressId: draft.value?.addressId ?? null, sent: null }
}

/** The order as it is sent. Prices are those that the buyer sees on the page. */
export function toInput(
  lines: readonly DraftLine[],
  addressId: number,
  more: { roomId?: number; coupons?: readonly { couponId: number }[] } = {},
): CheckoutInput {
  const body = lines.map(({ card, qty }) => ({
    shopId: card.shopId,
    skuId: card.skuId,
    qty,
    expectedPriceFen: card.priceFen,
  }))
  const { roomId, coupons = [] } = more
  return {
    lines: body,
    addressId,
    ...(roomId === undefined ? {} : { roomId }),
    ...(coupons.length === 0 ? {} : { couponIds: coupons.map(({ couponId }) => couponId) }),
  }
}

/** The key for this order: the one it was sent with before if it is the very same, else a new one. */
export function keyFor(
  input: CheckoutInput,
  sent: { key: string; body: string } | null,
): { key: string; body: string } {
  const body = JSON.stringify(input)
  return sent?.body === body ? sent : { key: makeUuid(), body }
}
