import type { RoomPin, ShelfEntry, ShelfItem } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { one } from '../platform/database.ts'
import type { LiveContext } from './context.ts'

interface ShelfRow extends ShelfEntry {
  readonly roomId: number
}

const ENTRIES = `select s.room_id as "roomId", s.shop_id as "shopId", s.sku_id as "skuId", t.version, t.price_fen as "priceFen", t.stock
  from room_shelf s join sku_stock t on t.shop_id = s.shop_id and t.sku_id = s.sku_id
  where s.room_id = any($1::bigint[]) and not s.hidden and t.on_sale order by s.room_id, s.position`

/** What viewers see of the shelves of these rooms, in the hosts' order. */
export async function readShelves(db: Queryable, roomIds: readonly number[]): Promise<Map<number, ShelfEntry[]>> {
  const rows = await db.query<ShelfRow>(ENTRIES, [roomIds], 'live-shelves')
  const shelves = new Map<number, ShelfEntry[]>(roomIds.map((roomId) => [roomId, []]))
  for (const { roomId, ...entry } of rows) shelves.get(roomId)?.push(entry)
  return shelves
}

/** The shelf with its cards. The desk also sees what is hidden or no longer on sale. */
export async function readShelfItems(context: LiveContext, roomId: number, forDesk: boolean): Promise<ShelfItem[]> {
  const { db } = context.platform
  const rows = await db.query<{ skuId: number; position: number; hidden: boolean }>(
    `select sku_id as "skuId", position, hidden from room_shelf where room_id = $1 order by position`,
    [roomId],
    'live-shelf-order',
  )
  const shown = forDesk ? rows : rows.filter((row) => !row.hidden)
  if (shown.length === 0) return []
  const cards = new Map(
    (await context.catalogue.findCards(shown.map((row) => row.skuId))).map((card) => [card.skuId, card]),
  )
  return shown.flatMap(({ skuId, position, hidden }) => {
    const sku = cards.get(skuId)
    return sku && (forDesk || sku.status === 'on_sale') ? [{ position, sku, ...(hidden ? { hidden } : {}) }] : []
  })
}

/** What is explained just now, or null. */
export async function readPin(db: Queryable, roomId: number): Promise<RoomPin | null> {
  const [pin] = await db.query<{ shopId: number; skuId: number; pinnedAt: Date }>(
    `select shop_id as "shopId", sku_id as "skuId", pinned_at as "pinnedAt" from room_pins
     where room_id = $1 and unpinned_at is null`,
    [roomId],
    'live-pin',
  )
  return pin ? { ...pin, pinnedAt: pin.pinnedAt.toISOString() } : null
}

/** Tells a room's sockets of the shelf as it stands, with the cards that they cannot have yet. */
export async function tellShelf(context: LiveContext, roomId: number): Promise<void> {
  const { hub, platform, catalogue } = context
  // Version and shelf are read by one statement, so that an older shelf can never carry a newer version.
  const { version, items } = one(
    await platform.db.query<{ version: number; items: ShelfEntry[] }>(
      `select r.version, (select coalesce(jsonb_agg(jsonb_build_object('shopId', s.shop_id, 'skuId', s.sku_id, 'version', t.version,
           'priceFen', t.price_fen, 'stock', t.stock) order by s.position), '[]')
         from room_shelf s join sku_stock t on t.shop_id = s.shop_id and t.sku_id = s.sku_id
         where s.room_id = r.id and not s.hidden and t.on_sale) as items
       from rooms r where r.id = $1`,
      [roomId],
      'live-shelf-now',
    ),
  )
  const all = items.length === 0 ? [] : await catalogue.findCards(items.map((item) => item.skuId))
  hub.tell(roomId, (room) => {
    const known = new Map(room.view.shelf.map((entry) => [entry.skuId, entry.version]))
    const cards = all.filter((card) => known.get(card.skuId) !== card.version)
    room.publishState({ t: 'shelf', items, cards }, version)
  })
}
