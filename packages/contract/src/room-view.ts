import {
  CHAT_RECENT_MAX,
  type RoomEvent,
  type RoomServerMessage,
  type RoomView,
  type ShelfEntry,
  type StockLevel,
} from './room-events.ts'

/**
 * The state of a room and how events change it. The server builds its snapshots with the same function as the browser builds its screen,
 * so that a viewer who applied every event and one who got a snapshot see the same room.
 */

/** The view after one event. Offsets are the business of `applyRoomMessage`. */
export function applyRoomEvent(view: RoomView, event: RoomEvent): RoomView {
  switch (event.t) {
    case 'chat':
      return { ...view, chat: [...view.chat.slice(-(CHAT_RECENT_MAX - 1)), event.line] }
    case 'pin':
      return { ...view, pin: event.pin }
    case 'unpin':
      return { ...view, pin: null }
    case 'sold_out':
      return { ...view, shelf: withStock(view.shelf, [{ shopId: event.shopId, skuId: event.skuId, stock: 0 }]) }
    case 'status':
      return {
        ...view,
        room: { ...view.room, status: event.status, startedAt: event.startedAt, endedAt: event.endedAt },
      }
    case 'room':
      return { ...view, room: event.room }
    case 'shelf':
      return { ...view, shelf: event.items }
    case 'notice':
      return view
    case 'stock':
      return { ...view, shelf: withStock(view.shelf, event.items) }
    case 'viewers':
      return { ...view, viewers: event.viewers }
  }
}

/**
 * The view after a message of the server; null before the first snapshot. `gap` is true when stream events are missing between what the
 * client has and what came: drop the socket and come back with hello. It does not happen on one unbroken socket.
 */
export function applyRoomMessage(
  view: RoomView | null,
  message: RoomServerMessage,
): { view: RoomView | null; gap: boolean } {
  switch (message.t) {
    case 'snapshot': {
      const { t: _, ...fresh } = message
      return { view: fresh, gap: false }
    }
    case 'resumed':
    case 'tick': {
      if (view === null || message.from !== view.offset) return { view, gap: true }
      if (message.t === 'resumed' && message.epoch !== view.epoch) return { view, gap: true }
      const after = message.events.reduce(applyRoomEvent, view)
      return { view: { ...after, offset: message.offset }, gap: false }
    }
    case 'accepted':
    case 'refused':
    case 'pong':
      return { view, gap: false }
  }
}

function withStock(shelf: ShelfEntry[], levels: StockLevel[]): ShelfEntry[] {
  return shelf.map((entry) => {
    const level = levels.find((each) => each.skuId === entry.skuId && each.shopId === entry.shopId)
    return level === undefined || level.stock === entry.stock ? entry : { ...entry, stock: level.stock }
  })
}
