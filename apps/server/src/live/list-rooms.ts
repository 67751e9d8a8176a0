import type { Value } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { ROOM_COLUMNS, ROOM_TABLES, type RoomRow } from './room-row.ts'

/** What the public lists show: on air (paused ones too), to come, and over. */
export type RoomListing = 'live' | 'scheduled' | 'ended'

/** A show that nobody began half a day after its time will not begin. */
export const LATE_MS = 12 * 60 * 60_000

const LISTINGS = {
  live: { column: 'r.started_at', order: 'asc', where: `r.status in ('live', 'paused')` },
  scheduled: { column: 'r.scheduled_at', order: 'asc', where: `r.status = 'scheduled'` },
  ended: { column: 'r.ended_at', order: 'desc', where: `r.status = 'ended' and r.started_at is not null` },
} as const

const CURSOR = /^(live|scheduled|ended)\|(\d{1,15})\|(\d{1,15})$/

/** A page of rooms: live by start, scheduled by time, ended the newest first. @throws Refusal live.cursor_invalid */
export async function listRooms(
  context: LiveContext,
  query: { listing: RoomListing; countyCode: number | null; cursor: string | null; limit: number },
): Promise<{ items: RoomRow[]; next: string | null }> {
  const { listing, limit } = query
  const { column, order, where } = LISTINGS[listing]
  const late = new Date(context.platform.clock.now().getTime() - LATE_MS)
  const values: Value[] = [limit + 1]
  const bind = (value: Value) => `$${values.push(value)}`
  const conditions: string[] = [where, 'not r.practice']
  if (listing === 'scheduled') conditions.push(`r.scheduled_at > ${bind(late)}`)
  if (query.countyCode !== null) conditions.push(`r.county_code = ${bind(query.countyCode)}`)
  if (query.cursor !== null) {
    const [, of, atMs, id] = CURSOR.exec(Buffer.from(query.cursor, 'base64url').toString('latin1')) ?? []
    if (of !== listing) throw new Refusal('live.cursor_invalid')
    const than = order === 'asc' ? '>' : '<'
    // All these times come from the application's clock, which has whole milliseconds, so the cursor's are exact.
    conditions.push(
      `(${column}, r.id) ${than} (${bind(new Date(Number(atMs)))}::timestamptz, ${bind(Number(id))}::bigint)`,
    )
  }
  const rows = await context.platform.db.query<RoomRow & { position: Date }>(
    `select ${ROOM_COLUMNS}, ${column} as position from ${ROOM_TABLES} where ${conditions.join(' and ')}
     order by ${column} ${order}, r.id ${order} limit $1`,
    values,
  )
  const last = rows[limit - 1]
  const next =
    rows.length > limit && last
      ? Buffer.from(`${listing}|${last.position.getTime()}|${last.id}`).toString('base64url')
      : null
  return { items: rows.slice(0, limit).map(({ position: _, ...row }) => row), next }
}

/** Rooms of these counties, or of all (null), the newest first. @throws Refusal live.cursor_invalid */
export async function listTeamRooms(
  context: LiveContext,
  query: { countyCodes: readonly number[] | null; cursor: string | null; limit: number },
): Promise<{ items: RoomRow[]; next: string | null }> {
  const beforeId = query.cursor === null ? Number.MAX_SAFE_INTEGER : Number(query.cursor)
  if (!Number.isSafeInteger(beforeId) || beforeId < 0) throw new Refusal('live.cursor_invalid')
  const rows = await context.platform.db.query<RoomRow>(
    `select ${ROOM_COLUMNS} from ${ROOM_TABLES}
     where r.id < $1 and ($2::int[] is null or r.county_code = any($2)) order by r.id desc limit $3`,
    [beforeId, query.countyCodes, query.limit + 1],
  )
  const items = rows.slice(0, query.limit)
  return { items, next: rows.length > query.limit ? String(items.at(-1)?.id) : null }
}
