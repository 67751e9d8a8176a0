import {
  applyRoomEvent,
  CHAT_RECENT_MAX,
  type ChatLine,
  type ChatMode,
  type RoomHead,
  type RoomPin,
  type RoomView,
  type ShelfEntry,
} from '@chunbo/contract'
import type { ChatVerdict } from './chat-gate.ts'
import type { Aspect, SharedStream } from './room-bus.ts'
import type { Viewer } from './session.ts'
import type { StreamLog } from './stream-log.ts'

/** What a room starts from when it is brought into memory. */
export interface RoomOpening {
  readonly room: RoomHead
  readonly shelf: ShelfEntry[]
  readonly pin: RoomPin | null
  readonly chat: ChatLine[]
  readonly extras: RoomExtras
  /** Version of the room's row that all this was read at; state of an older version is ignored. */
  readonly version: number
}

/** The parts of a view that other slices bring. */
export type RoomExtras = Pick<RoomView, 'chatPin' | 'chatMode' | 'answers' | 'drops' | 'likes'>

export interface RoomFigures {
  /** At all nodes. */
  readonly viewers: number
  readonly viewersPeak: number
  /** Viewers who came in with nothing known of the room. */
  readonly entries: number
  /** Visits in which the goods were opened. */
  readonly looks: number
  readonly sockets: number
  readonly lagging: number
  readonly likes: number
}

export interface RoomClock {
  /** UTC in ms. */
  wallMs(): number
  /** Ms of a clock that never jumps. */
  steadyMs(): number
  /** Runs a step after what else waits in the process has had its turn. */
  soon(step: () => void): void
}

export interface RoomHooks {
  /** A line entered the stream. Must not throw and must not wait. */
  chatSaid(roomId: number, line: ChatLine, userId: number): void
  /** What the rules of the room say to a line before it is said; null lets it through. Must not throw and must not wait. */
  judgeChat(roomId: number, user: NonNullable<Viewer['user']>, text: string, mode: ChatMode): ChatVerdict | null
}

export function versionsOf({ version }: RoomOpening): Record<Aspect, number> {
  return { pin: version, status: version, room: version, shelf: version }
}

/**
 * The view of an opening at the place of a log. Of a stream of several nodes the lines that are kept stand in its order, after those that were
 * stored before: everything else was stored before it was told, so the opening has it.
 */
export function viewOf(opening: RoomOpening, log: StreamLog, shared: SharedStream | null): RoomView {
  const told = new Set(shared?.kept.flatMap((event) => (event.t === 'chat' ? [event.line.id] : [])))
  const view: RoomView = {
    epoch: log.epoch,
    offset: log.offset,
    room: opening.room,
    shelf: opening.shelf,
    pin: opening.pin,
    viewers: 0,
    chat: opening.chat.filter(({ id }) => !told.has(id)).slice(-CHAT_RECENT_MAX),
    ...opening.extras,
  }
  const lines = shared?.kept.filter(({ t }) => t === 'chat' || t === 'chat_gone') ?? []
  return lines.reduce(applyRoomEvent, view)
}
