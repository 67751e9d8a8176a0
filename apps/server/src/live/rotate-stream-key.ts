import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'
import { makeStreamKey } from './stream-key.ts'

/**
 * Gives a room a new stream key. The old one opens nothing from now on, and whoever publishes with it is sent away: a key that is known to
 * strangers must not keep the picture. @throws Refusal live.room_not_found, live.room_ended
 */
export async function rotateStreamKey(context: LiveContext, roomId: number, userId: number): Promise<void> {
  const { db, clock } = context.platform
  await db.transaction(async (tx) => {
    await takeRoom(tx, roomId)
    await tx.query(
      `update room_stream_keys set stream_key = $2, made_by = $3, made_at = $4, used_at = null, expires_at = null
       where room_id = $1`,
      [roomId, makeStreamKey(context.identity.streamKeySecret), userId, clock.now()],
    )
  })
  await context.video.end(roomId, 'key_changed')
}
