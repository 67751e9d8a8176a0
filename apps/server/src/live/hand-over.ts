import type { HandoverInput, RoomHosts } from '@chunbo/contract'
import type { Static } from 'typebox'
import { one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { LiveContext } from './context.ts'
import { headOf, readRoom, takeRoom } from './room-row.ts'

/** Handovers of one room; a show has a handful. */
const HANDOVERS_MAX = 100

/**
 * Another host speaks from now on: everyone in the room sees the new name, and who spoke when is kept.
 * @throws Refusal live.same_host, live.room_not_found, live.room_ended, request.too_many
 */
export async function handOver(
  context: LiveContext,
  roomId: number,
  input: HandoverInput,
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const to = [input.hostName.trim(), input.hostOffice?.trim() ?? '', input.hostOfficeEn?.trim() ?? '']
  if (to[0] === '') throw new Refusal('request.invalid')
  const room = await db.transaction(async (tx) => {
    await takeRoom(tx, roomId)
    const { handovers } = one(
      await tx.query<{ handovers: number }>(
        'select count(*)::int as handovers from room_handovers where room_id = $1',
        [roomId],
      ),
    )
    if (handovers >= HANDOVERS_MAX) throw new Refusal('request.too_many')
    const written = await tx.query(
      `insert into room_handovers (room_id, handed_at, handed_by, from_name, from_office, from_office_en, to_name, to_office, to_office_en)
       select id, $2, $3, host_name, host_office, host_office_en, $4::text, $5::text, $6::text from rooms
       where id = $1 and (host_name, host_office, host_office_en) <> ($4::text, $5::text, $6::text)
       returning id`,
      [roomId, clock.now(), userId, ...to],
    )
    if (written.length === 0) throw new Refusal('live.same_host')
    await tx.query('update rooms set host_name = $2, host_office = $3, host_office_en = $4 where id = $1', [
      roomId,
      ...to,
    ])
    return readRoom(tx, roomId)
  })
  context.hub.tell(roomId, (live) => live.publishState({ t: 'room', room: headOf(room) }, room.version))
}

/** Who spoke from when, in order; the first from the beginning. @throws Refusal live.room_not_found */
export async function readHosts(db: Queryable, roomId: number): Promise<Sendable<Static<typeof RoomHosts>>> {
  const [room, rows] = await Promise.all([
    readRoom(db, roomId),
    db.query<{ at: Date; name: string; office: string; officeEn: string; to: string; toOffice: string; toEn: string }>(
      `select handed_at as at, from_name as name, from_office as office, from_office_en as "officeEn",
         to_name as to, to_office as "toOffice", to_office_en as "toEn"
       from room_handovers where room_id = $1 order by id`,
      [roomId],
    ),
  ])
  const [start] = rows
  const first = start
    ? { hostName: start.name, hostOffice: start.office, hostOfficeEn: start.officeEn, from: null }
    : { hostName: room.hostName, hostOffice: room.hostOffice, hostOfficeEn: room.hostOfficeEn, from: null }
  const later = rows.map((row) => ({
    hostName: row.to,
    hostOffice: row.toOffice,
    hostOfficeEn: row.toEn,
    from: row.at,
  }))
  return { items: [first, ...later] }
}
