import type { Picture, Place, RoomHead, RoomStatus } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** A room as its row has it, with the names and the picture of its card. */
export interface RoomRow {
  readonly id: number
  readonly titleZh: string
  readonly titleEn: string
  readonly hostName: string
  readonly hostOffice: string
  readonly hostOfficeEn: string
  readonly county: Place
  readonly status: RoomStatus
  readonly scheduledAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly cover: Picture | null
  readonly viewersPeak: number
  readonly likes: number
  /** Only the host's team may enter. */
  readonly practice: boolean
  /** Viewers are warned that it may not suit minors. */
  readonly minorsWarning: boolean
  readonly version: number
  /** Goods on the shelf that viewers see. */
  readonly goods: number
}

/** Goods of room r that are shown: not hidden and on sale. */
const GOODS = `(select count(*)::int from room_shelf s join sku_stock t on t.shop_id = s.shop_id and t.sku_id = s.sku_id
    where s.room_id = r.id and not s.hidden and t.on_sale)`

export const ROOM_COLUMNS = `r.id, r.title_zh as "titleZh", r.title_en as "titleEn", r.host_name as "hostName",
  r.host_office as "hostOffice", r.host_office_en as "hostOfficeEn", r.status, r.scheduled_at as "scheduledAt",
  r.started_at as "startedAt", r.ended_at as "endedAt", r.viewers_peak as "viewersPeak", r.likes, r.practice,
  r.minors_warning as "minorsWarning", r.version,
  jsonb_build_object('code', p.code, 'province', p.province, 'prefecture', p.prefecture, 'county', p.county) as county,
  case when c.id is not null then jsonb_build_object('id', c.id, 'width', c.width, 'height', c.height) end as cover,
  ${GOODS} as goods`

export const ROOM_TABLES = `rooms r join places p on p.code = r.county_code left join pictures c on c.id = r.cover_picture_id`

/** One room. @throws Refusal live.room_not_found */
export async function readRoom(db: Queryable, roomId: number): Promise<RoomRow> {
  const row = first(
    await db.query<RoomRow>(`select ${ROOM_COLUMNS} from ${ROOM_TABLES} where r.id = $1`, [roomId], 'live-room'),
  )
  if (!row) throw new Refusal('live.room_not_found')
  return row
}

/** The head as it goes over the room's socket. */
export function headOf(room: RoomRow): RoomHead {
  const { id, status, titleZh, titleEn, hostName, hostOffice, hostOfficeEn } = room
  return {
    id,
    status,
    titleZh,
    titleEn,
    hostName,
    hostOffice,
    hostOfficeEn,
    scheduledAt: room.scheduledAt.toISOString(),
    startedAt: room.startedAt?.toISOString() ?? null,
    endedAt: room.endedAt?.toISOString() ?? null,
  }
}

/**
 * Takes a room's row for a change of state and raises its version: whoever holds it is alone, and what it tells the sockets carries the
 * version. @throws Refusal live.room_not_found, live.room_ended
 */
export async function takeRoom(tx: Queryable, roomId: number): Promise<{ version: number; countyCode: number }> {
  const row = first(
    await tx.query<{ version: number; countyCode: number; status: RoomStatus }>(
      `update rooms set version = version + 1 where id = $1
       returning version, county_code as "countyCode", status`,
      [roomId],
    ),
  )
  if (!row) throw new Refusal('live.room_not_found')
  if (row.status === 'ended') throw new Refusal('live.room_ended')
  return row
}
