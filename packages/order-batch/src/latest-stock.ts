import type { StockLeft } from './read-answer.ts'

/**
 * Which of two answers is the newer one. Batches run over several connections, and of two that were committed one after the other
 * the second may be read first; told in that order a room would show packs that are gone. Each answer says where the log of the
 * database was while its stock rows were locked, so of two that sold of the same SKU the later has the higher position.
 */
export class LatestStock {
  readonly #toldAt = new Map<string, number>()

  /** What of an answer is not older than what another has told already. */
  newsOf(left: readonly StockLeft[], position: number): StockLeft[] {
    return left.filter(({ shopId, skuId }) => {
      const key = `${shopId}:${skuId}`
      if ((this.#toldAt.get(key) ?? 0) > position) return false
      this.#toldAt.set(key, position)
      return true
    })
  }

  /** To be called when no batch is on its way any more: nothing older can come then. */
  forget(): void {
    this.#toldAt.clear()
  }
}
