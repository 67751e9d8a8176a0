import type { ChatLine } from '@chunbo/contract'
import { CHAT_RECENT_MAX } from '@chunbo/contract'
import type { RoomOpening } from '@chunbo/live-room'
import type { Database, Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { headOf, readRoom } from './room-row.ts'
import { readPin, readShelves } from './room-shelf.ts'

/** The last lines of a room's chat, oldest first. */
async function readChat(db: Queryable, roomId: number): Promise<ChatLine[]> {
  const rows = await db.query<{ id: string; saidAt: Date; name: string; fromHost: boolean; body: string }>(
    `select id, said_at as "saidAt", name, from_host as "fromHost", body from room_chat
     where room_id = $1 order by id desc limit ${CHAT_RECENT_MAX}`,
    [roomId],
    'live-chat-recent',
  )
  return rows.reverse().map((row) => ({
    id: row.id,
    atMs: row.saidAt.getTime(),
    name: row.name,
    from: row.fromHost ? ('host' as const) : ('viewer' as const),
    text: row.body,
  }))
}

/**
 * What a room starts from in memory; null when there is no such room. The row is read first: a change that comes between the reads has a
 * higher version and is told again, which does no harm, while reading it last would hide the change.
 */
export async function loadRoom(db: Database, roomId: number): Promise<RoomOpening | null> {
  try {
    const room = await readRoom(db, roomId)
    const [shelves, pin, chat] = await Promise.all([
      readShelves(db, [roomId]),
      readPin(db, roomId),
      readChat(db, roomId),
    ])
    return { room: headOf(room), shelf: shelves.get(roomId) ?? [], pin, chat, version: room.version }
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
