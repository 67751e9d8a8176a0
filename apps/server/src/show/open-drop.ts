import { first, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { DROP_COLUMNS, type DropKindName, type DropRow } from './drop.ts'
import { recordAction } from './record-action.ts'
import { tellDrop } from './tell-drop.ts'

/** Drops that can be open in a room at once: more than this no viewer can follow. */
export const OPEN_DROPS_MAX = 6
export const DROPS_AN_HOUR_MAX = 60
const HOUR_MS = 3_600_000

export interface DropOpening {
  readonly roomId: number
  readonly kind: DropKindName
  /** Who opens it; also in the log of the desk. */
  readonly openedBy: number
  /** How long it stays open, in seconds. */
  readonly seconds: number
  /** What never changes and everybody may see. */
  readonly detail: object
}

/** Takes the room's row, so that two desks open one after the other and the limits hold. */
async function mayOpen(tx: Queryable, roomId: number, now: Date): Promise<void> {
  const room = first(
    await tx.query<{ status: string }>('select status from rooms where id = $1 for no key update', [roomId]),
  )
  if (!room) throw new Refusal('live.room_not_found')
  if (room.status === 'ended') throw new Refusal('live.room_ended')
  const { open, lately } = one(
    await tx.query<{ open: number; lately: number }>(
      `select count(*) filter (where closed_at is null)::int as open, count(*) filter (where opened_at > $2)::int as lately
       from room_drops where room_id = $1 and (closed_at is null or opened_at > $2)`,
      [roomId, new Date(now.getTime() - HOUR_MS)],
    ),
  )
  if (open >= OPEN_DROPS_MAX) throw new Refusal('show.too_many_open', { max: OPEN_DROPS_MAX })
  if (lately >= DROPS_AN_HOUR_MAX) throw new Refusal('show.too_many_drops', { max: DROPS_AN_HOUR_MAX })
}

/**
 * Opens a drop: its row, what `fill` adds for its kind in the same transaction, then the word to the room and the log of the desk.
 * @throws Refusal live.room_not_found, live.room_ended, show.too_many_open, show.too_many_drops, and what `fill` throws
 */
export async function openDrop(
  context: ShowContext,
  opening: DropOpening,
  fill: (tx: Queryable, row: DropRow) => Promise<void> = async () => undefined,
): Promise<DropRow> {
  const { db, clock } = context.platform
  const { roomId, kind, openedBy, seconds, detail } = opening
  const row = await db.transaction(async (tx) => {
    const now = clock.now()
    await mayOpen(tx, roomId, now)
    const made = one(
      await tx.query<DropRow>(
        `insert into room_drops as d (room_id, kind, opened_by, opened_at, closes_at, detail)
         values ($1, $2, $3, $4, $5, $6) returning ${DROP_COLUMNS}`,
        [roomId, kind, openedBy, now, new Date(now.getTime() + seconds * 1000), JSON.stringify(detail)],
      ),
    )
    await fill(tx, made)
    return made
  })
  await tellDrop(context, row.id)
  await recordAction(context, {
    roomId,
    userId: openedBy,
    kind,
    aspect: `drop:${row.id}`,
    detail: { dropId: row.id, ...detail },
    // Coupons and prices are taken back by closing them; a bag or a poll that people have entered cannot be as if it had not been.
    undo: kind === 'coupon' || kind === 'flash' ? { dropId: row.id } : null,
  })
  return row
}
