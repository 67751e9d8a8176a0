import type { Log } from '../platform/log.ts'
import { Refusal } from '../platform/problem.ts'

/** Events within this long become one run. */
const GATHER_MS = 400

export interface Matcher {
  /** Asks for a run soon. Does nothing before start. */
  wake(cause: string): void
  /** Runs now, after a run that is under way. Throws Refusal once it is closed. */
  run(cause: string, askedBy: number | null): Promise<number>
  start(): void
  /** Waits for the run that is under way; those behind it, and any later one, do not begin. */
  close(): Promise<void>
}

/**
 * Runs the match one at a time. An event wakes it after a short while in which others join, and one that comes while a run is
 * under way makes another one afterwards, since the run has not seen it.
 */
export function createMatcher(log: Log, match: (cause: string, askedBy: number | null) => Promise<number>): Matcher {
  let timer: NodeJS.Timeout | undefined
  let tail: Promise<unknown> = Promise.resolve()
  let state: 'waiting' | 'open' | 'closed' = 'waiting'
  const run = (cause: string, askedBy: number | null) => {
    const next = tail.then(() => {
      if (state === 'closed') throw new Refusal('server.closing')
      return match(cause, askedBy)
    })
    tail = next.catch(() => {})
    return next
  }
  return {
    run,
    wake(cause) {
      if (state !== 'open' || timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        run(cause, null).catch((error: unknown) => {
          if (state !== 'closed') log.warn({ err: error }, 'the match could not run')
        })
      }, GATHER_MS)
    },
    start() {
      state = 'open'
    },
    async close() {
      state = 'closed'
      clearTimeout(timer)
      timer = undefined
      await tail
    },
  }
}
