import type { JobDefinition } from '../platform/jobs.ts'
import type { ReliefContext } from './context.ts'
import { followCases } from './follow-cases.ts'

/** Clocks of cases are followed to the minute. */
export function deskJobs(context: ReliefContext): readonly JobDefinition[] {
  return [
    {
      name: 'relief.follow_cases',
      cron: '* * * * *',
      async run() {
        await followCases(context)
      },
    },
  ]
}
