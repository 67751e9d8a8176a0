import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { recordAction } from './record-action.ts'
import { requireOpenRoom, type StoredItem } from './run-of-show.ts'

/**
 * Says which item of the run is on now; null for none. What is on already stays on since when it was. Without `userId` it is not logged,
 * as when it is an undoing.
 * @throws Refusal show.item_not_found, live.room_not_found, live.room_ended
 */
export async function setCurrentItem(
  context: ShowContext,
  roomId: number,
  itemId: number | null,
  userId: number | null,
): Promise<void> {
  const { db, clock } = context.platform
  const changed = await db.transaction(async (tx) => {
    await requireOpenRoom(tx, roomId)
    const run = first(
      await tx.query<{ items: StoredItem[]; was: number | null }>(
        `select items, current_item_id as was from room_runs where room_id = $1 for update`,
        [roomId],
      ),
    )
    const item = run?.items.find(({ id }) => id === itemId)
    if (itemId !== null && !item) throw new Refusal('show.item_not_found')
    if (!run || run.was === itemId) return null
    await tx.query('update room_runs set current_item_id = $2, current_since = $3 where room_id = $1', [
      roomId,
      itemId,
      itemId === null ? null : clock.now(),
    ])
    return { was: run.was, titleZh: item?.titleZh ?? '' }
  })
  if (!changed) return
  context.desk.changed(roomId, 'run')
  if (userId === null) return
  const { was, titleZh } = changed
  const detail = { itemId, titleZh }
  await recordAction(context, { roomId, userId, kind: 'run_current', aspect: 'run_current', detail, undo: { was } })
}
