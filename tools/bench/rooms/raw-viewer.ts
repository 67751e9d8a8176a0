import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/**
 * A viewer made of a bare TCP socket: the WebSocket handshake by hand, and frames that are counted and not looked into. 10,000 real
 * clients would cost more than the server that they are to measure. One read buffer serves all, because Node hands it back
 * before the next read.
 */
const READ_BUFFER = Buffer.allocUnsafe(1024 * 1024)
const MASK = Buffer.alloc(4)

const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const isData = (opcode: number) => opcode === OPCODE.text || opcode === OPCODE.binary

/** RSV1 of permessage-deflate. */
const DEFLATED = 0x40

export interface ViewerPlace {
  /** This machine unless told. */
  readonly host?: string
  readonly port: number
  readonly path: string
  /** Address of the loopback network to come from: each has its own 28,000 ports, and limits by address count it alone. */
  readonly from: string
  /** Further lines of the handshake. */
  readonly headers?: readonly string[]
}

export interface ViewerEvents {
  /** The handshake is done. */
  open(viewer: RawViewer): void
  /** The payload of a text or binary frame, or so many first bytes of it as are looked at. Valid only during the call. */
  frame(viewer: RawViewer, payload: Buffer, size: number, deflated: boolean): void
  /** The line has ended, or the handshake was refused, perhaps with a time to wait. */
  gone(viewer: RawViewer, retryAfterS: number): void
}

/** A masked frame of a client; the mask is zero, which is a mask too. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125
  const head = Buffer.alloc(long ? 4 : 2)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (long ? 126 : payload.length)
  if (long) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, MASK, payload])
}

export const textFrame = (text: string) => clientFrame(OPCODE.text, Buffer.from(text))

export class RawViewer {
  readonly index: number
  frames = 0
  bytes = 0
  /** Whether frames are given whole. */
  wantsWhole = true
  isOpen = false
  readonly #on: ViewerEvents
  readonly #peekBytes: number
  readonly #socket: Socket
  #handshake = ''
  #retryAfterS = 0
  /** What is there of a frame's head, or of the part of it that is looked at; empty in the middle of a payload. */
  #kept: Buffer = Buffer.alloc(0)
  /** Bytes of the payload that are still to come and are not looked at. */
  #toSkip = 0

  constructor(index: number, place: ViewerPlace, on: ViewerEvents, peekBytes: number) {
    this.index = index
    this.#on = on
    this.#peekBytes = peekBytes
    this.#socket = connect({
      port: place.port,
      host: place.host ?? '127.0.0.1',
      localAddress: place.from,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (size, buffer) => {
          this.#read(buffer as Buffer, size)
          return true
        },
      },
    })
    this.#socket.on('connect', () => {
      const key = randomBytes(16).toString('base64')
      const lines = [
        `GET ${place.path} HTTP/1.1`,
        `Host: ${place.host ?? '127.0.0.1'}:${place.port}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Key: ${key}`,
        'Sec-WebSocket-Version: 13',
        ...(place.headers ?? []),
      ]
      this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('end', () => this.#socket.destroy())
    this.#socket.on('close', () => {
      this.isOpen = false
      on.gone(this, this.#retryAfterS)
    })
  }

  write(frame: Buffer): void {
    this.#socket.write(frame)
  }

  /** Stops reading, as a phone in a tunnel does; the line stays open. */
  stall(): void {
    this.#socket.pause()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(buffer: Buffer, size: number): void {
    this.bytes += size
    if (!this.isOpen) {
      this.#shake(buffer.subarray(0, size))
      return
    }
    this.#take(buffer, 0, size)
  }

  #shake(chunk: Buffer): void {
    this.#handshake += chunk.toString('latin1')
    const end = this.#handshake.indexOf('\r\n\r\n')
    if (end < 0) return
    this.#retryAfterS = Number(/retry-after: *(\d+)/i.exec(this.#handshake)?.[1] ?? 0)
    if (!this.#handshake.startsWith('HTTP/1.1 101')) {
      this.#socket.destroy()
      return
    }
    this.isOpen = true
    const rest = Buffer.from(this.#handshake.slice(end + 4), 'latin1')
    this.#handshake = ''
    this.#on.open(this)
    this.#take(rest, 0, rest.length)
  }

  #take(chunk: Buffer, start: number, end: number): void {
    let at = start
    if (this.#kept.length > 0) {
      const whole = Buffer.concat([this.#kept, chunk.subarray(start, end)])
      this.#kept = Buffer.alloc(0)
      this.#frames(whole, 0, whole.length)
      return
    }
    if (this.#toSkip > 0) {
      const skipped = Math.min(this.#toSkip, end - at)
      this.#toSkip -= skipped
      at += skipped
    }
    this.#frames(chunk, at, end)
  }

  /** Goes through the frames in the bytes from `at` to `end`; what is too little to judge is kept. */
  #frames(bytes: Buffer, at: number, end: number): void {
    let position = at
    while (position < end) {
      const short = (bytes[position + 1] ?? 0) & 0x7f
      const headSize = short < 126 ? 2 : short === 126 ? 4 : 10
      const whole = end - position >= 2 && end - position >= headSize
      const size = !whole
        ? 0
        : short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(position + 2)
            : Number(bytes.readBigUInt64BE(position + 2))
      const first = bytes[position] ?? 0
      const wanted = isData(first & 0x0f) && !this.wantsWhole ? Math.min(size, this.#peekBytes) : size
      if (!whole || end - position < headSize + wanted) {
        this.#kept = Buffer.from(bytes.subarray(position, end))
        return
      }
      this.#handle(first, bytes.subarray(position + headSize, position + headSize + wanted), size)
      const there = Math.min(size, end - position - headSize)
      this.#toSkip = size - there
      position += headSize + there
    }
  }

  #handle(first: number, payload: Buffer, size: number): void {
    const opcode = first & 0x0f
    if (isData(opcode)) {
      this.frames += 1
      this.#on.frame(this, payload, size, (first & DEFLATED) !== 0)
    } else if (opcode === OPCODE.ping) this.#socket.write(clientFrame(OPCODE.pong, payload))
    else if (opcode === OPCODE.close) {
      this.#socket.end(clientFrame(OPCODE.close, payload.subarray(0, 2)))
    }
  }
}
