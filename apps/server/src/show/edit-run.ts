import { RUN_SCRIPT_CHARS_MAX, type RunInput } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { writeAction } from './record-action.ts'
import { requireOpenRoom, type StoredItem } from './run-of-show.ts'

interface LockedRun {
  readonly version: number
  readonly items: StoredItem[]
  readonly nextItemId: number
}

/** The run as it stands, with its row held; null when there is none yet. */
async function lockRun(tx: Queryable, roomId: number): Promise<LockedRun | null> {
  return first(
    await tx.query<LockedRun>(
      `select version, items, next_item_id as "nextItemId" from room_runs where room_id = $1 for update`,
      [roomId],
    ),
  )
}

/** Gives the items their ids: those that are known keep theirs, others get one that was never used in this run. */
function withIds(input: RunInput['items'], run: LockedRun | null): { items: StoredItem[]; nextItemId: number } {
  const known = new Set(run?.items.map(({ id }) => id))
  let nextItemId = run?.nextItemId ?? 1
  const items = input.map(({ id, titleZh, minutes, script = '', skuId = null }) => {
    const kept = id !== undefined && known.delete(id) ? id : nextItemId++
    return { id: kept, titleZh, minutes, script, skuId }
  })
  return { items, nextItemId }
}

async function requireKnownSkus(tx: Queryable, items: readonly StoredItem[]): Promise<void> {
  const wanted = [...new Set(items.flatMap(({ skuId }) => skuId ?? []))]
  if (wanted.length === 0) return
  const found = await tx.query<{ id: number }>('select id from skus where id = any($1::bigint[])', [wanted])
  const unknown = wanted.find((skuId) => !found.some(({ id }) => id === skuId))
  if (unknown !== undefined) throw new Refusal('show.sku_unknown', { skuId: unknown })
}

/**
 * Writes the whole run. It must be based on the version that stands: of two desks that write at once the second is told, and nothing is
 * overwritten. What is on now stays on while its item is in the run.
 * @throws Refusal show.run_changed, show.run_too_long, show.sku_unknown, live.room_not_found, live.room_ended
 */
export async function editRun(context: ShowContext, roomId: number, input: RunInput, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const chars = input.items.reduce((sum, { script = '' }) => sum + script.length, 0)
  if (chars > RUN_SCRIPT_CHARS_MAX) throw new Refusal('show.run_too_long', { max: RUN_SCRIPT_CHARS_MAX })
  const now = clock.now()
  await db.transaction(async (tx) => {
    await requireOpenRoom(tx, roomId)
    const run = await lockRun(tx, roomId)
    if ((run?.version ?? 0) !== input.version) throw new Refusal('show.run_changed', { version: run?.version ?? 0 })
    const { items, nextItemId } = withIds(input.items, run)
    await requireKnownSkus(tx, items)
    const written = await tx.query(
      `insert into room_runs as r (room_id, version, items, next_item_id, edited_by, edited_at) values ($1, 1, $2, $3, $4, $5)
       on conflict (room_id) do update set version = r.version + 1, items = excluded.items, next_item_id = excluded.next_item_id,
         edited_by = excluded.edited_by, edited_at = excluded.edited_at,
         current_item_id = case when r.current_item_id = any($6::int[]) then r.current_item_id end,
         current_since = case when r.current_item_id = any($6::int[]) then r.current_since end
       where r.version = $7 returning version`,
      [roomId, JSON.stringify(items), nextItemId, userId, now, items.map(({ id }) => id), input.version],
    )
    // Two desks that both write the first run: the second waited for the first and finds its version.
    if (written.length === 0) throw new Refusal('show.run_changed', { version: 1 })
    const action = { roomId, userId, kind: 'run' as const, aspect: 'run', detail: { items: items.length }, undo: null }
    await writeAction(tx, action, now)
  })
  context.desk.changed(roomId, 'run', 'actions')
}
