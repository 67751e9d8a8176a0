import { randomUUID } from 'node:crypto'
import type { LiveRoom } from '@chunbo/live-room'
import type { Database } from '../platform/database.ts'
import type { EveningContext } from './context.ts'

/**
 * Writes down, minute by minute, how many watched a show. Each run of the process has rows of its own (`writer`), which it overwrites with
 * what it has counted: a write whose answer was lost does no harm when it comes again, and a process that is killed loses at most
 * the seconds since its last look. Readers add the rows of a minute together, so a restart in mid-minute adds up.
 */

/** How often it looks. */
const SAMPLE_MS = 5_000
/** A look that comes later than this after the one before (a machine that slept) does not stand for all the time between. */
const GAP_MAX_MS = 15_000
/** A minute is written once more when it has been over for so long: by then its last lines of chat are in the database. */
const SETTLED_MS = 2_000
/** Rows that wait while the database is away: a hundred rooms for half an hour. The oldest go first. */
const WAITING_MAX = 3_000
const MINUTE_MS = 60_000

interface Minute {
  readonly roomId: number
  readonly minuteMs: number
  watchedMs: number
  viewersMax: number
  socketsMax: number
  entries: number
  looks: number
  likes: number
}

type Live = EveningContext['live']
interface OnAir {
  readonly id: number
  readonly isNew: boolean
}

/** Smallest UUID of version 7 that an instant can have: ids of chat lines are in the order in which they were said. */
export function uuidFloor(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

async function write(db: Database, writer: string, rows: readonly Minute[]): Promise<void> {
  await db.query(
    `insert into room_minutes as m (room_id, minute, writer, watched_s, viewers_max, sockets_max, entries, looks, likes, chat)
     select w.room_id, w.minute, $11, w.watched_s, w.viewers_max, w.sockets_max, w.entries, w.looks, w.likes,
       (select count(*) from room_chat c where c.room_id = w.room_id and c.id >= w.chat_from and c.id < w.chat_to)
     from unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::bigint[], $9::uuid[],
         $10::uuid[]) w(room_id, minute, watched_s, viewers_max, sockets_max, entries, looks, likes, chat_from, chat_to)
     on conflict (room_id, minute, writer) do update set watched_s = greatest(m.watched_s, excluded.watched_s),
       viewers_max = greatest(m.viewers_max, excluded.viewers_max), sockets_max = greatest(m.sockets_max, excluded.sockets_max),
       entries = greatest(m.entries, excluded.entries), looks = greatest(m.looks, excluded.looks), likes = greatest(m.likes, excluded.likes), chat = excluded.chat`,
    [
      rows.map((row) => row.roomId),
      rows.map((row) => new Date(row.minuteMs)),
      rows.map((row) => Math.round(row.watchedMs / 1000)),
      rows.map((row) => row.viewersMax),
      rows.map((row) => row.socketsMax),
      rows.map((row) => row.entries),
      rows.map((row) => row.looks),
      rows.map((row) => row.likes),
      rows.map((row) => uuidFloor(row.minuteMs)),
      rows.map((row) => uuidFloor(row.minuteMs + MINUTE_MS)),
      writer,
    ],
    'evening-minutes',
  )
}

export interface MinuteKeeper {
  /** Looks at every room on air and writes what it has. Rejects when the database is away; what waits then stays. */
  sample(): Promise<void>
}

/** `nowMs` is UTC in ms, `steadyMs` a clock that never jumps. */
export function createMinuteKeeper(
  db: Database,
  live: Pick<Live, 'inMemory'>,
  clock: { nowMs(): number; steadyMs(): number },
): MinuteKeeper {
  const writer = randomUUID()
  const waiting = new Map<string, Minute>()
  /** Entries and looks of a room that were taken over already; one that was loaded anew begins anew. */
  const taken = new WeakMap<LiveRoom, { readonly entries: number; readonly looks: number }>()
  let lookedMs: number | null = null

  function minuteOf(roomId: number, minuteMs: number): Minute {
    const key = `${roomId}:${minuteMs}`
    const known = waiting.get(key)
    if (known !== undefined) return known
    const fresh = { roomId, minuteMs, watchedMs: 0, viewersMax: 0, socketsMax: 0, entries: 0, looks: 0, likes: 0 }
    waiting.set(key, fresh)
    return fresh
  }
  function look({ id, isNew }: OnAir, nowMs: number, sinceMs: number): void {
    const room = live.inMemory(id)
    if (room === undefined) return
    const { viewers, sockets, entries, looks, likes } = room.figures
    const minute = minuteOf(id, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS)
    minute.watchedMs += viewers * sinceMs
    minute.viewersMax = Math.max(minute.viewersMax, viewers)
    minute.socketsMax = Math.max(minute.socketsMax, sockets)
    minute.likes = Math.max(minute.likes, likes)
    // Who waited for the beginning comes in with it; who looked at the notice and left does not count.
    const waited = { entries: entries - viewers, looks: Math.max(0, looks - viewers) }
    const before = taken.get(room) ?? (isNew ? waited : { entries: 0, looks: 0 })
    minute.entries += Math.max(0, entries - before.entries)
    minute.looks += Math.max(0, looks - before.looks)
    taken.set(room, { entries, looks })
  }
  return {
    async sample() {
      const onAir = await db.query<OnAir>(
        `select r.id, not exists (select from room_minutes m where m.room_id = r.id) as "isNew"
         from rooms r where r.status in ('live', 'paused')`,
        [],
        'evening-on-air',
      )
      const steadyMs = clock.steadyMs()
      const nowMs = clock.nowMs()
      const sinceMs = lookedMs === null ? 0 : Math.min(GAP_MAX_MS, Math.max(0, steadyMs - lookedMs))
      lookedMs = steadyMs
      for (const room of onAir) look(room, nowMs, sinceMs)
      for (const key of [...waiting.keys()].slice(0, Math.max(0, waiting.size - WAITING_MAX))) waiting.delete(key)
      if (waiting.size === 0) return
      await write(db, writer, [...waiting.values()])
      for (const [key, row] of waiting) if (nowMs >= row.minuteMs + MINUTE_MS + SETTLED_MS) waiting.delete(key)
    },
  }
}

export { SAMPLE_MS }
