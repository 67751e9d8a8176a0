import type { EveningQuestions, RoomDrop } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { EveningContext } from './context.ts'
import './errors.ts'
import { createMinuteKeeper, SAMPLE_MS } from './keep-minutes.ts'
import { createPdfMaker } from './make-pdf.ts'
import { eveningRoutes } from './routes.ts'

export interface EveningOptions {
  readonly identity: Identity
  readonly catalogue: Catalogue
  readonly live: Live
  /** A place as English readers spell it. */
  spelledPlace(nameZh: string): string
  /** Questions of a show, counted; nothing is said of them where this is left out. */
  readonly questionsOf?: (roomId: number) => Promise<EveningQuestions>
  /** All drops of a show with what became of them, oldest first. */
  readonly dropsOf?: (roomId: number) => Promise<readonly RoomDrop[]>
}

/** What becomes of a show: its minutes, the report, the segments of the replay and the big screen. */
export interface Evening extends Slice {
  /** Looks at the rooms on air and writes their minutes down, for who cannot wait for the next look. */
  keepMinutesNow(): Promise<void>
}

export function createEvening(platform: Platform, options: EveningOptions): Evening {
  const { db, clock, log } = platform
  const context: EveningContext = {
    platform,
    identity: options.identity,
    catalogue: options.catalogue,
    live: options.live,
    spelledPlace: options.spelledPlace,
    questionsOf: options.questionsOf ?? (async () => null),
    dropsOf: options.dropsOf ?? (async () => []),
  }
  const keeper = createMinuteKeeper(db, options.live, {
    nowMs: () => clock.now().getTime(),
    steadyMs: () => performance.now(),
  })
  const makePdf = createPdfMaker()
  let timer: NodeJS.Timeout | undefined
  let sampling: Promise<void> = Promise.resolve()
  let closed = false
  // One look after the other: while the database is away they do not pile up.
  const schedule = () => {
    if (closed) return
    timer = setTimeout(() => {
      sampling = keeper
        .sample()
        .catch((error: unknown) => log.warn({ err: error }, 'minutes of the shows could not be written; they wait'))
        .finally(schedule)
    }, SAMPLE_MS)
  }
  return {
    name: 'evening',
    routes: eveningRoutes(context, makePdf),
    keepMinutesNow: () => keeper.sample(),
    async start() {
      schedule()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await sampling
      await Promise.allSettled([keeper.sample(), makePdf.close()])
    },
  }
}
