import type { Platform, Slice } from '../platform/slice.ts'
import type { CaseMoved, ContactRule, ReliefContext } from './context.ts'
import './desk-errors.ts'
import { deskJobs } from './desk-jobs.ts'
import './errors.ts'
import { followCases } from './follow-cases.ts'
import './intake-errors.ts'
import { intakeJobs } from './intake-jobs.ts'
import { CSV_BYTES_MAX, MEDIA_URL } from './intake-routes.ts'
import { keepRawBody } from './keep-raw-body.ts'
import { demoMessageSender } from './message-sender.ts'
import { reliefRoutes } from './routes.ts'

export type { CaseMoved, ContactRule } from './context.ts'
export { logCase, moveCase } from './move-case.ts'

export interface Relief extends Slice {
  /** Hears of moves after their commit, in this process; must not throw. */
  onCaseMoved(listener: (moved: CaseMoved) => void): void
  /** Tells the listeners: every command that has committed a move calls it. */
  caseMoved(moved: CaseMoved): void
  /** Lets who the rule says yes to see the contacts of a case, beside the desk and the county's commissioner. */
  addContactRule(rule: ContactRule): void
  /** Takes over what was sold and follows the clocks now; runs by itself every minute. Gives how many cases moved. */
  followCases(): Promise<number>
}

type Others = Pick<ReliefContext, 'identity' | 'counties' | 'catalogue' | 'soldOfLots'>

/** Relief: alerts of gluts and the cases they open. Without a message sender only the demonstration shows messages. */
export function createRelief(
  platform: Platform,
  options: Others & Partial<Pick<ReliefContext, 'messageSender'>>,
): Relief {
  const listeners: ((moved: CaseMoved) => void)[] = []
  const contactRules: ContactRule[] = []
  const context: ReliefContext = {
    platform,
    ...options,
    messageSender: options.messageSender ?? (platform.config.demo ? demoMessageSender : null),
    contactRules,
    caseMoved: (moved) => {
      for (const listener of listeners) listener(moved)
    },
  }
  keepRawBody(platform.app, MEDIA_URL)
  const csv = { parseAs: 'buffer', bodyLimit: CSV_BYTES_MAX } as const
  platform.app.addContentTypeParser('text/csv', csv, (_request, body, done) => done(null, body))
  return {
    name: 'relief',
    routes: reliefRoutes(context),
    jobs: [...intakeJobs(context), ...deskJobs(context)],
    onCaseMoved: (listener) => {
      listeners.push(listener)
    },
    caseMoved: context.caseMoved,
    followCases: () => followCases(context),
    addContactRule: (rule) => {
      contactRules.push(rule)
    },
  }
}
