import { Logger, parseCronItems, type Runner, run } from 'graphile-worker'
import type { Database } from './database.ts'
import type { Log } from './log.ts'

/** Background work that comes round by itself. Where several processes share a database, one of them does it. */
export interface JobDefinition {
  readonly name: string
  /** A cron pattern in UTC. */
  readonly cron: string
  run(): Promise<void>
}

export interface Jobs {
  start(definitions: readonly JobDefinition[]): Promise<void>
  /** Begins no other; waits a second for what runs, then gives it back to the queue for the next start. */
  stop(): Promise<void>
}

const STOP_WAIT_MS = 1_000

/** Jobs by graphile-worker in the same database, in its own schema `graphile_worker`. */
export function createJobs(db: Database, log: Log): Jobs {
  const logger = new Logger(() => (level, message, meta) => {
    // graphile-worker is talkative: its info is our debug.
    if (level === 'error') log.error({ meta }, message)
    else if (level === 'warning') log.warn(message)
    else log.debug(message)
  })
  let runner: Runner | undefined
  return {
    async start(definitions) {
      runner = await run({
        pgPool: db.pool,
        logger,
        concurrency: 2,
        noHandleSignals: true,
        pollInterval: 2000,
        gracefulShutdownAbortTimeout: STOP_WAIT_MS,
        // How a job ended is collected for no time at all; but what is collected is written before `stop` resolves.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
        taskList: Object.fromEntries(
          // A job that hangs must not hold up whoever ends the server.
          definitions.map(({ name, run: work }) => [
            name,
            (_, { abortPromise }) => Promise.race([work(), abortPromise]),
          ]),
        ),
        parsedCronItems: parseCronItems(
          definitions.map(({ name, cron }) => ({
            task: name,
            match: cron,
            identifier: name,
            options: { backfillPeriod: 0 },
          })),
        ),
      })
    },
    async stop() {
      await runner?.stop()
    },
  }
}
