import type { DeskFigures } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'

interface FigureRow {
  readonly viewersPeak: number
  readonly likes: number
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  /** Orders that wait for their payment: those held are few, and have an index of their own. */
  readonly waiting: number
  /** Viewers who came in and those who opened goods, by the minutes that are written down. */
  readonly entered: number
  readonly opened: number
}

/** The figures of a room's desk. Nothing in them is estimated. @throws Refusal live.room_not_found */
export async function readFigures(
  { platform, live, salesOf }: Pick<ShowContext, 'platform' | 'live' | 'salesOf'>,
  roomId: number,
): Promise<DeskFigures> {
  const { db, clock } = platform
  const nowMs = clock.now().getTime()
  const [rows, sales] = await Promise.all([
    db.query<FigureRow>(
      `select r.viewers_peak as "viewersPeak", r.likes, r.started_at as "startedAt", r.ended_at as "endedAt",
         (select count(*)::int from orders o where o.status = 'held' and o.expires_at > $2 and o.room_id = r.id) as waiting,
         w.entered, w.opened
       from rooms r, lateral (select coalesce(sum(m.entries), 0)::int as entered, coalesce(sum(m.looks), 0)::int as opened
         from room_minutes m where m.room_id = r.id) w
       where r.id = $1`,
      [roomId, clock.now()],
      'show-figures',
    ),
    salesOf(roomId),
  ])
  const row = first(rows)
  if (!row) throw new Refusal('live.room_not_found')
  const now = live.inMemory(roomId)?.figures
  const viewersPeak = Math.max(row.viewersPeak, now?.viewersPeak ?? 0)
  const onAirMs = row.startedAt ? (row.endedAt?.getTime() ?? nowMs) - row.startedAt.getTime() : 0
  return {
    atMs: nowMs,
    viewers: now?.viewers ?? 0,
    viewersPeak,
    likes: Math.max(row.likes, now?.likes ?? 0),
    ...sales,
    minutesOnAir: Math.max(0, Math.floor(onAirMs / 60_000)),
    funnel: { entered: row.entered, opened: row.opened, viewersPeak, waiting: row.waiting, paid: sales.orders },
  }
}
