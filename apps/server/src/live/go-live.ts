import { first } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { STARTS_FROM } from './room.ts'
import { RETURNING_STATUS, type StatusRow, tellStatus } from './room-status.ts'

/** Video has arrived: a scheduled or paused room is live. Any other stays what it is. */
export async function goLive(context: Pick<LiveContext, 'platform' | 'hub'>, roomId: number): Promise<void> {
  const { db, clock } = context.platform
  const row = first(
    await db.query<StatusRow>(
      `update rooms set status = 'live', started_at = coalesce(started_at, $2), video_at = $2, version = version + 1
       where id = $1 and status = any($3) ${RETURNING_STATUS}`,
      [roomId, clock.now(), STARTS_FROM],
    ),
  )
  if (row) tellStatus(context, row)
}
