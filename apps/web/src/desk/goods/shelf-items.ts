import type { SkuCard } from '@chunbo/contract/catalogue'
import type { RoomView } from '@chunbo/contract/room-events'
import type { RoomDesk } from '@chunbo/contract/rooms'

/** A place on the desk's shelf: the card with its stock and price as the room's socket tells them. */
export interface DeskItem {
  readonly shopId: number
  readonly skuId: number
  readonly card: SkuCard
  readonly stock: number
  /** Kept on the shelf and not shown to viewers. */
  readonly hidden: boolean
}

/**
 * The whole shelf in the host's order. The room tells at once what viewers see; the desk's own reading, up to some seconds old, knows
 * what is hidden from them or off sale. Each of those stands behind the goods that it stood behind when the desk was read.
 */
export function shelfItems(
  desk: Pick<RoomDesk, 'shelf'> | undefined,
  view: Pick<RoomView, 'shelf'> | null,
  cards: ReadonlyMap<number, SkuCard>,
): DeskItem[] {
  const read = desk?.shelf.map(({ sku }) => sku) ?? []
  const itemOf = (entry: { shopId: number; skuId: number; stock: number; priceFen: number }, hidden: boolean) => {
    const known = cards.get(entry.skuId)
    if (known === undefined) return []
    const { shopId, skuId, stock, priceFen } = entry
    return [{ shopId, skuId, stock, hidden, card: { ...known, priceFen, stock } }]
  }
  if (view === null) return read.flatMap((sku) => itemOf(sku, false))
  const seen = new Set(view.shelf.map((entry) => entry.skuId))
  const behind = new Map<number, DeskItem[]>()
  let before = 0
  for (const sku of read) {
    if (seen.has(sku.skuId)) before = sku.skuId
    else behind.set(before, [...(behind.get(before) ?? []), ...itemOf(sku, sku.status === 'on_sale')])
  }
  return [
    ...(behind.get(0) ?? []),
    ...view.shelf.flatMap((entry) => [...itemOf(entry, false), ...(behind.get(entry.skuId) ?? [])]),
  ]
}
