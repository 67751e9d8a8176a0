import {
  CHAT_RECENT_MAX,
  type RoomEvent,
  type RoomLatestEvent,
  type RoomServerMessage,
  type RoomView,
  type ShelfEntry,
  type StockLevel,
} from './room-events.ts'
import { ANSWERS_RECENT_MAX, DROPS_RECENT_MAX, type RoomAnswer, type RoomDrop } from './room-parts.ts'

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
    case 'chat_gone':
      return withoutLines(view, new Set(event.lineIds))
    case 'chat_pin':
      return { ...view, chatPin: event.line }
    case 'chat_mode':
      return { ...view, chatMode: event.mode }
    case 'answer':
      return { ...view, answers: withAnswer(view.answers, event.answer) }
    case 'drop':
      return { ...view, drops: withDrop(view.drops, event.drop) }
    case 'drop_gone':
      return { ...view, drops: view.drops.filter(({ id }) => id !== event.dropId) }
    case 'likes':
      return { ...view, likes: event.likes }
    case 'drop_counts':
      return { ...view, drops: view.drops.map((drop) => withCounts(drop, event.items)) }
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
    case 'desk':
      return { view, gap: false }
  }
}

function withStock(shelf: ShelfEntry[], levels: StockLevel[]): ShelfEntry[] {
  return shelf.map((entry) => {
    const level = levels.find((each) => each.skuId === entry.skuId && each.shopId === entry.shopId)
    return level === undefined || level.stock === entry.stock ? entry : { ...entry, stock: level.stock }
  })
}

function withoutLines(view: RoomView, gone: ReadonlySet<string>): RoomView {
  const chatPin = view.chatPin !== null && gone.has(view.chatPin.id) ? null : view.chatPin
  return { ...view, chatPin, chat: view.chat.filter(({ id }) => !gone.has(id)) }
}

/** An answer that is told again, because its question stands in other words now, keeps its place. */
function withAnswer(answers: readonly RoomAnswer[], answer: RoomAnswer): RoomAnswer[] {
  const { questionId } = answer
  if (answers.some((known) => known.questionId === questionId)) {
    return answers.map((known) => (known.questionId === questionId ? answer : known))
  }
  return [...answers.slice(-(ANSWERS_RECENT_MAX - 1)), answer]
}

function withDrop(drops: readonly RoomDrop[], drop: RoomDrop): RoomDrop[] {
  if (drops.some(({ id }) => id === drop.id)) return drops.map((known) => (known.id === drop.id ? drop : known))
  return [...drops.slice(-(DROPS_RECENT_MAX - 1)), drop]
}

function withCounts(drop: RoomDrop, items: Extract<RoomLatestEvent, { t: 'drop_counts' }>['items']): RoomDrop {
  const counts = items.find(({ id }) => id === drop.id)?.counts
  if (counts === undefined) return drop
  const [first = 0] = counts
  switch (drop.kind) {
    case 'coupon':
      return { ...drop, left: first }
    case 'bag':
      return { ...drop, entrants: first }
    case 'poll':
      return { ...drop, options: drop.options.map((option, at) => ({ ...option, votes: counts[at] ?? option.votes })) }
    case 'flash':
      return drop
  }
}
