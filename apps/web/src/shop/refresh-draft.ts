import type { SkuCard } from '@chunbo/contract/catalogue'
import type { DraftLine } from './checkout-draft.ts'

/** What is different on a line since the buyer looked: the price it had, or the quantity it was cut to. */
export interface LineChange {
  readonly wasFen?: number
  readonly cutTo?: number
}

/**
 * The draft as the shop would sell it now, and what is different. Lines that cannot be bought any more are left out and named with a cut to
 * 0; a price is taken over only here, where the buyer sees it before sending again.
 */
export function refreshDraft(
  lines: readonly DraftLine[],
  cards: readonly SkuCard[],
): { lines: DraftLine[]; changes: Map<number, LineChange> } {
  const known = new Map(cards.map((card) => [card.skuId, card]))
  const changes = new Map<number, LineChange>()
  const kept: DraftLine[] = []
  for (const line of lines) {
    const card = known.get(line.card.skuId)
    const most = card?.status === 'on_sale' ? Math.min(card.stock, card.buyerLimit) : 0
    if (card === undefined || most === 0) {
      changes.set(line.card.skuId, { cutTo: 0 })
      continue
    }
    const qty = Math.min(line.qty, most)
    const change = {
      ...(card.priceFen === line.card.priceFen ? {} : { wasFen: line.card.priceFen }),
      ...(qty === line.qty ? {} : { cutTo: qty }),
    }
    if (Object.keys(change).length > 0) changes.set(card.skuId, change)
    kept.push({ card, qty })
  }
  return { lines: kept, changes }
}
