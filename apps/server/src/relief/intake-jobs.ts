import type { JobDefinition } from '../platform/jobs.ts'
import type { ReliefContext } from './context.ts'
import { sendMessages } from './send-messages.ts'
import { removeOldUploads } from './upload-picture.ts'

/** A minute is soon enough for a text message; old uploads go at night in China. */
export function intakeJobs(context: ReliefContext): readonly JobDefinition[] {
  return [
    {
      name: 'relief.send_messages',
      cron: '* * * * *',
      async run() {
        await sendMessages(context)
      },
    },
    {
      name: 'relief.remove_uploads',
      cron: '20 * * * *',
      async run() {
        await removeOldUploads(context)
      },
    },
  ]
}
