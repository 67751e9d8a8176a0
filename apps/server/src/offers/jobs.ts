import type { JobDefinition } from '../platform/jobs.ts'
import type { OffersContext } from './context.ts'
import { endWithCase } from './end-with-case.ts'
import { expireOffers } from './expire-offers.ts'

/** Runs are kept so long; what they said of a case is of no use when the next ones have spoken. */
const RUNS_KEPT_DAYS = 7

export function offerJobs(context: OffersContext): JobDefinition[] {
  return [
    {
      name: 'offers.expire',
      cron: '* * * * *',
      run: async () => {
        await expireOffers(context)
      },
    },
    {
      // What no event told of: a process that ended between a commit and its word, a new day, a case that was edited.
      name: 'offers.catch-up',
      cron: '*/5 * * * *',
      run: async () => {
        await endWithCase(context, null)
        context.wake('catch_up')
      },
    },
    {
      name: 'offers.forget-runs',
      cron: '41 19 * * *',
      run: async () => {
        const at = new Date(context.platform.clock.now().getTime() - RUNS_KEPT_DAYS * 86_400_000)
        await context.platform.db.query('delete from match_runs where at < $1', [at])
      },
    },
  ]
}
