import { closeDrop } from './close-drop.ts'
import type { ShowContext } from './context.ts'

/** Drops that are looked at in one round. */
const ROUND_MAX = 200

/**
 * Closes the drops whose time has come, and those of rooms that have ended. Gives how many this call closed; another process may
 * close the same at the same time, and each is closed by one of them.
 */
export async function closeDueDrops(context: ShowContext): Promise<number> {
  const { db, clock, log } = context.platform
  const due = await db.query<{ id: number }>(
    `select d.id from room_drops d join rooms r on r.id = d.room_id
     where d.closed_at is null and (d.closes_at <= $1 or r.status = 'ended') order by d.closes_at, d.id limit ${ROUND_MAX}`,
    [clock.now()],
    'show-due-drops',
  )
  let closed = 0
  for (const { id } of due) {
    try {
      if (await closeDrop(context, id)) closed += 1
    } catch (error) {
      // One that cannot be closed must not keep the others open; it is tried again in the next round.
      log.error({ err: error, dropId: id }, 'a drop could not be closed')
    }
  }
  return closed
}
