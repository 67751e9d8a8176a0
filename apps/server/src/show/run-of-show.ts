import type { RunOfShow } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'

/** An item as it is kept. */
export interface StoredItem {
  readonly id: number
  readonly titleZh: string
  readonly minutes: number
  readonly script: string
  readonly skuId: number | null
}

interface RunRow {
  readonly version: number
  readonly items: StoredItem[]
  readonly editedBy: string
  readonly editedAt: Date
  readonly currentItemId: number | null
  readonly currentSince: Date | null
}

/** The run of a room's show, with the advertising words that stand in it; an empty one when nobody has written it yet. */
export async function readRun(
  { platform, checkWords }: Pick<ShowContext, 'platform' | 'checkWords'>,
  roomId: number,
): Promise<RunOfShow> {
  const row = first(
    await platform.db.query<RunRow>(
      `select r.version, r.items, u.name as "editedBy", r.edited_at as "editedAt", r.current_item_id as "currentItemId",
         r.current_since as "currentSince"
       from room_runs r join users u on u.id = r.edited_by where r.room_id = $1`,
      [roomId],
      'show-run',
    ),
  )
  if (!row) return { version: 0, items: [], current: null, editedBy: '', editedAtMs: null }
  const { version, items, editedBy, editedAt, currentItemId, currentSince } = row
  return {
    version,
    items: items.map((item) => ({ ...item, findings: checkWords(`${item.titleZh}\n${item.script}`).slice(0, 20) })),
    current: currentItemId !== null && currentSince ? { itemId: currentItemId, sinceMs: currentSince.getTime() } : null,
    editedBy,
    editedAtMs: editedAt.getTime(),
  }
}

/** @throws Refusal live.room_not_found, live.room_ended */
export async function requireOpenRoom(tx: Queryable, roomId: number): Promise<void> {
  const room = first(await tx.query<{ status: string }>('select status from rooms where id = $1', [roomId]))
  if (!room) throw new Refusal('live.room_not_found')
  if (room.status === 'ended') throw new Refusal('live.room_ended')
}
