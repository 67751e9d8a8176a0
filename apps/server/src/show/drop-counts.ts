import type { RoomDrop } from '@chunbo/contract'
import type { Live } from '../live/index.ts'
import type { Database } from '../platform/database.ts'
import { DROP_COLUMNS, type DropRow } from './drop.ts'
import { describeDrops } from './drop-kinds.ts'

/** Counts of drops that have moved: told once a round, however many entered or voted meanwhile. */
export interface DropCounts {
  /** Somebody entered, voted or took one. Never waits. */
  moved(dropId: number): void
  /** Reads the counts of what has moved and tells the rooms. */
  tell(): Promise<void>
}

/** The counts of a drop in the order that room-parts.ts of the contract gives for its kind. */
export function countsOf(drop: RoomDrop): number[] {
  switch (drop.kind) {
    case 'coupon':
      return [drop.left]
    case 'bag':
      return [drop.entrants]
    case 'poll':
      return drop.options.map(({ votes }) => votes)
    case 'flash':
      return []
  }
}

export function createDropCounts(db: Database, live: Pick<Live, 'tell'>): DropCounts {
  let waiting = new Set<number>()
  return {
    moved: (dropId) => {
      waiting.add(dropId)
    },
    async tell() {
      if (waiting.size === 0) return
      const ids = [...waiting]
      waiting = new Set()
      const rows = await db.query<DropRow>(
        `select ${DROP_COLUMNS} from room_drops d where d.id = any($1::bigint[]) and d.closed_at is null`,
        [ids],
        'show-moved-drops',
      )
      const rooms = new Map(rows.map((row) => [row.id, row.roomId]))
      for (const drop of await describeDrops(db, rows)) {
        live.tell(rooms.get(drop.id) ?? 0, (room) => {
          // What closed meanwhile was told with its last counts; these may be older.
          if (room.view.drops.some(({ id, open }) => id === drop.id && open)) room.setCounts(drop.id, countsOf(drop))
        })
      }
    },
  }
}
