import type { JobDefinition } from '../platform/jobs.ts'
import type { MerchantsContext } from './context.ts'
import { openRenewals } from './open-renewals.ts'

export function merchantJobs(context: Pick<MerchantsContext, 'platform'>): JobDefinition[] {
  return [
    {
      name: 'merchants.open-renewals',
      cron: '7 * * * *',
      run: async () => {
        await openRenewals(context)
      },
    },
  ]
}
