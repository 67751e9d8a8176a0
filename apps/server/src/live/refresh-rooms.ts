import type { ShelfEntry, StockLevel } from '@chunbo/contract'
import type { LiveContext } from './context.ts'
import { readShelves, tellShelf } from './room-shelf.ts'
import { unpinProduct } from './unpin-product.ts'

const keyOf = (sku: { readonly shopId: number; readonly skuId: number }) => `${sku.shopId}:${sku.skuId}`

/**
 * Keeps the shelves in memory true: stock that orders report goes straight to the rooms, and everything is read again now and then, for
 * what changed without a report (another process, a report that was lost).
 */
export interface RoomRefresher {
  /** Stock after a committed batch of orders, in the order of the commits. */
  stockChanged(levels: readonly StockLevel[]): void
  /** Reads the shelves of all rooms in memory again. A call while one is under way makes one more afterwards, for all who asked. */
  refresh(): Promise<void>
}

export function createRoomRefresher(context: LiveContext): RoomRefresher {
  const { hub, platform } = context
  /** SKUs that orders reported while a read is under way: what they said is newer than the read. */
  let reported: Set<string> | null = null
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null

  async function readAgain(): Promise<void> {
    const rooms = [...hub.rooms]
    if (rooms.length === 0) return
    const since = new Set<string>()
    reported = since
    const shelves = await readShelves(
      platform.db,
      rooms.map((room) => room.id),
    )
    for (const room of rooms) {
      const shelf = shelves.get(room.id) ?? []
      hub.setStock(shelf.filter((entry) => !since.has(keyOf(entry))))
      const { pin } = room.view
      if (pin && room.view.room.status !== 'ended' && !shelf.some((entry) => keyOf(entry) === keyOf(pin)))
        await unpinProduct(context, room.id)
      if (!sameGoods(shelf, room.view.shelf)) await tellShelf(context, room.id)
    }
  }
  function run(): Promise<void> {
    running = readAgain().finally(() => {
      running = null
      reported = null
    })
    return running
  }
  return {
    stockChanged(levels) {
      if (reported) for (const level of levels) reported.add(keyOf(level))
      hub.setStock(levels)
    },
    refresh() {
      if (!running) return run()
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = null
          return run()
        })
      return next
    },
  }
}

/** Whether two shelves show the same goods at the same versions and prices, whatever their stock. */
function sameGoods(one: readonly ShelfEntry[], other: readonly ShelfEntry[]): boolean {
  if (one.length !== other.length) return false
  return one.every((entry, index) => {
    const twin = other[index]
    return keyOf(entry) === (twin && keyOf(twin)) && entry.version === twin?.version && entry.priceFen === twin.priceFen
  })
}
