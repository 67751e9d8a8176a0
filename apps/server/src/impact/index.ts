import type { Sold } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Counties } from '../counties/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { countSold } from './count-sold.ts'
import { impactPages } from './pages.ts'
import { readSold, readSoldOfLots } from './queries.ts'
import { impactRoutes } from './routes.ts'

/** How long a paid order waits at most before it is in the public figures, beside the work itself. */
const PAUSE_MS = 1_000
/** Days are those of China, which is eight hours ahead of UTC all year. */
const CHINA_MS = 8 * 3_600_000

/** The slice, and what the others ask of it. */
export interface Impact extends Slice {
  /** Counts at once what is noted, for who needs the figures now. Gives the number of orders that began or ceased to count. */
  countNow(): Promise<number>
  /** What a county, shop, lot or room sold in all; grams, fen, packs, orders. */
  readSold(kind: 'all' | 'county' | 'shop' | 'lot' | 'room', key: number): Promise<{ sold: Sold; asOf: Date }>
  /** What each of these lots sold in all; one that sold nothing is left out. */
  readSoldOfLots(lotIds: readonly number[]): Promise<Map<number, Sold>>
}

export function createImpact(
  platform: Platform,
  others: { identity: Identity; counties: Counties; catalogue: Catalogue },
): Impact {
  const { db, log, clock } = platform
  const today = () => new Date(clock.now().getTime() + CHINA_MS).toISOString().slice(0, 10)
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
    pages: impactPages(db, others.counties, today),
    routes: impactRoutes(db, others.identity.who.anyone),
    countNow,
    readSold: (kind, key) => readSold(db, kind, key),
    readSoldOfLots: (lotIds) => readSoldOfLots(db, lotIds),
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
