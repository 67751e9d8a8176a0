import { first } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { SILENCE_MAX_MS } from './room.ts'
import { RETURNING_STATUS, type StatusRow, tellStatus } from './room-status.ts'

/** Ends a show for good: what is explained closes, the publisher goes, the recording is finished. Idempotent. */
export async function endRoom(context: LiveContext, roomId: number): Promise<void> {
  const { db, clock } = context.platform
  const at = clock.now()
  const row = await db.transaction(async (tx) => {
    const ended = first(
      await tx.query<StatusRow>(
        `update rooms set status = 'ended', ended_at = greatest($2, started_at), version = version + 1
         where id = $1 and status <> 'ended' ${RETURNING_STATUS}`,
        [roomId, at],
      ),
    )
    if (!ended) return null
    await tx.query(
      'update room_pins set unpinned_at = greatest($2, pinned_at) where room_id = $1 and unpinned_at is null',
      [roomId, at],
    )
    return ended
  })
  if (row) {
    context.hub.tell(roomId, (live) => live.publishState({ t: 'unpin' }, row.version))
    tellStatus(context, row)
  }
  await context.video.end(roomId, 'ended')
}

/** Ends the shows whose video has been away for hours: their host went home. */
export async function endSilentRooms(context: LiveContext): Promise<void> {
  const { db, clock } = context.platform
  const before = new Date(clock.now().getTime() - SILENCE_MAX_MS)
  const silent = await db.query<{ id: number }>(
    `select id from rooms where status in ('live', 'paused') and coalesce(video_at, started_at) < $1 order by id limit 500`,
    [before],
  )
  for (const { id } of silent) if (!context.video.isPublishing(id)) await endRoom(context, id)
}
