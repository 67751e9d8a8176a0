import type { MerchantRecord } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { Merchants } from '../merchants/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { Relief } from '../relief/index.ts'
import type { OffersContext } from './context.ts'
import { endWithCase } from './end-with-case.ts'
import './errors.ts'
import { expireOffers } from './expire-offers.ts'
import { offerJobs } from './jobs.ts'
import { createMatcher } from './matcher.ts'
import { readRecords } from './record.ts'
import { offerRoutes } from './routes.ts'
import { runMatch } from './run-match.ts'
import { createSolver } from './solve-in-worker.ts'

/** The slice, and what the others ask of it. */
export interface Offers extends Slice {
  /** What the past of these merchants says. */
  recordsOf(merchantIds: readonly number[]): Promise<ReadonlyMap<number, MerchantRecord>>
  /** Runs the match now and makes offers of its proposals; gives the run's id. */
  match(cause: string): Promise<number>
  /** Ends the open offers whose time is over; the job does it every minute. Gives how many. */
  expireDue(): Promise<number>
  /** Cancels offers that their case's stage leaves no room for; a move does it at once, the job every five minutes. */
  endStray(): Promise<number>
}

export interface OffersOptions {
  readonly identity: Identity
  readonly merchants: Merchants
  readonly relief: Relief
  readonly qualityOf: OffersContext['qualityOf']
}

/** Offers: which merchant takes what of which case, by the match or by a person, and what they answer. */
export function createOffers(platform: Platform, options: OffersOptions): Offers {
  const { relief, merchants } = options
  const solver = createSolver()
  // Moves of our own wake nobody: who makes them knows what comes next.
  let telling = false
  const context: OffersContext = {
    platform,
    ...options,
    solve: solver,
    wake: (cause) => matcher.wake(cause),
    told(moves) {
      telling = true
      try {
        for (const moved of moves) relief.caseMoved(moved)
      } finally {
        telling = false
      }
    },
  }
  const matcher = createMatcher(platform.log, (cause, askedBy) => runMatch(context, cause, askedBy))
  relief.onCaseMoved(({ caseId, to }) => {
    if (telling) return
    endWithCase(context, caseId)
      .then(() => matcher.wake(`case_${to}`))
      .catch((error: unknown) => platform.log.warn({ err: error, caseId }, 'offers of a case that moved stayed'))
  })
  merchants.onChanged(() => matcher.wake('merchant_changed'))
  relief.addContactRule(async (userId, caseId) => {
    // Who fetches the goods has to be able to ring the farmer.
    const rows = await platform.db.query(
      `select from offers o join merchant_staff s on s.merchant_id = o.merchant_id
       where o.case_id = $1 and s.user_id = $2 and o.state = 'accepted'`,
      [caseId, userId],
    )
    return rows.length > 0 && (await options.identity.may(userId, { role: 'merchant' }))
  })
  return {
    name: 'offers',
    routes: offerRoutes(context, matcher.run),
    jobs: offerJobs(context),
    recordsOf: (merchantIds) => readRecords(context, merchantIds),
    match: (cause) => matcher.run(cause, null),
    expireDue: () => expireOffers(context),
    endStray: () => endWithCase(context, null),
    async start() {
      matcher.start()
      matcher.wake('start')
    },
    async close() {
      await solver.close()
      await matcher.close()
    },
  }
}
