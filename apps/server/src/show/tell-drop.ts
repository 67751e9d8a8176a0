import { DROPS_RECENT_MAX, type RoomDrop } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'
import type { ShowContext } from './context.ts'
import { DROP_COLUMNS, type DropRow, readDropRow } from './drop.ts'
import { countsOf } from './drop-counts.ts'
import { describeDrops } from './drop-kinds.ts'

/** A drop as viewers see it, and its room. @throws Refusal show.drop_not_found */
export async function readDrop(db: Queryable, dropId: number): Promise<{ roomId: number; drop: RoomDrop }> {
  const row = await readDropRow(db, dropId)
  return { roomId: row.roomId, drop: one(await describeDrops(db, [row])) }
}

/** The drops that a room's snapshot carries, oldest first: the open ones, and then those that were opened last. */
export async function dropsOf(db: Queryable, roomId: number): Promise<RoomDrop[]> {
  const rows = await db.query<DropRow>(
    `select ${DROP_COLUMNS} from room_drops d where d.room_id = $1 order by d.closed_at is null desc, d.id desc limit ${DROPS_RECENT_MAX}`,
    [roomId],
    'show-drops-of-room',
  )
  return describeDrops(db, rows)
}

/** Drops of one show that are listed; more than sixty an hour there cannot be. */
const SHOW_DROPS_MAX = 500

/** All drops of a show with what became of them, oldest first. */
export async function allDropsOf(db: Queryable, roomId: number): Promise<RoomDrop[]> {
  const rows = await db.query<DropRow>(
    `select ${DROP_COLUMNS} from room_drops d where d.room_id = $1 order by d.id limit ${SHOW_DROPS_MAX}`,
    [roomId],
    'show-all-drops',
  )
  return describeDrops(db, rows)
}

/**
 * Tells the room of a drop as it stands, at once. Two that tell of the same drop may have read it in another order than they speak: an open
 * one is not told any more when it is known to have closed, because a drop never opens again.
 */
export async function tellDrop({ live, platform, desk }: ShowContext, dropId: number): Promise<void> {
  const { roomId, drop } = await readDrop(platform.db, dropId)
  live.tell(roomId, (room) => {
    const known = room.view.drops.find(({ id }) => id === dropId)
    if (drop.open && known?.open === false) return
    // In place of counts that were read earlier and still wait for the tick.
    room.setCounts(dropId, countsOf(drop))
    room.publish({ t: 'drop', drop }, 'now')
  })
  desk.changed(roomId, 'drops')
}
