import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { DROP_COLUMNS, type DropRow, readDropRow } from './drop.ts'
import { kindOf } from './drop-kinds.ts'
import { recordAction } from './record-action.ts'
import { tellDrop } from './tell-drop.ts'

/**
 * Ends a drop and does what follows from it (draws the bag, puts the price back), once, however many try and whoever dies in between:
 * who fills closed_at does it, in the same transaction. Gives the row, or null when it was closed already.
 */
export async function closeDrop(context: ShowContext, dropId: number): Promise<DropRow | null> {
  const { db, clock } = context.platform
  const closed = await db.transaction(async (tx) => {
    const now = clock.now()
    const row = first(
      await tx.query<DropRow>(
        `update room_drops d set closed_at = greatest($2, d.opened_at) where d.id = $1 and d.closed_at is null
         returning ${DROP_COLUMNS}`,
        [dropId, now],
      ),
    )
    if (!row) return null
    return { row, after: await kindOf(row.kind)?.settle?.(context, tx, row, now) }
  })
  if (!closed) return null
  await closed.after?.()
  await tellDrop(context, dropId)
  return closed.row
}

/**
 * Closes a drop of a room because a desk says so; one that is closed stays as it is.
 * @throws Refusal show.drop_not_found
 */
export async function closeDropOfRoom(
  context: ShowContext,
  roomId: number,
  dropId: number,
  userId: number,
): Promise<void> {
  const row = await readDropRow(context.platform.db, dropId)
  if (row.roomId !== roomId) throw new Refusal('show.drop_not_found')
  if (!(await closeDrop(context, dropId))) return
  const detail = { dropId, drop: row.kind }
  const aspect = `drop:${dropId}`
  await recordAction(context, { roomId, userId, kind: 'close_drop', aspect, detail, undo: null })
}
