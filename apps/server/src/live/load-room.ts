import type { ChatLine } from '@chunbo/contract'
import { CHAT_MODE_OPEN, CHAT_RECENT_MAX } from '@chunbo/contract'
import type { RoomExtras, RoomOpening } from '@chunbo/live-room'
import type { Database, Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { headOf, readRoom } from './room-row.ts'
import { readPin, readShelves } from './room-shelf.ts'

/** What later slices bring to a room when it comes into memory; a part that is not brought is empty. */
export type RoomParts = Partial<Omit<RoomExtras, 'likes'>>
const NO_PARTS: Omit<RoomExtras, 'likes'> = { chatPin: null, chatMode: CHAT_MODE_OPEN, answers: [], drops: [] }

/** The last lines of a room's chat, oldest first. */
async function readChat(db: Queryable, roomId: number): Promise<ChatLine[]> {
  const rows = await db.query<{
    id: string
    saidAt: Date
    name: string
    fromHost: boolean
    body: string
    badge: NonNullable<ChatLine['badge']> | null
    level: number | null
  }>(
    `select id, said_at as "saidAt", name, from_host as "fromHost", body, badge, level from shown_chat
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
    ...(row.badge === null ? {} : { badge: row.badge }),
    ...(row.level === null ? {} : { level: row.level }),
  }))
}

/**
 * What a room starts from in memory; null when there is no such room. The row is read first: a change that comes between the reads has a
 * higher version and is told again, which does no harm, while reading it last would hide the change.
 */
export async function loadRoom(
  db: Database,
  roomId: number,
  partsOf: (roomId: number) => Promise<RoomParts>,
): Promise<RoomOpening | null> {
  try {
    const room = await readRoom(db, roomId)
    const [shelves, pin, chat, parts] = await Promise.all([
      readShelves(db, [roomId]),
      readPin(db, roomId),
      readChat(db, roomId),
      partsOf(roomId),
    ])
    const extras = { ...NO_PARTS, ...parts, likes: room.likes }
    return { room: headOf(room), shelf: shelves.get(roomId) ?? [], pin, chat, extras, version: room.version }
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
