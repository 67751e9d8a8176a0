import { first } from '../platform/database.ts'
import type { RecordingsContext } from './context.ts'

/** Recordings removed in one go; the next round goes on. */
const ROUND_MAX = 500

/**
 * Removes recordings whose time is over, the oldest first, and finishes what an earlier round began. Nothing that is held, and nothing within
 * its rule or the law, is ever taken: what is asked is asked anew for each, under the lock of its room. Gives how many are gone.
 */
export async function removeExpired(context: RecordingsContext): Promise<number> {
  await finishRemovals(context)
  let removed = 0
  while (removed < ROUND_MAX) {
    const roomId = await decideNext(context)
    if (roomId === null) break
    await takeAway(context, roomId)
    removed += 1
  }
  return removed
}

/** Writes down that the oldest recording whose time is over goes; null when there is none. From here on it can be held no more. */
async function decideNext({ platform }: RecordingsContext): Promise<number | null> {
  const now = platform.clock.now()
  return platform.db.transaction(async (tx) => {
    const room = first(
      await tx.query<{ id: number; keepUntil: Date }>(
        `select r.id, recording_keep_until(r.ended_at, r.practice, k.keep_days) as "keepUntil"
         from rooms r join recording_rules k on k.kind = case when r.practice then 'practice' else 'trade' end
         where r.status = 'ended' and r.started_at is not null
           and recording_keep_until(r.ended_at, r.practice, k.keep_days) <= $1
           and not exists (select from recording_holds h where h.room_id = r.id and h.lifted_at is null)
           and not exists (select from recording_removals m where m.room_id = r.id)
         order by r.ended_at, r.id limit 1 for update of r skip locked`,
        [now],
      ),
    )
    if (!room) return null
    // A hold that was placed while this waited for nobody: the lock is held now, so what is seen here stays true.
    const [held] = await tx.query('select from recording_holds where room_id = $1 and lifted_at is null', [room.id])
    if (held) return null
    await tx.query('insert into recording_removals (room_id, decided_at) values ($1, $2)', [room.id, now])
    await tx.query(`insert into recording_log (at, act, room_id, note) values ($1, 'removed', $2, $3)`, [
      now,
      room.id,
      `kept until ${room.keepUntil.toISOString()}`,
    ])
    return room.id
  })
}

async function finishRemovals(context: RecordingsContext): Promise<void> {
  const open = await context.platform.db.query<{ roomId: number }>(
    'select room_id as "roomId" from recording_removals where gone_at is null order by decided_at limit $1',
    [ROUND_MAX],
  )
  for (const { roomId } of open) await takeAway(context, roomId)
}

async function takeAway({ platform, live }: RecordingsContext, roomId: number): Promise<void> {
  await live.removeRecording(roomId)
  await platform.db.query('update recording_removals set gone_at = $2 where room_id = $1', [
    roomId,
    platform.clock.now(),
  ])
}
