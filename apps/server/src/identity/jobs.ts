import type { JobDefinition } from '../platform/jobs.ts'
import type { IdentityContext } from './context.ts'

/** What is over is of no use to anybody, and a session row names a person. */
const SWEEPS = [
  'delete from sessions where expires_at < $1',
  'delete from verifications where expires_at < $1',
  // The gap between two codes is read from this row, so it stays an hour longer than the code.
  `delete from phone_codes where expires_at < $1::timestamptz - interval '1 hour'`,
  'delete from identity_quotas where window_ends_at < $1',
]

export function identityJobs(context: IdentityContext): readonly JobDefinition[] {
  return [
    {
      name: 'identity.sweep',
      cron: '17 * * * *',
      async run() {
        for (const sweep of SWEEPS) await context.db.query(sweep, [context.clock.now()])
      },
    },
  ]
}
