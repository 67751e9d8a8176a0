import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { LiveRoom } from './live-room.ts'
import type { RoomSocket } from './session.ts'
import type { SharedFrame } from './shared-frame.ts'

/**
 * Viewers behind networks that break sockets: what the room says comes as an event stream over plain HTTP, and what they say comes by POST,
 * tied to the stream by a seat that only its reader knows. To the room they are sockets like any other: same limits, same count, same rules
 * for slow readers.
 *
 * The stream is: `event: seat` with the seat, then the room's messages as they stand in the contract, each with the id `epoch:offset` where
 * it has one; comments now and then as a sign of life; and `event: bye` with {code, reason} as a socket's close has them.
 */

const HEARTBEAT = Buffer.from(':\n\n')
/** How long a stream that was told goodbye may take to read it. */
const GOODBYE_MS = 1_000

interface Seated {
  readonly room: LiveRoom
  readonly socket: StreamSeat
}

export class StreamSeats {
  readonly #seats = new Map<string, Seated>()

  /**
   * Joins an open event stream to a room by `enter`. `raw` must be past its head; the stream ends with the connection.
   * `gone` is called once when it has ended.
   */
  seat(room: LiveRoom, raw: Duplex, enter: (socket: RoomSocket) => void, gone: () => void): void {
    const socket = new StreamSeat(raw)
    const seat = randomBytes(16).toString('base64url')
    this.#seats.set(seat, { room, socket })
    raw.on('error', () => raw.destroy())
    raw.on('close', () => {
      this.#seats.delete(seat)
      room.leave(socket)
      gone()
    })
    raw.write(`retry: 3000\nevent: seat\ndata: ${seat}\n\n`)
    enter(socket)
  }

  /** What a seat says in this room, as a socket would; false when there is no such seat (any more). */
  receive(roomId: number, seat: string, message: string): boolean {
    const seated = this.#seats.get(seat)
    if (seated === undefined || seated.room.id !== roomId || seated.socket.closing) return false
    seated.room.receive(seated.socket, message)
    return true
  }
}

class StreamSeat implements RoomSocket {
  readonly #raw: Duplex
  closing = false

  constructor(raw: Duplex) {
    this.#raw = raw
  }

  get pendingBytes(): number {
    return this.#raw.writableLength
  }

  send(frame: SharedFrame): void {
    this.#write(frame.streamed)
  }

  /** Keeps proxies from taking the stream for dead; the answer is the reader's own ping. */
  nudge(): void {
    this.#write(HEARTBEAT)
  }

  close(code: number, reason: string): void {
    if (this.closing || this.#raw.destroyed) return
    this.#write(Buffer.from(`event: bye\ndata: ${JSON.stringify({ code, reason })}\n\n`))
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
