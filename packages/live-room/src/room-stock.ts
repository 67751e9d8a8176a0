import type { ShelfEntry, StockLevel } from '@chunbo/contract'
import type { SharedEntry } from './room-bus.ts'

/** For how long one sold-out of a product counts as told, whichever node notices it. */
const SOLD_OUT_S = 5

export function soldOutOf({ shopId, skuId }: StockLevel): SharedEntry {
  const once = { key: `sold:${shopId}:${skuId}`, value: '', forS: SOLD_OUT_S }
  return { event: { t: 'sold_out', shopId, skuId }, when: 'tick', once }
}

/** What is left of the goods on a shelf: the newest that is known, and what of it is not told yet. */
export class RoomStock {
  /** Newest stock by SKU, told or not. */
  #known = new Map<string, number>()
  #untold = new Map<string, StockLevel>()

  /** Whether something waits for the tick. */
  get waits(): boolean {
    return this.#untold.size > 0
  }

  /** New levels, of which those on the shelf are kept for `takeUntold`. Returns those whose last pack just went. */
  set(levels: readonly StockLevel[]): StockLevel[] {
    const soldOut: StockLevel[] = []
    for (const level of levels) {
      const key = keyOf(level)
      const known = this.#known.get(key)
      if (known === undefined || known === level.stock) continue
      this.#known.set(key, level.stock)
      this.#untold.set(key, { shopId: level.shopId, skuId: level.skuId, stock: level.stock })
      if (level.stock === 0) soldOut.push(level)
    }
    return soldOut
  }

  /** A shelf's entries with the stock that is known here, which is newer than what a desk read for those that were on it before. */
  learn(items: readonly ShelfEntry[]): ShelfEntry[] {
    const fresh = items.map((entry) => ({ ...entry, stock: this.#known.get(keyOf(entry)) ?? entry.stock }))
    this.#known = new Map(fresh.map((entry) => [keyOf(entry), entry.stock]))
    for (const key of this.#untold.keys()) if (!this.#known.has(key)) this.#untold.delete(key)
    return fresh
  }

  /** What was known counts no more: what is learned next is newer. */
  forget(): void {
    this.#known.clear()
    this.#untold.clear()
  }

  takeUntold(): StockLevel[] {
    const untold = [...this.#untold.values()]
    this.#untold.clear()
    return untold
  }
}

function keyOf(sku: { readonly shopId: number; readonly skuId: number }): string {
  return `${sku.shopId}:${sku.skuId}`
}
