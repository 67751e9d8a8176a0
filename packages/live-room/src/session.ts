import type { ChatLine } from '@chunbo/contract'
import type { TokenBucket } from '@chunbo/web-socket'
import type { SharedFrame } from './shared-frame.ts'

/** What a room needs of a socket. Nothing here may throw, also after the socket has gone. */
export interface RoomSocket {
  /** Bytes that were handed over and not yet taken by the operating system. */
  readonly pendingBytes: number
  send(frame: SharedFrame): void
  /** Has the peer give a sign of life. */
  nudge(): void
  /** Says goodbye with a WebSocket close code, then goes. */
  close(code: number, reason: string): void
  /** Goes at once: for peers that would not read a goodbye. */
  terminate(): void
}

/** Who sits behind a socket. */
export interface Viewer {
  /** Null for a reader who is not signed in. */
  readonly user: {
    readonly id: number
    readonly name: string
    /** Of the host team: no viewer to be counted, free of the chat's rules, and reads the desk's sections. */
    readonly isHost: boolean
    /** Level of a fan of the county, from 1. */
    readonly level?: number
    /** What the chat marks their lines with. */
    readonly badge?: NonNullable<ChatLine['badge']>
  } | null
}

interface Seat {
  readonly socket: RoomSocket
  /** Changes when the person is judged anew. */
  viewer: Viewer
  readonly messages: TokenBucket
  /** Limits that this socket shares with others: of its address, of its user. */
  readonly shared: readonly TokenBucket[]
  /** Made with the first heart, because most viewers send none. */
  likes: TokenBucket | null
  /** Has opened the goods. */
  hasLooked: boolean
  /** Mutable on purpose: they change with every sign of life, and ten thousand objects a minute need not be made for that. */
  heardMs: number
  pingedMs: number
  /** Offset that the client says it has applied. */
  ackedOffset: number
  /** When it last said so; null before its first word of it, and for ever in a client that never does. */
  ackedMs: number | null
  /** When the frame was sent after which an acknowledgement must come; null when none is due. */
  dueMs: number | null
  /** Frames to all of which it needs none, because it came after they were made. */
  knownFrame: number
}

/**
 * Where a socket stands in its room:
 * awaiting_hello -> live <-> lagging. From everywhere it may leave, which removes it.
 * Only live ones are written ticks; a lagging one gets a snapshot when it has drained and is live again.
 */
export type Session =
  | ({ readonly state: 'awaiting_hello'; readonly sinceMs: number } & Seat)
  | ({ readonly state: 'live' } & Seat)
  | Lagging
/**
 * unsent: too much waits in this process. unacked: too much waits on the way, which only acknowledgements show. early: it comes from another
 * node and has seen what this one has yet to hear of.
 */
export type Lagging = {
  readonly state: 'lagging'
  readonly sinceMs: number
  readonly why: 'unsent' | 'unacked' | 'early'
  /** Offset of the last frame that was written to it, here or by another node. */
  readonly toldOffset: number
} & Seat

export function toLive(session: Session): Extract<Session, { state: 'live' }> {
  return { ...seatOf(session), state: 'live' }
}

export function toLagging(session: Session, why: Lagging['why'], toldOffset: number, nowMs: number): Lagging {
  return { ...seatOf(session), state: 'lagging', sinceMs: nowMs, why, toldOffset }
}

function seatOf(session: Session): Seat {
  const { socket, viewer, messages, shared, likes, hasLooked } = session
  const { heardMs, pingedMs, ackedOffset, ackedMs, dueMs, knownFrame } = session
  return {
    socket,
    viewer,
    messages,
    shared,
    likes,
    hasLooked,
    heardMs,
    pingedMs,
    ackedOffset,
    ackedMs,
    dueMs,
    knownFrame,
  }
}
