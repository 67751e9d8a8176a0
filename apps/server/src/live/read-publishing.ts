import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** Whether a room takes video any more, and whether a second publisher takes over. @throws Refusal live.room_not_found */
export async function readPublishing(db: Queryable, roomId: number): Promise<{ ended: boolean; takeover: boolean }> {
  const found = first(
    await db.query<{ ended: boolean; takeover: boolean }>(
      `select r.status = 'ended' as ended, coalesce(k.takeover, false) as takeover
       from rooms r left join room_stream_keys k on k.room_id = r.id where r.id = $1`,
      [roomId],
      'live-read-publishing',
    ),
  )
  if (!found) throw new Refusal('live.room_not_found')
  return found
}
