import {
  Logger,
  makeWorkerUtils,
  parseCronItems,
  type Runner,
  run,
  type TaskList,
  type WorkerUtils,
} from 'graphile-worker'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { Database } from './database.ts'
import type { Log } from './log.ts'

/** A kind of background work. The payload comes from the database and is validated like any other input. */
export interface JobDefinition {
  readonly name: string
  readonly payload: TSchema
  /** A cron pattern (UTC) when it runs by itself; the payload is then {}. */
  readonly cron?: string
  run(payload: unknown): Promise<void>
}

export interface Jobs {
  /** Puts a job on the queue. `key` makes it unique: a second one with the key replaces the first. */
  add(name: string, payload: object, options?: { runAt?: Date; key?: string }): Promise<void>
  /** Starts working on the queue. */
  start(definitions: readonly JobDefinition[]): Promise<void>
  /** Finishes what runs and stops. */
  stop(): Promise<void>
}

function toTask(definition: JobDefinition): TaskList[string] {
  return async (payload) => {
    const { _cron, ...rest } = (payload ?? {}) as Record<string, unknown>
    if (!Value.Check(definition.payload, rest))
      throw new Error(`payload of job ${definition.name} does not fit its schema`)
    await definition.run(rest)
  }
}

/** Jobs by graphile-worker in the same database, in its own schema `graphile_worker`. */
export function createJobs(db: Database, log: Log): Jobs {
  const logger = new Logger(() => (level, message, meta) => {
    // graphile-worker is talkative: its info is our debug.
    if (level === 'error') log.error({ meta }, message)
    else if (level === 'warning') log.warn(message)
    else log.debug(message)
  })
  let runner: Runner | undefined
  let adder: Promise<WorkerUtils> | undefined
  const utilities = () => {
    adder ??= makeWorkerUtils({ pgPool: db.pool, logger })
    return adder
  }
  return {
    async add(name, payload, options = {}) {
      await (await utilities()).addJob(name, payload, {
        ...(options.runAt ? { runAt: options.runAt } : {}),
        ...(options.key ? { jobKey: options.key } : {}),
      })
    },
    async start(definitions) {
      runner = await run({
        pgPool: db.pool,
        logger,
        concurrency: 2,
        noHandleSignals: true,
        pollInterval: 2000,
        taskList: Object.fromEntries(definitions.map((definition) => [definition.name, toTask(definition)])),
        parsedCronItems: parseCronItems(
          definitions.flatMap(({ name, cron }) =>
            cron ? [{ task: name, match: cron, identifier: name, options: { backfillPeriod: 0 } }] : [],
          ),
        ),
      })
    },
    async stop() {
      await runner?.stop()
      await (await adder)?.release()
    },
  }
}
