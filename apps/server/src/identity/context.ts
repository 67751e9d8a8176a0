import type { KeyObject } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { AuthEngine } from './auth-engine.ts'
import type { CodeSender } from './code-sender.ts'
import type { GrantBook } from './grant-book.ts'
import type { PassChecker } from './session-pass.ts'

/** What the commands of this slice share. */
export interface IdentityContext {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly passKey: KeyObject
  readonly hashKey: KeyObject
  readonly passes: PassChecker
  readonly grants: GrantBook
  /** Null where neither a sender nor the demonstration is set up. */
  readonly codeSender: CodeSender | null
  readonly engine: AuthEngine
}
