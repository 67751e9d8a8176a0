import type { EveningRoom } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

interface Row extends Omit<EveningRoom, 'scheduledAt' | 'startedAt' | 'endedAt'> {
  readonly scheduledAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly viewersPeak: number
  readonly likes: number
}

/** A room as this slice needs it. */
export interface Show {
  readonly room: EveningRoom
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly viewersPeak: number
  readonly likes: number
}

/** @throws Refusal evening.room_not_found */
export async function readShow(db: Queryable, roomId: number): Promise<Show> {
  const row = first(
    await db.query<Row>(
      `select r.id, r.title_zh as "titleZh", r.title_en as "titleEn", r.host_name as "hostName", r.host_office as "hostOffice",
         r.host_office_en as "hostOfficeEn", r.status, r.practice, r.scheduled_at as "scheduledAt", r.started_at as "startedAt",
         r.ended_at as "endedAt", r.viewers_peak as "viewersPeak", r.likes,
         jsonb_build_object('code', p.code, 'province', p.province, 'prefecture', p.prefecture, 'county', p.county) as county
       from rooms r join places p on p.code = r.county_code where r.id = $1`,
      [roomId],
      'evening-show',
    ),
  )
  if (!row) throw new Refusal('evening.room_not_found')
  const { viewersPeak, likes, scheduledAt, startedAt, endedAt, ...room } = row
  return {
    room: {
      ...room,
      scheduledAt: scheduledAt.toISOString(),
      startedAt: startedAt?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
    },
    startedAt,
    endedAt,
    viewersPeak,
    likes,
  }
}
