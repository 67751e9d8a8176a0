import { type DeskPeople, SEAT_BEAT_MS, type SeatInput } from '@chunbo/contract'
import type { ShowContext } from './context.ts'

/** Desks of one user in one room, for example a computer and the phone with the teleprompter. */
const SEATS_A_USER_MAX = 8

const leftBefore = (now: Date) => new Date(now.getTime() - 2 * SEAT_BEAT_MS)

/** Says that a user sits at a desk, or has left it. The desks are told when that is news. */
export async function takeSeat(context: ShowContext, roomId: number, input: SeatInput, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const now = clock.now()
  const device = input.device ?? ''
  if (input.seat === null) {
    await db.query('delete from desk_seats where room_id = $1 and user_id = $2 and device = $3', [
      roomId,
      userId,
      device,
    ])
  } else {
    await db.query(
      `with old as (
         delete from desk_seats where room_id = $1 and user_id = $2 and device <> $3 and (seen_at < $7 or device in (
           select device from desk_seats where room_id = $1 and user_id = $2 and device <> $3 order by seen_at desc offset ${SEATS_A_USER_MAX - 1}))
       )
       insert into desk_seats as s (room_id, user_id, device, seat, panel, since, seen_at) values ($1, $2, $3, $4, $5, $6, $6)
       on conflict (room_id, user_id, device) do update set seat = excluded.seat, panel = excluded.panel, seen_at = excluded.seen_at,
         since = case when s.seat = excluded.seat and s.seen_at >= $7 then s.since else excluded.since end`,
      [roomId, userId, device, input.seat, input.panel ?? null, now, leftBefore(now)],
    )
  }
  // What has not changed is not told again; the section takes care of that.
  context.desk.changed(roomId, 'people')
}

/** Who sits at the desks of a room, in the order of their coming. */
export async function readPeople({ platform }: Pick<ShowContext, 'platform'>, roomId: number): Promise<DeskPeople> {
  const people = await platform.db.query<DeskPeople['people'][number]>(
    `select s.user_id as "userId", u.name, s.seat, s.panel, s.device, floor(extract(epoch from s.since) * 1000)::bigint as "sinceMs"
     from desk_seats s join users u on u.id = s.user_id
     where s.room_id = $1 and s.seen_at >= $2 order by s.since, s.user_id, s.device limit 50`,
    [roomId, leftBefore(platform.clock.now())],
    'show-people',
  )
  return { people }
}

/** Rooms at whose desks somebody sits, or sat until just now, so that their leaving is told. */
export async function roomsWithDesks({ platform }: Pick<ShowContext, 'platform'>): Promise<number[]> {
  const rows = await platform.db.query<{ id: number }>(
    `select distinct room_id as id from desk_seats where seen_at >= $1`,
    [new Date(leftBefore(platform.clock.now()).getTime() - SEAT_BEAT_MS)],
    'show-rooms-with-desks',
  )
  return rows.map(({ id }) => id)
}
