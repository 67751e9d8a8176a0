import type { Duplex } from 'node:stream'
import { type FrameListener, FrameReader, frameControl, type Upgraded } from '@chunbo/web-socket'
import type { LiveRoom } from './live-room.ts'
import type { RoomSocket } from './session.ts'
import type { SharedFrame } from './shared-frame.ts'

/** How long a peer has to answer a goodbye. */
const GOODBYE_MS = 1_000
const NOTHING = Buffer.alloc(0)
const PING = frameControl(9, NOTHING)

/** Joins a WebSocket to a room by `enter`; `gone` is called once when it has ended, however it did. */
export function seatWebSocket(
  room: LiveRoom,
  { raw, head, deflates }: Upgraded,
  bytesMax: number,
  enter: (socket: RoomSocket) => void,
  gone: () => void,
): void {
  const seat = new WebSocketSeat(room, raw, deflates)
  const reader = new FrameReader(bytesMax, deflates, seat)
  raw.on('data', (chunk: Buffer) => {
    // A peer that was told goodbye may still talk; nobody listens.
    if (!seat.closing) reader.push(chunk)
  })
  // Node's HTTP sockets stay half open: a peer that only stops sending must not stay for ever.
  raw.on('end', end)
  raw.on('error', destroy)
  raw.on('close', () => {
    room.leave(seat)
    gone()
  })
  enter(seat)
  if (head.length > 0) reader.push(head)
}

/** The same for all, because a function of its own for each would be kept ten thousand times. */
function end(this: Duplex): void {
  this.end()
}
function destroy(this: Duplex): void {
  this.destroy()
}

/** One object for both directions: a viewer is held as long as it watches, and there are ten thousand of them. */
class WebSocketSeat implements RoomSocket, FrameListener {
  readonly #room: LiveRoom
  readonly #raw: Duplex
  readonly #deflates: boolean
  closing = false

  constructor(room: LiveRoom, raw: Duplex, deflates: boolean) {
    this.#room = room
    this.#raw = raw
    this.#deflates = deflates
  }

  // ---- what comes

  text(message: string): void {
    this.#room.receive(this, message)
  }

  binary(): void {
    this.#room.refuse(this)
  }

  /** Answers, unless the peer does not read what it asks for. */
  ping(payload: Buffer): void {
    this.#room.heard(this)
    if (this.pendingBytes === 0) this.#write(frameControl(10, payload))
  }

  pong(): void {
    this.#room.heard(this)
  }

  bye(code: number): void {
    this.#room.leave(this)
    this.close(code === 1005 ? 1000 : code, '')
  }

  fault(code: number): void {
    this.#room.leave(this)
    this.close(code, '')
  }

  // ---- what goes

  get pendingBytes(): number {
    return this.#raw.writableLength
  }

  send(frame: SharedFrame): void {
    this.#write(this.#deflates ? frame.deflated : frame.wire)
  }

  nudge(): void {
    this.#write(PING)
  }

  close(code: number, reason: string): void {
    if (this.closing || this.#raw.destroyed) return
    const payload = Buffer.from(`..${reason}`)
    payload.writeUInt16BE(code, 0)
    this.#write(frameControl(8, payload))
    this.closing = true
    this.#raw.end()
    setTimeout(() => this.#raw.destroy(), GOODBYE_MS).unref()
  }

  terminate(): void {
    this.closing = true
    this.#raw.destroy()
  }

  #write(bytes: Buffer): void {
    if (!this.closing && !this.#raw.destroyed && this.#raw.writable) this.#raw.write(bytes)
  }
}
