import type { FollowedCounty, Notice, Place, RoomCard, RoomMe } from '@chunbo/contract'
import { fanLevel } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import type { Sendable } from '../platform/routes.ts'
import type { AudienceContext } from './context.ts'

/** Counties on one's page; there are some three thousand in all. */
const FOLLOWS_MAX = 500
const NOTICES_MAX = 50
const NOTICE_DAYS = 14
/** A show that nobody began half a day after its time will not begin. */
const LATE = `interval '12 hours'`

interface FollowRow {
  readonly county: Place
  readonly followedAt: Date
  readonly points: number
  readonly roomId: number | null
}

const FOLLOWS = `
  select jsonb_build_object('code', p.code, 'province', p.province, 'prefecture', p.prefecture, 'county', p.county) as county,
    f.followed_at as "followedAt", coalesce(n.points, 0) as points, r.id as "roomId"
  from county_follows f join places p on p.code = f.county_code
  left join fans n on n.user_id = f.user_id and n.county_code = f.county_code
  left join lateral (
    select id from rooms where county_code = f.county_code and not practice
      and (status in ('live', 'paused') or status = 'scheduled' and scheduled_at > $2::timestamptz - ${LATE})
    order by (status = 'scheduled'), coalesce(started_at, scheduled_at), id limit 1
  ) r on true
  where f.user_id = $1 order by f.followed_at desc, f.county_code limit ${FOLLOWS_MAX}`

/** The counties that a user follows, each with its room on air or the next one. */
export async function readFollows(
  { platform, live }: AudienceContext,
  userId: number,
): Promise<{ items: Sendable<FollowedCounty>[] }> {
  const rows = await platform.db.query<FollowRow>(FOLLOWS, [userId, platform.clock.now()])
  const cards = await cardsById(
    live,
    rows.flatMap(({ roomId }) => roomId ?? []),
  )
  return {
    items: rows.map(({ roomId, ...row }) => ({
      ...row,
      level: fanLevel(row.points),
      room: roomId === null ? null : (cards.get(roomId) ?? null),
    })),
  }
}

async function cardsById(live: AudienceContext['live'], ids: readonly number[]): Promise<Map<number, RoomCard>> {
  return new Map((await live.cardsOf([...new Set(ids)])).map((card) => [card.id, card]))
}

// Nothing is written for each follower when a county plans a show: what there is to tell is read from the rooms themselves.
const NOTICES = `
  select n.kind, n.at, n.room_id as "roomId", n.at > coalesce((select seen_at from notices_seen where user_id = $1), '-infinity') as "isNew"
  from (
    select 'reminder' as kind, w.told_at as at, w.room_id from room_reminders w
      where w.user_id = $1 and w.told_at > $2::timestamptz - interval '${NOTICE_DAYS} days'
    union all
    select 'scheduled', r.created_at, r.id from county_follows f join rooms r on r.county_code = f.county_code
      where f.user_id = $1 and not r.practice and r.status = 'scheduled' and r.created_at > f.followed_at
        and r.created_at > $2::timestamptz - interval '${NOTICE_DAYS} days' and r.scheduled_at > $2::timestamptz - ${LATE}
    union all
    select 'live', r.started_at, r.id from county_follows f join rooms r on r.county_code = f.county_code
      where f.user_id = $1 and not r.practice and r.started_at > f.followed_at
        and r.started_at > $2::timestamptz - interval '${NOTICE_DAYS} days'
  ) n
  order by n.at desc, n.room_id desc, n.kind limit ${NOTICES_MAX}`

/** What there was to tell a user in the last two weeks, the newest first. */
export async function readNotices(
  { platform, live }: AudienceContext,
  userId: number,
): Promise<{ items: Sendable<Notice>[]; unseen: number }> {
  const rows = await platform.db.query<{ kind: Notice['kind']; at: Date; roomId: number; isNew: boolean }>(NOTICES, [
    userId,
    platform.clock.now(),
  ])
  const cards = await cardsById(
    live,
    rows.map(({ roomId }) => roomId),
  )
  const items = rows.flatMap(({ roomId, ...row }) => {
    const room = cards.get(roomId)
    return room ? [{ ...row, room }] : []
  })
  return { items, unseen: items.filter(({ isNew }) => isNew).length }
}

/** All notices up to now have been seen. */
export async function seeNotices({ platform }: Pick<AudienceContext, 'platform'>, userId: number): Promise<void> {
  await platform.db.query(
    `insert into notices_seen (user_id, seen_at) values ($1, $2)
     on conflict (user_id) do update set seen_at = greatest(notices_seen.seen_at, excluded.seen_at)`,
    [userId, platform.clock.now()],
  )
}

/** What a room knows of a signed-in viewer. */
export async function readRoomMe(context: AudienceContext, userId: number, roomId: number): Promise<RoomMe> {
  const { platform, live, fans } = context
  const countyCode = await live.countyOf(roomId)
  const [fan, reminder] = await Promise.all([
    fans.of(userId, countyCode),
    platform.db
      .query<{ told: boolean }>(
        'select told_at is not null as told from room_reminders where room_id = $1 and user_id = $2',
        [roomId, userId],
        'audience-reminder',
      )
      .then(first),
  ])
  const { chat, draw, follow } = fan.may
  return {
    following: fan.following,
    reminded: reminder !== null,
    level: fan.level,
    points: fan.points,
    minor: fan.band !== 'adult',
    may: { chat, draw, follow },
  }
}
