import { Gauge } from '../platform/metrics.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { RecordingsContext } from './context.ts'
import './errors.ts'
import { removeExpired } from './remove-expired.ts'
import { recordingRoutes } from './routes.ts'
import { readStore } from './store-room.ts'

/** Recordings are removed by their rule once a day, at 3 in the morning in China, and hourly while the disk is nearly full. */
const DAILY = '0 19 * * *'
const HOURLY = '30 * * * *'

/** How long recordings of shows stay: rules, holds, removal, and the log of all of it. */
export interface Recordings extends Slice {
  /** Removes what is past its time now; gives how many. */
  removeExpired(): Promise<number>
}

export function createRecordings(platform: Platform, options: Omit<RecordingsContext, 'platform'>): Recordings {
  const context: RecordingsContext = { platform, ...options }
  new Gauge({
    name: 'chunbo_storage_free_bytes',
    help: 'Free space where recordings and pictures lie; not told by an object store',
    registers: [platform.metrics],
    async collect() {
      const { freeBytes } = await readStore(platform)
      if (freeBytes !== null) this.set(freeBytes)
    },
  })
  return {
    name: 'recordings',
    removeExpired: () => removeExpired(context),
    routes: recordingRoutes(context),
    jobs: [
      {
        name: 'recordings.remove-expired',
        cron: DAILY,
        run: async () => void (await removeExpired(context)),
      },
      {
        name: 'recordings.make-room',
        cron: HOURLY,
        async run() {
          const { state, freeBytes } = await readStore(platform)
          if (state === 'enough') return
          const removed = await removeExpired(context)
          platform.log.warn({ state, freeBytes, removed }, 'the disk of the recordings is nearly full')
        },
      },
    ],
  }
}
