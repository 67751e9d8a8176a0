import type { JobDefinition } from '../platform/jobs.ts'
import type { AudienceContext } from './context.ts'
import { forgetWatching } from './count-watching.ts'
import { sendReminders } from './send-reminders.ts'
import { tellReminders } from './tell-reminders.ts'

/** Texts of reminders are of no use after a month. */
const FORGET_MESSAGES = `delete from reminder_messages where made_at < $1::timestamptz - interval '30 days'`

export function audienceJobs(context: AudienceContext): JobDefinition[] {
  return [
    {
      name: 'audience.remind',
      cron: '* * * * *',
      async run() {
        await tellReminders(context)
        await sendReminders(context)
      },
    },
    {
      name: 'audience.sweep',
      cron: '41 19 * * *',
      async run() {
        const { db, clock } = context.platform
        await forgetWatching(context)
        await db.query(FORGET_MESSAGES, [clock.now()])
      },
    },
  ]
}
