import type { SharedFrame } from './shared-frame.ts'
import type { TokenBucket } from './token-bucket.ts'

/** What a room needs of a socket. Nothing here may throw, also after the socket has gone. */
export interface RoomSocket {
  /** Bytes that were handed over and not yet taken by the operating system. */
  readonly pendingBytes: number
  send(frame: SharedFrame): void
  ping(): void
  /** Says goodbye with a WebSocket close code, then goes. */
  close(code: number, reason: string): void
  /** Goes at once: for peers that would not read a goodbye. */
  terminate(): void
}

/** Who sits behind a socket. */
export interface Viewer {
  /** Null for a reader who is not signed in. */
  readonly user: { readonly id: number; readonly name: string; readonly isHost: boolean } | null
}

interface Seat {
  readonly socket: RoomSocket
  readonly viewer: Viewer
  readonly messages: TokenBucket
  /** Mutable on purpose: they change with every sign of life, and ten thousand objects a minute need not be made for that. */
  heardMs: number
  pingedMs: number
}

/**
 * Where a socket stands in its room:
 * awaiting_hello -> live <-> lagging. From everywhere it may leave, which removes it.
 * Only live ones are written ticks; a lagging one gets a snapshot when it has drained and is live again.
 */
export type Session =
  | ({ readonly state: 'awaiting_hello'; readonly sinceMs: number } & Seat)
  | ({ readonly state: 'live' } & Seat)
  | ({ readonly state: 'lagging'; readonly sinceMs: number } & Seat)

export function toLive(session: Session): Session {
  return { ...seatOf(session), state: 'live' }
}

export function toLagging(session: Session, nowMs: number): Session {
  return { ...seatOf(session), state: 'lagging', sinceMs: nowMs }
}

function seatOf(session: Session): Seat {
  const { socket, viewer, messages, heardMs, pingedMs } = session
  return { socket, viewer, messages, heardMs, pingedMs }
}
