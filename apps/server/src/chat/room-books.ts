import type { Database } from '../platform/database.ts'
import { sameText } from './judge-line.ts'
import { RoomBook, type Silence } from './room-book.ts'

/** Books kept before those of rooms that are no longer in memory are forgotten. */
const BOOKS_MAX = 4_000
const SAID_READ_MAX = 5_000

/** The books of the rooms that are in memory or being loaded. */
export interface RoomBooks {
  find(roomId: number): RoomBook | undefined
  /** Reads a room's book when the room comes into memory. What changes meanwhile is in the book already and stays. */
  load(roomId: number, countyCode: number): Promise<void>
  /** Tells the rooms in which it holds of a silence. */
  silence(silence: Silence, roomId: number, countyCode: number): void
  lift(muteId: number, userId: number): void
  /** Rooms of a county whose books are kept. */
  ofCounty(countyCode: number): number[]
}

export function createRoomBooks(
  db: Database,
  isInMemory: (roomId: number) => boolean,
  clock: { wallMs(): number; steadyMs(): number },
): RoomBooks {
  const books = new Map<number, RoomBook>()
  const loading = new Set<number>()

  function forgetSome(): void {
    for (const roomId of books.keys()) if (!loading.has(roomId) && !isInMemory(roomId)) books.delete(roomId)
  }
  async function read(book: RoomBook): Promise<void> {
    const { roomId, countyCode } = book
    const [silences, said] = await Promise.all([
      db.query<{ muteId: number; userId: number; until: Date | null }>(
        `select id as "muteId", user_id as "userId", until from chat_mutes
         where lifted_at is null and (room_id = $1 and until > $3 or county_code = $2 and whole_county)`,
        [roomId, countyCode, new Date(clock.wallMs())],
        'chat-silences',
      ),
      db.query<{ userId: number; saidAt: Date; body: string }>(
        `select distinct on (user_id) user_id as "userId", said_at as "saidAt", body from (
           select user_id, said_at, body, id from room_chat where room_id = $1 and not from_host order by id desc limit ${SAID_READ_MAX}) l
         where said_at > $2 order by user_id, id desc`,
        [roomId, new Date(clock.wallMs() - 300_000)],
        'chat-last-said',
      ),
    ])
    for (const { muteId, userId, until } of silences)
      book.silence({ muteId, userId, untilMs: until?.getTime() ?? Number.POSITIVE_INFINITY, county: until === null })
    // A clock that was set back must not make anybody wait longer than the mode says.
    for (const { userId, saidAt, body } of said.sort((one, other) => one.saidAt.getTime() - other.saidAt.getTime()))
      book.said(userId, sameText(body), clock.steadyMs() - Math.max(0, clock.wallMs() - saidAt.getTime()))
  }
  return {
    find: (roomId) => books.get(roomId),
    async load(roomId, countyCode) {
      if (books.size >= BOOKS_MAX) forgetSome()
      const book = new RoomBook(roomId, countyCode)
      books.set(roomId, book)
      loading.add(roomId)
      try {
        await read(book)
      } finally {
        loading.delete(roomId)
      }
    },
    silence(silence, roomId, countyCode) {
      for (const book of books.values())
        if (book.roomId === roomId || (silence.county && book.countyCode === countyCode)) book.silence(silence)
    },
    lift(muteId, userId) {
      for (const book of books.values()) book.lift(muteId, userId)
    },
    ofCounty: (countyCode) =>
      [...books.values()].filter((book) => book.countyCode === countyCode).map(({ roomId }) => roomId),
  }
}
