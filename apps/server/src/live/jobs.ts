import type { JobDefinition } from '../platform/jobs.ts'
import type { LiveContext } from './context.ts'
import { endSilentRooms } from './end-room.ts'

export function liveJobs(context: LiveContext): JobDefinition[] {
  return [
    {
      name: 'live.end-silent-rooms',
      cron: '*/5 * * * *',
      run: () => endSilentRooms(context),
    },
  ]
}
