import type { SkuCard } from '@chunbo/contract/catalogue'
import { computed, ref, watch } from 'vue'

/**
 * The cart lives on the device: no sign-in is needed to fill it. Each line keeps what the buyer saw when it was put in, so that a price
 * that has changed since is told and never charged in silence.
 */
export interface CartLine {
  readonly shopId: number
  readonly skuId: number
  qty: number
  /** Price that the buyer has seen, in fen. */
  seenPriceFen: number
  chosen: boolean
  /** The card as it was, to show the line at once and without a network. */
  card: SkuCard
}

const STORE_KEY = 'chunbo.cart.1'
/** As many lines as one checkout takes. */
export const CART_LINES_MAX = 50

function load(): CartLine[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE_KEY) ?? '[]')
    return Array.isArray(kept)
      ? (kept as CartLine[]).filter((line) => line.card?.skuId === line.skuId && line.qty > 0)
      : []
  } catch {
    return []
  }
}

export const cart = ref<CartLine[]>(load())
export const cartCount = computed(() => cart.value.reduce((sum, line) => sum + line.qty, 0))

watch(
  cart,
  (lines) => {
    try {
      localStorage.setItem(STORE_KEY, JSON.stringify(lines))
    } catch {
      // A full or closed store: the cart then lives as long as the page.
    }
  },
  { deep: true },
)
// Two open tabs have one cart.
window.addEventListener('storage', (event) => {
  if (event.key === STORE_KEY) cart.value = load()
})

/** Most packs of a SKU that one buyer can take now. */
export function mostPacks(card: SkuCard): number {
  return card.status === 'on_sale' ? Math.min(card.stock, card.buyerLimit) : 0
}

/** Puts packs in; 'full' when the cart has no room for another line, 'limit' when the line already holds all one can take. */
export function putIntoCart(card: SkuCard, qty: number): 'done' | 'full' | 'limit' {
  const line = cart.value.find((each) => each.skuId === card.skuId && each.shopId === card.shopId)
  const most = mostPacks(card)
  if (line === undefined) {
    if (cart.value.length >= CART_LINES_MAX) return 'full'
    if (most === 0) return 'limit'
    const fresh = {
      shopId: card.shopId,
      skuId: card.skuId,
      qty: Math.min(qty, most),
      seenPriceFen: card.priceFen,
      chosen: true,
      card,
    }
    cart.value = [fresh, ...cart.value]
    return 'done'
  }
  if (line.qty >= most) return 'limit'
  line.qty = Math.min(line.qty + qty, most)
  line.card = card
  line.seenPriceFen = card.priceFen
  line.chosen = true
  return 'done'
}

/** Takes lines out, for instance those that were just ordered. */
export function takeFromCart(lines: readonly { shopId: number; skuId: number }[]): void {
  cart.value = cart.value.filter(
    (each) => !lines.some((gone) => gone.skuId === each.skuId && gone.shopId === each.shopId),
  )
}
