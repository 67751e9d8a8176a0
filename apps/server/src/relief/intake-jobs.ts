import { Type } from 'typebox'
import type { JobDefinition } from '../platform/jobs.ts'
import type { ReliefContext } from './context.ts'
import { sendMessages } from './send-messages.ts'
import { removeOldUploads } from './upload-picture.ts'

/** A minute is soon enough for a text message; old uploads go at night in China. */
export function intakeJobs(context: ReliefContext): readonly JobDefinition[] {
  return [
    {
      name: 'relief.send_messages',
      payload: Type.Object({}),
      cron: '* * * * *',
      async run() {
        await sendMessages(context)
      },
    },
    {
      name: 'relief.remove_uploads',
      payload: Type.Object({}),
      cron: '20 * * * *',
      async run() {
        await removeOldUploads(context)
      },
    },
  ]
}
