import { constants, deflateRawSync } from 'node:zlib'
import { headSize, writeHead } from '@chunbo/web-socket'

/** Bytes of text from which a deflated variant is made: what fits one packet anyway gains nothing. */
const DEFLATE_FROM_BYTES = 1_200
/** Deflated frames have to be at most so much of the plain one, or the plain one goes to everybody. */
const DEFLATE_WORTH = 0.8

/**
 * A message encoded once for everybody. Each form is made when the first socket asks for it and is then the same memory for all:
 * a room of plain sockets never pays for deflate, one without streams never for theirs.
 */
export class SharedFrame {
  /** The JSON. */
  readonly payload: Buffer
  /** The whole WebSocket frame (RFC 6455, 5.2): final, unmasked and uncompressed, which a client of every negotiation accepts. */
  readonly wire: Buffer
  /** Where a reader stands who has applied it, as `epoch:offset`; absent in answers to one. */
  readonly #position: string | undefined
  #deflated: Buffer | undefined
  #streamed: Buffer | undefined

  constructor(text: string, position?: string) {
    const size = Buffer.byteLength(text)
    const headBytes = headSize(size)
    this.wire = Buffer.allocUnsafe(headBytes + size)
    writeHead(this.wire, 0x81, size)
    this.wire.write(text, headBytes, 'utf8')
    this.payload = this.wire.subarray(headBytes)
    this.#position = position
  }

  /**
   * The frame for sockets that agreed to permessage-deflate without context takeover (RFC 7692): each message stands for itself, so one
   * deflated form serves all. The plain frame where deflating does not pay.
   */
  get deflated(): Buffer {
    this.#deflated ??= this.payload.length < DEFLATE_FROM_BYTES ? this.wire : this.#deflate()
    return this.#deflated
  }

  /** The event for an event stream (text/event-stream); its id is what a reader says when it comes back. */
  get streamed(): Buffer {
    this.#streamed ??= Buffer.concat([
      Buffer.from(this.#position === undefined ? 'data: ' : `id: ${this.#position}\ndata: `),
      this.payload,
      Buffer.from('\n\n'),
    ])
    return this.#streamed
  }

  #deflate(): Buffer {
    // A sync flush ends in an empty block 00 00 ff ff, which the receiver adds again (RFC 7692, 7.2.1).
    const body = deflateRawSync(this.payload, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    if (body.length > this.payload.length * DEFLATE_WORTH) return this.wire
    const headBytes = headSize(body.length)
    const frame = Buffer.allocUnsafe(headBytes + body.length)
    writeHead(frame, 0xc1, body.length)
    body.copy(frame, headBytes)
    return frame
  }
}

export function frameText(text: string, position?: string): SharedFrame {
  return new SharedFrame(text, position)
}
