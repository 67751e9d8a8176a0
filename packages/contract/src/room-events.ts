import { type Static, Type } from 'typebox'
import { exact, Fen, Id, Instant, nullable, oneOf, Packs, text } from './basics.ts'
import { SkuCard } from './catalogue.ts'
import { CHAT_BADGES, ChatMode, RoomAnswer, RoomDrop } from './room-parts.ts'
import { ROOM_STATUSES } from './rooms.ts'

/**
 * What is said over the socket of a room, GET /api/rooms/{roomId}/socket (WebSocket, one JSON object a text frame; permessage-deflate is
 * agreed to without context takeover). Where a network breaks sockets the same messages come as events of GET /api/rooms/{roomId}/stream
 * (text/event-stream), and what the client says goes to POST /api/rooms/{roomId}/stream/{seat}; see room-stream.ts of the live slice.
 *
 * The client speaks first: `hello`, with the epoch and offset it has when it comes back. The server answers with `resumed` (what was
 * missed) or `snapshot` (everything anew), then with a `tick` whenever something happened, at most about five times a second.
 *
 * Offsets count stream events (chat, pin, drop and so on) since the epoch began. A tick carries the stream events from+1 .. offset in
 * order, then latest values (stock, viewers, likes, counts), which have no offset and replace what was known before.
 * A slow reader is skipped and gets a snapshot when it has caught up; a snapshot may therefore come at any time and always wins.
 * room-view.ts applies all this to a state, on both sides of the socket.
 */

/** Bytes of one message from a client; a longer one closes the socket with 1009. */
export const ROOM_MESSAGE_BYTES_MAX = 2048
/** Characters (code points) of one chat line. */
export const CHAT_CHARS_MAX = 200
/** Chat lines that a snapshot carries, and that a client keeps at least. */
export const CHAT_RECENT_MAX = 50

/** Hearts in one message. */
export const LIKES_AT_ONCE_MAX = 20

/** Close codes of the socket beside the standard ones (1001 going away, 1009 too big, 1012 restart, 1013 full: come back later). */
export const ROOM_CLOSE = {
  /** The message was not one of the contract's, or there was no hello in time: a defect of the client; do not come back at once. */
  badMessage: 4400,
  /** There is no such room. Do not come back. */
  noRoom: 4404,
  /** This person may not be in this room (any more). Do not come back. */
  notAllowed: 4403,
  /** Too slow a reader for too long, or no sign of life. Come back with hello. */
  tooSlow: 4408,
  /** Too many messages. Come back after a pause. */
  tooMany: 4429,
  standardRestart: 1012,
  standardTryLater: 1013,
} as const

/** The reason of a close that also says when to come back at the earliest, for clients that cannot see a Retry-After. */
export function closeReason(why: string, retryAfterS: number): string {
  return `${why}; retry-after=${retryAfterS}`
}
/** The ms that a close reason asks to stay away at least; 0 when it asks for none. */
export function retryAfterMsOf(reason: string): number {
  return Number(/; retry-after=(\d{1,4})$/.exec(reason)?.[1] ?? 0) * 1000
}

/**
 * How long a client waits before it comes back, in ms: full jitter over a window that doubles from 1 s to 30 s, so that ten thousand
 * that were thrown out at once do not return at once. `attempt` counts from 0; `random` is in [0, 1).
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10)))
}

const statusSchema = oneOf(ROOM_STATUSES)
const offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const epoch = Type.String({ minLength: 1, maxLength: 40 })

// ---- client -> server

/** First message. With epoch and offset of what the client has, to get only what was missed. */
export const RoomHello = exact({
  t: Type.Literal('hello'),
  epoch: Type.Optional(epoch),
  offset: Type.Optional(offset),
})
/** `id` is made by the client (a UUID is good): the same id again is answered again and said once. Needs a signed-in user. */
export const RoomSay = exact({
  t: Type.Literal('chat'),
  id: Type.String({ minLength: 1, maxLength: 40, pattern: '^[A-Za-z0-9_-]+$' }),
  text: text(800, 1),
})
/** Answered by pong with the server's clock; send one every 20 s or so. */
export const RoomPing = exact({ t: Type.Literal('ping') })
/** Hearts since the last one; needs no account. What is over the limit of the socket is not counted, and nobody is told. */
export const RoomLike = exact({ t: Type.Literal('like'), n: Type.Integer({ minimum: 1, maximum: LIKES_AT_ONCE_MAX }) })
/** This viewer has opened the goods, the bag or a product of it; counted once a line, so say it once a visit. Needs no account. */
export const RoomLook = exact({ t: Type.Literal('look') })
/** The offset that the client has applied; send one every 5 s while ticks come. It shows a lag that buffers on the way hide. */
export const RoomAck = exact({ t: Type.Literal('ack'), offset })
export const RoomClientMessage = Type.Union([RoomHello, RoomSay, RoomPing, RoomLike, RoomLook, RoomAck])
export type RoomClientMessage = Static<typeof RoomClientMessage>

// ---- parts

/** What the head of the room shows. */
export const RoomHead = Type.Object({
  id: Id,
  status: statusSchema,
  titleZh: Type.String(),
  titleEn: Type.String(),
  hostName: Type.String(),
  hostOffice: Type.String(),
  hostOfficeEn: Type.String(),
  scheduledAt: Instant,
  startedAt: nullable(Instant),
  endedAt: nullable(Instant),
})
export type RoomHead = Static<typeof RoomHead>

/** One place on the shelf, in the host's order. Its card (title, picture) is in RoomPage, in `shelf` events, or at GET /api/skus?ids= by version. */
export const ShelfEntry = Type.Object({
  shopId: Id,
  skuId: Id,
  version: Type.Integer({ minimum: 1 }),
  priceFen: Fen,
  stock: Packs,
})
export type ShelfEntry = Static<typeof ShelfEntry>

export const RoomPin = Type.Object({ shopId: Id, skuId: Id, pinnedAt: Instant })
export type RoomPin = Static<typeof RoomPin>

/** `from`: viewer, or host for the room's own team. `atMs` is UTC in ms since 1970. */
export const ChatLine = Type.Object({
  id: Type.String(),
  atMs: Type.Integer(),
  name: Type.String(),
  from: Type.Union([Type.Literal('viewer'), Type.Literal('host')]),
  text: Type.String(),
  badge: Type.Optional(oneOf(CHAT_BADGES)),
  /** Level of a fan of the county, from 1; absent for others. */
  level: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type ChatLine = Static<typeof ChatLine>

export const StockLevel = Type.Object({ shopId: Id, skuId: Id, stock: Packs })
export type StockLevel = Static<typeof StockLevel>

// ---- events in a tick

/** These have an offset, come in the same order for all and are never left out of a resumed stream. */
export const RoomStreamEvent = Type.Union([
  Type.Object({ t: Type.Literal('chat'), line: ChatLine }),
  /** 讲解中: this one now, instead of any before it. Goes out at once. */
  Type.Object({ t: Type.Literal('pin'), pin: RoomPin }),
  Type.Object({ t: Type.Literal('unpin') }),
  /** The last pack went. Goes out at once; a later stock above 0 means that unpaid packs came back. */
  Type.Object({ t: Type.Literal('sold_out'), shopId: Id, skuId: Id }),
  Type.Object({
    t: Type.Literal('status'),
    status: statusSchema,
    startedAt: nullable(Instant),
    endedAt: nullable(Instant),
  }),
  /** Title, host or time were changed. */
  Type.Object({ t: Type.Literal('room'), room: RoomHead }),
  /** The whole shelf anew, with the cards of those that are new on it or changed. */
  Type.Object({ t: Type.Literal('shelf'), items: Type.Array(ShelfEntry), cards: Type.Array(SkuCard) }),
  Type.Object({ t: Type.Literal('notice'), textZh: Type.String(), textEn: Type.String() }),
  /** These lines were taken down: forget them wherever they stand. */
  Type.Object({ t: Type.Literal('chat_gone'), lineIds: Type.Array(Type.String()) }),
  /** The comment that stands above the chat; null takes it down. */
  Type.Object({ t: Type.Literal('chat_pin'), line: nullable(ChatLine) }),
  Type.Object({ t: Type.Literal('chat_mode'), mode: ChatMode }),
  Type.Object({ t: Type.Literal('answer'), answer: RoomAnswer }),
  /** A drop that is new or changed. Goes out at once. */
  Type.Object({ t: Type.Literal('drop'), drop: RoomDrop }),
  Type.Object({ t: Type.Literal('drop_gone'), dropId: Id }),
])
export type RoomStreamEvent = Static<typeof RoomStreamEvent>

/** These have no offset: only the newest matters. */
export const RoomLatestEvent = Type.Union([
  Type.Object({ t: Type.Literal('stock'), items: Type.Array(StockLevel) }),
  Type.Object({ t: Type.Literal('viewers'), viewers: Type.Integer({ minimum: 0 }) }),
  /** Hearts of the whole show. */
  Type.Object({ t: Type.Literal('likes'), likes: Type.Integer({ minimum: 0 }) }),
  /** Counts of open drops, in the order that room-parts.ts gives for each kind. */
  Type.Object({
    t: Type.Literal('drop_counts'),
    items: Type.Array(Type.Object({ id: Id, counts: Type.Array(Type.Integer({ minimum: 0 })) })),
  }),
])
export type RoomLatestEvent = Static<typeof RoomLatestEvent>

export const RoomEvent = Type.Union([RoomStreamEvent, RoomLatestEvent])
export type RoomEvent = Static<typeof RoomEvent>

const LATEST: ReadonlySet<string> = new Set<RoomLatestEvent['t']>(['stock', 'viewers', 'likes', 'drop_counts'])
/** Whether an event has an offset. */
export function isStreamEvent(event: RoomEvent): event is RoomStreamEvent {
  return !LATEST.has(event.t)
}

// ---- server -> client

const viewFields = {
  epoch,
  offset,
  room: RoomHead,
  shelf: Type.Array(ShelfEntry),
  pin: nullable(RoomPin),
  viewers: Type.Integer({ minimum: 0 }),
  /** Oldest first, the last CHAT_RECENT_MAX. */
  chat: Type.Array(ChatLine),
  chatPin: nullable(ChatLine),
  chatMode: ChatMode,
  /** Oldest first, the last ANSWERS_RECENT_MAX. */
  answers: Type.Array(RoomAnswer),
  /** Open ones and those that closed last, oldest first, at most DROPS_RECENT_MAX. */
  drops: Type.Array(RoomDrop),
  likes: Type.Integer({ minimum: 0 }),
}
/** The state of a room as a viewer has it. */
export const RoomView = Type.Object(viewFields)
export type RoomView = Static<typeof RoomView>

export const RoomServerMessage = Type.Union([
  Type.Object({ t: Type.Literal('snapshot'), ...viewFields }),
  /** Answer to a hello that could be continued: the events from+1 .. offset, then all latest values. */
  Type.Object({ t: Type.Literal('resumed'), epoch, from: offset, offset, events: Type.Array(RoomEvent) }),
  Type.Object({ t: Type.Literal('tick'), from: offset, offset, events: Type.Array(RoomEvent) }),
  /** To the sender only: chat `id` is in the stream as line `lineId`. */
  Type.Object({ t: Type.Literal('accepted'), id: Type.String(), lineId: Type.String() }),
  /** To the sender only: chat `id` was refused. retryAfterMs where waiting helps. */
  Type.Object({
    t: Type.Literal('refused'),
    id: Type.String(),
    code: Type.String(),
    texts: Type.Object({ zh: Type.String(), en: Type.String() }),
    retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  Type.Object({ t: Type.Literal('pong'), nowMs: Type.Integer() }),
  /** To the host team only, and to those of them who have just come for every section: the newest of a section of the desk. */
  Type.Object({ t: Type.Literal('desk'), section: Type.String(), data: Type.Unknown() }),
])
export type RoomServerMessage = Static<typeof RoomServerMessage>
