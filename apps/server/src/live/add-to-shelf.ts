import type { Queryable } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { LATE_MS } from './list-rooms.ts'
import { tellShelf } from './room-shelf.ts'

/** Goods on a shelf, at most: what a host's whole shelf may have. */
const SHELF_MAX = 100

/** A room that goods may still be put into. */
export interface NextRoom {
  readonly id: number
  readonly titleZh: string
  readonly titleEn: string
  readonly status: 'scheduled' | 'live' | 'paused'
  readonly scheduledAt: Date
}

const NEXT = `select r.id, r.title_zh as "titleZh", r.title_en as "titleEn", r.status, r.scheduled_at as "scheduledAt" from rooms r`
/** On air before to come, the one that began or begins first. */
const SOONEST = `order by (r.status = 'scheduled'), coalesce(r.started_at, r.scheduled_at), r.id`
const STILL = `not r.practice and (r.status in ('live', 'paused') or (r.status = 'scheduled' and r.scheduled_at > $2))`

const lateBefore = (now: Date) => new Date(now.getTime() - LATE_MS)

/** The room of a county that is on air, or else the next one to come; null when there is none. */
export async function findNextRoom(db: Queryable, countyCode: number, now: Date): Promise<NextRoom | null> {
  const rows = await db.query<NextRoom>(
    `${NEXT} where r.county_code = $1 and ${STILL} ${SOONEST} limit 1`,
    [countyCode, lateBefore(now)],
    'live-next-room',
  )
  return rows[0] ?? null
}

/** For each of these SKUs the room that shows it now, or the next one that will. */
export async function findRoomsShowing(
  db: Queryable,
  skuIds: readonly number[],
  now: Date,
): Promise<Map<number, NextRoom>> {
  const rows = await db.query<NextRoom & { skuId: number }>(
    `select distinct on (s.sku_id) s.sku_id as "skuId", r.id, r.title_zh as "titleZh", r.title_en as "titleEn", r.status,
       r.scheduled_at as "scheduledAt"
     from room_shelf s join rooms r on r.id = s.room_id
     where s.sku_id = any($1::bigint[]) and not s.hidden and ${STILL}
     order by s.sku_id, (r.status = 'scheduled'), coalesce(r.started_at, r.scheduled_at), r.id`,
    [skuIds, lateBefore(now)],
    'live-rooms-showing',
  )
  return new Map(rows.map(({ skuId, ...room }) => [skuId, room]))
}

/**
 * Puts goods at the end of the shelf of the county's next room that has place for them, in the caller's transaction. They must be on sale
 * and come from that county, as every host's goods must; what is on the shelf already stays where it is. Gives the room, or null
 * when there is none, and what tells its viewers, to be called after the commit.
 */
export async function addToNextShelf(
  context: LiveContext,
  tx: Queryable,
  countyCode: number,
  goods: readonly { readonly shopId: number; readonly skuId: number }[],
): Promise<{ room: NextRoom; tell: () => Promise<void> } | null> {
  // A room that ends while its row is waited for no longer fits the condition; the next turn finds the one after it.
  for (let turn = 0; turn < 3; turn++) {
    const [room] = await tx.query<NextRoom>(
      `${NEXT} where r.county_code = $1 and ${STILL}
         and coalesce((select max(s.position) from room_shelf s where s.room_id = r.id), 0) + $3 <= $4 ${SOONEST} limit 1 for no key update of r`,
      [countyCode, lateBefore(context.platform.clock.now()), goods.length, SHELF_MAX],
    )
    if (room === undefined) continue
    await tx.query('update rooms set version = version + 1 where id = $1', [room.id])
    await tx.query(
      `insert into room_shelf (room_id, shop_id, sku_id, position)
       select $1, i.shop_id, i.sku_id, i.place + (select coalesce(max(position), 0) from room_shelf where room_id = $1)
       from unnest($2::bigint[], $3::bigint[]) with ordinality i(shop_id, sku_id, place)
       join skus k on k.shop_id = i.shop_id and k.id = i.sku_id and k.status = 'on_sale'
       join lots l on l.shop_id = k.shop_id and l.id = k.lot_id
       join shops h on h.id = k.shop_id and h.status = 'open'
       where h.county_code = $4 or l.county_code = $4
       on conflict (room_id, shop_id, sku_id) do nothing`,
      [room.id, goods.map(({ shopId }) => shopId), goods.map(({ skuId }) => skuId), countyCode],
    )
    return { room, tell: () => tellShelf(context, room.id) }
  }
  return null
}
