import type { PriceWindow } from '../catalogue/index.ts'
import { commonOf, type DropRow } from './drop.ts'
import type { DropKind } from './drop-kinds.ts'

/** What never changes of a flash price. In a rehearsal no price is changed, and there is nothing to give back. */
export interface FlashDetail extends PriceWindow {
  readonly practice: boolean
}

const flashDetailOf = (row: DropRow) => row.detail as unknown as FlashDetail

/**
 * Flash prices: the SKU has the price while the drop is open. It goes back in the transaction that closes the drop, so exactly once, whether its
 * time is over, a desk ends it, the room ends or the process was killed and a later one finds it due.
 */
export const flashKind: DropKind = {
  async describe(_db, rows) {
    return rows.map((row) => {
      const { shopId, skuId, priceFen, wasFen } = flashDetailOf(row)
      return { ...commonOf(row), kind: 'flash' as const, shopId, skuId, priceFen, wasFen }
    })
  },
  async settle({ catalogue }, tx, row) {
    const { practice, ...window } = flashDetailOf(row)
    if (!practice) return catalogue.closePriceWindow(tx, window, row.openedBy)
  },
}
