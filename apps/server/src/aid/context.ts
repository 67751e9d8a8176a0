import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Inspections } from '../inspections/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { Relief } from '../relief/index.ts'
import type { Shops } from '../shops/index.ts'

/** What was sold of a lot, in grams and orders: sums over its paid and unrefunded order lines. */
export interface LotSold {
  readonly grams: number
  readonly orders: number
}

export interface AidContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly shops: Shops
  readonly catalogue: Catalogue
  readonly live: Pick<Live, 'findNextRoom' | 'findRoomsShowing' | 'addToNextShelf'>
  readonly inspections: Pick<Inspections, 'proveLot'>
  readonly relief: Pick<Relief, 'caseMoved' | 'onCaseMoved'>
  /** What these lots have sold so far; a lot that sold nothing may be missing. */
  soldOfLots(lotIds: readonly number[]): Promise<ReadonlyMap<number, LotSold>>
  /** The name of a division as English readers spell it, or the Chinese one where no other is known. */
  spelledPlace(nameZh: string): string
}
