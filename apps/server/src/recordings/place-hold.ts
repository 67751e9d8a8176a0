import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { RecordingsContext } from './context.ts'

/**
 * Keeps a recording beyond its time until the hold is lifted. The room's row is the lock between this and the job that removes: a hold is
 * either seen by it or refused here. @throws Refusal recordings.not_found, recordings.gone
 */
export async function placeHold(
  { platform }: RecordingsContext,
  roomId: number,
  reason: string,
  userId: number,
): Promise<{ id: number }> {
  const now = platform.clock.now()
  return platform.db.transaction(async (tx) => {
    const room = first(
      await tx.query<{ gone: boolean }>(
        `select exists (select from recording_removals m where m.room_id = r.id) as gone from rooms r
         where r.id = $1 and r.started_at is not null for update of r`,
        [roomId],
      ),
    )
    if (!room) throw new Refusal('recordings.not_found')
    // What the lock has waited for is seen by a statement of its own.
    const [removed] = await tx.query('select from recording_removals where room_id = $1', [roomId])
    if (room.gone || removed) throw new Refusal('recordings.gone')
    return one(
      await tx.query<{ id: number }>(
        `with placed as (insert into recording_holds (room_id, reason, placed_by, placed_at) values ($1, $2, $3, $4) returning id),
           logged as (insert into recording_log (at, by_user, act, room_id, note) values ($4, $3, 'hold_placed', $1, $2))
         select id from placed`,
        [roomId, reason.trim(), userId, now],
      ),
    )
  })
}
