import type { SkuCard } from '@chunbo/contract/catalogue'
import type { CartLine } from './cart.ts'

const mostOf = (card: SkuCard) => (card.status === 'on_sale' ? Math.min(card.stock, card.buyerLimit) : 0)

/**
 * Brings the lines up to what the shop says now. The price that the buyer has seen stays on the line, so that the difference can be told;
 * a quantity above what can be bought is cut, and the answer names those lines by SKU with their new quantity. A SKU that is no longer
 * known is taken as off sale.
 */
export function refreshCart(lines: CartLine[], cards: readonly SkuCard[]): Map<number, number> {
  const known = new Map(cards.map((card) => [card.skuId, card]))
  const cuts = new Map<number, number>()
  for (const line of lines) {
    line.card = known.get(line.skuId) ?? { ...line.card, status: 'off' }
    const most = mostOf(line.card)
    if (most > 0 && line.qty > most) {
      line.qty = most
      cuts.set(line.skuId, most)
    }
  }
  return cuts
}
