import type { Sold } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { countSold } from './count-sold.ts'
import { readSold } from './queries.ts'
import { impactRoutes } from './routes.ts'

/** How long a paid order waits at most before it is in the public figures, beside the work itself. */
const PAUSE_MS = 1_000

/** The slice, and what the others ask of it. */
export interface Impact extends Slice {
  /** Counts at once what is noted, for who needs the figures now. Gives the number of orders that began or ceased to count. */
  countNow(): Promise<number>
  /** What a county, shop, lot or room sold in all; grams, fen, packs, orders. */
  readSold(kind: 'all' | 'county' | 'shop' | 'lot' | 'room', key: number): Promise<{ sold: Sold; asOf: Date }>
}

export function createImpact(platform: Platform, others: { identity: Identity; catalogue: Catalogue }): Impact {
  const { db, log } = platform
  const countNow = () => countSold(db, others.catalogue.recordSoldPacks)
  let timer: NodeJS.Timeout | undefined
  let counting: Promise<void> = Promise.resolve()
  let closed = false
  // One round after the other; what fails is tried again in the next one, since its notes are still there.
  const schedule = () => {
    if (closed) return
    timer = setTimeout(() => {
      counting = countNow()
        .then(() => {})
        .catch((error: unknown) => log.warn({ err: error }, 'counting what was sold failed; it goes on in a moment'))
        .finally(schedule)
    }, PAUSE_MS)
  }
  return {
    name: 'impact',
    routes: impactRoutes(db, others.identity.who.anyone),
    countNow,
    readSold: (kind, key) => readSold(db, kind, key),
    async start() {
      schedule()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await counting
    },
  }
}
