import type { DeskWarnings, RoomStatus, ShelfEntry } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { judgeRoom, type WarningBook } from './desk-warnings.ts'

interface RoomState {
  readonly status: RoomStatus
  readonly shelf: Pick<ShelfEntry, 'shopId' | 'skuId' | 'stock'>[]
  readonly unpinnedSince: Date | null
}

/** From the database and not from the room in memory, so that a desk is warned also before a viewer has come. */
async function readState(db: Queryable, roomId: number): Promise<RoomState> {
  const row = first(
    await db.query<RoomState>(
      `select r.status,
         case when r.status = 'live' and not exists (select from room_pins o where o.room_id = r.id and o.unpinned_at is null)
           then greatest(r.started_at, (select max(p.unpinned_at) from room_pins p where p.room_id = r.id)) end as "unpinnedSince",
         (select coalesce(jsonb_agg(jsonb_build_object('shopId', s.shop_id, 'skuId', s.sku_id, 'stock', t.stock) order by s.position), '[]')
            from room_shelf s join sku_stock t on t.shop_id = s.shop_id and t.sku_id = s.sku_id
            where s.room_id = r.id and not s.hidden and t.on_sale) as shelf
       from rooms r where r.id = $1`,
      [roomId],
      'show-warning-state',
    ),
  )
  if (!row) throw new Refusal('live.room_not_found')
  return row
}

/** What the people of a room's desk should know of. @throws Refusal live.room_not_found */
export async function readWarnings(
  {
    platform,
    live,
    questionsWaiting,
    complaintsOf,
  }: Pick<ShowContext, 'platform' | 'live' | 'questionsWaiting' | 'complaintsOf'>,
  book: WarningBook,
  roomId: number,
): Promise<DeskWarnings> {
  const nowMs = platform.clock.now().getTime()
  const { status, shelf, unpinnedSince } = await readState(platform.db, roomId)
  const findings = judgeRoom({
    status,
    shelf,
    unpinnedSinceMs: unpinnedSince?.getTime() ?? null,
    questions: questionsWaiting(roomId),
    complaints: complaintsOf(roomId),
    stream: live.streamOf(roomId),
    nowMs,
  })
  return { warnings: book.date(roomId, findings, nowMs) }
}
