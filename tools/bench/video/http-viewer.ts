import { connect, type Socket } from 'node:net'

/**
 * A viewer that asks over HTTP, made of a bare TCP socket that stays open: bodies are counted and not looked at unless they are wanted.
 * One read buffer serves all, because Node hands it back before the next read.
 */
const READ_BUFFER = Buffer.allocUnsafe(1024 * 1024)
const HEAD_END = Buffer.from('\r\n\r\n')
const HEAD_BYTES_MAX = 16_384

export interface HttpPlace {
  readonly port: number
  /** Address of the loopback network to come from. */
  readonly from: string
}

export interface HttpEvents {
  open(viewer: HttpViewer): void
  /** A whole answer; the body is there if it was wanted, and valid only during the call. */
  answer(viewer: HttpViewer, status: number, body: Buffer | null, bytes: number): void
  gone(viewer: HttpViewer): void
}

export class HttpViewer {
  readonly index: number
  bytes = 0
  readonly #on: HttpEvents
  readonly #socket: Socket
  #wantsBody = false
  #status = 0
  /** Head, or wanted body, as far as it is there. */
  #kept: Buffer | null = null
  /** Bytes of the body to come; -1 while the head is read. */
  #left = -1
  #bodyBytes = 0

  constructor(index: number, place: HttpPlace, on: HttpEvents) {
    this.index = index
    this.#on = on
    this.#socket = connect({
      port: place.port,
      host: '127.0.0.1',
      localAddress: place.from,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (size, buffer) => {
          this.bytes += size
          this.#take((buffer as Buffer).subarray(0, size))
          return true
        },
      },
    })
    this.#socket.on('connect', () => on.open(this))
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('end', () => this.#socket.destroy())
    this.#socket.on('close', () => on.gone(this))
  }

  /** Asks for a path; one question at a time. */
  get(path: string, wantsBody: boolean): void {
    this.#wantsBody = wantsBody
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    if (this.#left < 0) this.#takeHead(chunk)
    else this.#takeBody(chunk)
  }

  #takeHead(chunk: Buffer): void {
    const bytes = this.#kept ? Buffer.concat([this.#kept, chunk]) : chunk
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) {
      this.#kept = Buffer.from(bytes)
      if (bytes.length > HEAD_BYTES_MAX) this.#socket.destroy()
      return
    }
    const head = bytes.toString('latin1', 0, end)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    this.#status = Number(head.slice(9, 12))
    this.#kept = null
    // Without a length the end could only be told by looking into chunks; no server that is measured answers so.
    if (length === undefined) {
      this.#socket.destroy()
      return
    }
    this.#left = Number(length)
    this.#bodyBytes = this.#left
    this.#takeBody(bytes.subarray(end + 4))
  }

  #takeBody(chunk: Buffer): void {
    this.#left -= chunk.length
    if (this.#wantsBody && this.#left > 0) {
      this.#kept = this.#kept ? Buffer.concat([this.#kept, chunk]) : Buffer.from(chunk)
    }
    if (this.#left > 0) return
    const body = this.#wantsBody ? (this.#kept ? Buffer.concat([this.#kept, chunk]) : chunk) : null
    this.#kept = null
    this.#left = -1
    this.#on.answer(this, this.#status, body, this.#bodyBytes)
  }
}
