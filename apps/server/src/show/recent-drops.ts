import { type Database, first } from '../platform/database.ts'
import { DROP_COLUMNS } from './drop.ts'
import type { PlacedDrop } from './visible-drop.ts'

/** How old what is known of a drop may be where thousands tap at once: whether it is still open is settled by the statement that enters them. */
const KEPT_MS = 1_000
const KEPT_MAX = 500

/** Drops as they were a moment ago, each read once for all who ask at the same time. */
export interface RecentDrops {
  find(dropId: number): Promise<PlacedDrop | null>
}

export function readPlacedDrop(db: Database, dropId: number): Promise<PlacedDrop | null> {
  return db
    .query<PlacedDrop>(
      `select ${DROP_COLUMNS}, r.county_code as "countyCode", r.practice
       from room_drops d join rooms r on r.id = d.room_id where d.id = $1`,
      [dropId],
      'show-placed-drop',
    )
    .then(first)
}

export function createRecentDrops(db: Database): RecentDrops {
  const kept = new Map<number, { readonly row: Promise<PlacedDrop | null>; readonly untilMs: number }>()
  return {
    find(dropId) {
      const nowMs = performance.now()
      const known = kept.get(dropId)
      if (known && known.untilMs > nowMs) return known.row
      if (kept.size >= KEPT_MAX) kept.clear()
      const row = readPlacedDrop(db, dropId)
      kept.set(dropId, { row, untilMs: nowMs + KEPT_MS })
      // A read that failed, or found nothing, is not kept: what is not there now may be there in a moment.
      const forget = () => {
        if (kept.get(dropId)?.row === row) kept.delete(dropId)
      }
      row.then((found) => found ?? forget(), forget)
      return row
    },
  }
}
