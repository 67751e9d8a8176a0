import type { RoomDrop } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

export type DropKindName = RoomDrop['kind']

/** A drop as its row has it. `detail` is the kind's own, as it was given when the drop was opened. */
export interface DropRow {
  readonly id: number
  readonly roomId: number
  readonly kind: DropKindName
  readonly openedBy: number
  readonly openedAt: Date
  readonly closesAt: Date
  /** When it closed; null while it is open. */
  readonly closedAt: Date | null
  readonly detail: Readonly<Record<string, unknown>>
}

export const DROP_COLUMNS = `d.id, d.room_id as "roomId", d.kind, d.opened_by as "openedBy", d.opened_at as "openedAt",
  d.closes_at as "closesAt", d.closed_at as "closedAt", d.detail`

/** The part that drops of all kinds have in what viewers see. */
export function commonOf(row: DropRow): Pick<RoomDrop, 'id' | 'openedAtMs' | 'closesAtMs' | 'open'> {
  return {
    id: row.id,
    openedAtMs: row.openedAt.getTime(),
    closesAtMs: row.closesAt.getTime(),
    open: row.closedAt === null,
  }
}

/** One drop. @throws Refusal show.drop_not_found */
export async function readDropRow(db: Queryable, dropId: number): Promise<DropRow> {
  const row = first(
    await db.query<DropRow>(`select ${DROP_COLUMNS} from room_drops d where d.id = $1`, [dropId], 'show-drop'),
  )
  if (!row) throw new Refusal('show.drop_not_found')
  return row
}
