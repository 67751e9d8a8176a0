import type { Log } from '../platform/log.ts'

/** After a round that failed the next one waits at least so long: while the database is away, four complaints a second help nobody. */
const FAILED_MS = 2_000

/** Something that is done again and again, one round after the other; a round that fails is followed by the next. */
export interface Pulse {
  start(): void
  /** Ends when the round that runs has ended. */
  stop(): Promise<void>
}

export function createPulse(everyMs: number, round: () => Promise<void>, log: Log, complaint: string): Pulse {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = true
  const schedule = (waitMs: number) => {
    if (stopped) return
    timer = setTimeout(() => {
      running = round().then(
        () => schedule(everyMs),
        (error: unknown) => {
          log.warn({ err: error }, complaint)
          schedule(Math.max(everyMs, FAILED_MS))
        },
      )
    }, waitMs)
  }
  return {
    start() {
      stopped = false
      schedule(everyMs)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
