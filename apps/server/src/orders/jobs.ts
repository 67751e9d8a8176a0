import type { JobDefinition } from '../platform/jobs.ts'
import type { OrdersContext } from './context.ts'

/** Checkouts are forgotten at an hour when few buy. Expiry has a timer of its own, for a minute is too coarse for it. */
export function orderJobs(context: OrdersContext): readonly JobDefinition[] {
  return [
    {
      name: 'orders.forget_checkouts',
      cron: '40 20 * * *',
      async run() {
        await context.platform.db.query('select forget_checkouts($1)', [context.platform.clock.now()])
      },
    },
  ]
}
