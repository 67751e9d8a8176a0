import type { Identity } from '../identity/index.ts'
import type { Merchants } from '../merchants/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { CaseMoved, Relief } from '../relief/index.ts'
import type { SolveInWorker } from './solve-in-worker.ts'

/** Inspected and bad grams of a merchant. */
export interface Quality {
  readonly inspectedG: number
  readonly badG: number
}

export interface OffersContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly merchants: Merchants
  readonly relief: Relief
  readonly solve: SolveInWorker
  /** What inspections found in the goods of these merchants; they come later in the order, so the composition passes it. */
  qualityOf(merchantIds: readonly number[]): Promise<ReadonlyMap<number, Quality>>
  /** Asks for a run of the match soon; many at once become one. */
  wake(cause: string): void
  /** Tells of moves that this slice has committed. */
  told(moves: readonly CaseMoved[]): void
}
