import type { FastifyInstance } from 'fastify'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './database.ts'
import type { JobDefinition } from './jobs.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Route } from './routes.ts'
import type { SocketRegistry } from './sockets.ts'
import type { Storage } from './storage.ts'
import type { PageHead } from './web-app.ts'

/** What every slice is given. */
export interface Platform {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  readonly storage: Storage
  readonly log: Log
  readonly metrics: Metrics
  /** For what the route table cannot say: content parsers, raw mounts. Use sparingly. */
  readonly app: FastifyInstance
  readonly sockets: SocketRegistry
}

/** What a slice gives back to the composition root. Its own functions for other slices stand beside these. */
export interface Slice {
  readonly name: string
  readonly routes: readonly Route[]
  readonly jobs?: readonly JobDefinition[]
  /** Heads of the web pages that this slice knows about. */
  readonly pages?: readonly PageHead[]
  /** Called after everything listens. */
  start?(): Promise<void>
  /** Finishes what is in flight; new work is refused by then. At most a few seconds. */
  close?(): Promise<void>
}
