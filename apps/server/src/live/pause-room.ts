import { first } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { RETURNING_STATUS, type StatusRow, tellStatus } from './room-status.ts'

/** Video has been away for longer than the grace: a live room is paused. Any other stays what it is. */
export async function pauseRoom(context: Pick<LiveContext, 'platform' | 'hub'>, roomId: number): Promise<void> {
  const row = first(
    await context.platform.db.query<StatusRow>(
      `update rooms set status = 'paused', version = version + 1 where id = $1 and status = 'live' ${RETURNING_STATUS}`,
      [roomId],
    ),
  )
  if (row) tellStatus(context, row)
}
