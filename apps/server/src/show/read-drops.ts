import {
  type DeskDrops,
  DRAW_ALGORITHM,
  DROPS_RECENT_MAX,
  type DropPage,
  type DropWinners,
  type MyDrops,
} from '@chunbo/contract'
import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { bagDetailOf } from './bag-kind.ts'
import type { ShowContext } from './context.ts'
import { DROP_COLUMNS, type DropRow } from './drop.ts'
import { describeDrops } from './drop-kinds.ts'
import { readPlacedDrop } from './recent-drops.ts'
import { requireVisible } from './visible-drop.ts'

/** Drops of a room that its desk lists. */
const DESK_DROPS_MAX = 30

type DrawRow = Pick<NonNullable<DropPage['draw']>, 'seed' | 'seedHash' | 'entrants' | 'winners'>

/** What everybody may read of a drop; of a bag that is drawn all that is needed to draw it again. @throws Refusal show.drop_not_found */
export async function readDropPage(context: ShowContext, dropId: number, userId: number | null): Promise<DropPage> {
  const { db } = context.platform
  const row = await requireVisible(context, await readPlacedDrop(db, dropId), userId)
  const drop = one(await describeDrops(db, [row]))
  if (row.kind !== 'bag' || row.closedAt === null) return { roomId: row.roomId, drop, draw: null }
  const draw = one(
    await db.query<DrawRow>(
      `select s.seed, s.seed_hash as "seedHash",
         array(select e.entrant from bag_entries e where e.drop_id = s.drop_id order by e.entrant collate "C") as entrants,
         (select coalesce(jsonb_agg(jsonb_build_object('place', w.place, 'entrant', e.entrant, 'name', e.name) order by w.place), '[]')
            from bag_winners w join bag_entries e on e.drop_id = w.drop_id and e.user_id = w.user_id
            where w.drop_id = s.drop_id) as winners
       from bag_seeds s where s.drop_id = $1`,
      [dropId],
      'show-draw',
    ),
  )
  return { roomId: row.roomId, drop, draw: { algorithm: DRAW_ALGORITHM, prizes: bagDetailOf(row).prizes, ...draw } }
}

/** The drops of a room as its desk lists them, the newest first. */
export async function readDeskDrops({ platform }: Pick<ShowContext, 'platform'>, roomId: number): Promise<DeskDrops> {
  const { db } = platform
  const rows = await db.query<DropRow & { openedByName: string; winners: number; claimed: number }>(
    `select ${DROP_COLUMNS}, u.name as "openedByName",
       (select count(*)::int from bag_winners w where w.drop_id = d.id) as winners,
       (select count(w.claimed_at)::int from bag_winners w where w.drop_id = d.id) as claimed
     from room_drops d join users u on u.id = d.opened_by where d.room_id = $1 order by d.id desc limit ${DESK_DROPS_MAX}`,
    [roomId],
    'show-desk-drops',
  )
  const drops = new Map((await describeDrops(db, rows)).map((drop) => [drop.id, drop]))
  return {
    drops: rows.flatMap(({ id, openedByName, winners, claimed }) => {
      const drop = drops.get(id)
      return drop ? [{ drop, openedBy: openedByName, winners, claimed }] : []
    }),
  }
}

/** What a user has done in the bags and polls of a room, the newest first; all wins, however old, until they are claimed. */
export async function readMyDrops(
  { platform }: Pick<ShowContext, 'platform'>,
  roomId: number,
  userId: number,
): Promise<MyDrops> {
  const drops = await platform.db.query<MyDrops['drops'][number]>(
    `select d.id as "dropId", d.kind, e.ticket, v.option as vote, w.place, coalesce(d.detail ->> 'prizeZh', '') as "prizeZh",
       coalesce(d.detail ->> 'prizeEn', '') as "prizeEn", w.claimed_at is not null as claimed
     from room_drops d
     left join bag_entries e on e.drop_id = d.id and e.user_id = $2
     left join bag_winners w on w.drop_id = d.id and w.user_id = $2
     left join poll_votes v on v.drop_id = d.id and v.user_id = $2
     where d.room_id = $1 and d.kind in ('bag', 'poll') and (e.drop_id is not null or v.drop_id is not null)
     order by (w.place is not null and w.claimed_at is null) desc, d.id desc limit ${DROPS_RECENT_MAX * 4}`,
    [roomId, userId],
    'show-my-drops',
  )
  return { drops }
}

/** Who has won a bag and where the prizes go, for the room's host team alone. @throws Refusal show.drop_not_found */
export async function readWinners(
  { platform }: Pick<ShowContext, 'platform'>,
  roomId: number,
  dropId: number,
): Promise<DropWinners> {
  const { db } = platform
  const found = first(await db.query('select from room_drops where id = $1 and room_id = $2', [dropId, roomId]))
  if (!found) throw new Refusal('show.drop_not_found')
  const rows = await db.query<{
    place: number
    name: string
    claimedAt: Date | null
    to: DropWinners['winners'][number]['to']
  }>(
    `select w.place, e.name, w.claimed_at as "claimedAt",
       case when w.claimed_at is not null then jsonb_build_object('name', w.to_name, 'phone', w.to_phone, 'detail', w.to_detail,
         'regionName', coalesce(concat_ws(' ', p.province, nullif(p.prefecture, ''), p.county), '')) end as "to"
     from bag_winners w join bag_entries e on e.drop_id = w.drop_id and e.user_id = w.user_id
     left join places p on p.code = w.to_region_code where w.drop_id = $1 order by w.place`,
    [dropId],
  )
  return {
    winners: rows.map(({ place, name, claimedAt, to }) => ({
      place,
      name,
      claimedAtMs: claimedAt?.getTime() ?? null,
      to,
    })),
  }
}
