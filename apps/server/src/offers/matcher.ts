import type { Log } from '../platform/log.ts'

/** Events within this long become one run. */
const GATHER_MS = 400

export interface Matcher {
  /** Asks for a run soon. Does nothing before start. */
  wake(cause: string): void
  /** Runs now, after a run that is under way. */
  run(cause: string, askedBy: number | null): Promise<number>
  start(): void
  /** Waits for the run that is under way, and begins no other. */
  close(): Promise<void>
}

/**
 * Runs the match one at a time. An event wakes it after a short while in which others join, and one that comes while a run is
 * under way makes another one afterwards, since the run has not seen it.
 */
export function createMatcher(log: Log, match: (cause: string, askedBy: number | null) => Promise<number>): Matcher {
  let timer: NodeJS.Timeout | undefined
  let tail: Promise<unknown> = Promise.resolve()
  let open = false
  const run = (cause: string, askedBy: number | null) => {
    const next = tail.then(() => match(cause, askedBy))
    tail = next.catch(() => {})
    return next
  }
  return {
    run,
    wake(cause) {
      if (!open || timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        run(cause, null).catch((error: unknown) => log.warn({ err: error }, 'the match could not run'))
      }, GATHER_MS)
    },
    start() {
      open = true
    },
    async close() {
      open = false
      clearTimeout(timer)
      timer = undefined
      await tail
    },
  }
}
