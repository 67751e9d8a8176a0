import { isUtf8 } from 'node:buffer'
import { constants, inflateRawSync } from 'node:zlib'

/**
 * Reads the frames of one client (RFC 6455, 5; RFC 7692 without context takeover). Written for rooms instead of taking a library's receiver,
 * because a room hears almost nothing from its viewers and holds ten thousand of them: here a viewer who is silent costs five fields and
 * no inflater, while a receiver with one inflater each would hold 45 KB.
 *
 * Invariants: at most one message of `bytesMax` is held, and each of its bytes is copied once into it and once out of it, however small the
 * pieces are in which it comes; after the first fault or the close frame nothing is read any more.
 */
export interface FrameListener {
  text(message: string): void
  /** Never larger than `bytesMax`; it belongs to the listener. */
  binary(message: Buffer): void
  ping(payload: Buffer): void
  pong(): void
  /** The peer says goodbye; 1005 stands for none given. */
  bye(code: number): void
  /** What came is against the protocol; close with this code. */
  fault(code: 1002 | 1007 | 1008 | 1009): void
}

/** Parts of one message. Browsers send one of a few KB in one frame, and larger ones in frames of 128 KB; more than this is a game. */
const PARTS_MAX = 32
const NOTHING = Buffer.alloc(0)
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff])

interface Frame {
  readonly fin: boolean
  readonly compressed: boolean
  readonly opcode: number
  readonly payload: Buffer
}
interface Begun {
  readonly opcode: number
  readonly compressed: boolean
  readonly parts: Buffer[]
  bytes: number
}

export class FrameReader {
  readonly #bytesMax: number
  readonly #deflates: boolean
  readonly #on: FrameListener
  /** The beginning of a frame: of one whose size is not known yet as it came, else with room for all of it. */
  #rest: Buffer | null = null
  /** How much of the rest has come. */
  #filled = 0
  #begun: Begun | null = null
  #done = false

  constructor(bytesMax: number, deflates: boolean, on: FrameListener) {
    this.#bytesMax = bytesMax
    this.#deflates = deflates
    this.#on = on
  }

  /** Stops reading: what the peer still says is of no interest. */
  stop(): void {
    this.#done = true
    this.#rest = null
    this.#begun = null
  }

  push(chunk: Buffer): void {
    let data = this.#rest === null ? chunk : this.#fill(this.#rest, chunk)
    while (!this.#done && data.length > 0) {
      const size = this.#sizeOf(data)
      if (size === null) return
      if (data.length < size) {
        this.#keep(data, size)
        return
      }
      this.#take(frameOf(data.subarray(0, size)))
      data = data.subarray(size)
    }
  }

  /** Puts what came behind the rest; gives what can be read, which is nothing while a frame is not whole. */
  #fill(rest: Buffer, chunk: Buffer): Buffer {
    const wanted = rest.length - this.#filled
    if (wanted === 0) {
      this.#rest = null
      return Buffer.concat([rest, chunk])
    }
    this.#filled += chunk.copy(rest, this.#filled, 0, Math.min(wanted, chunk.length))
    if (this.#filled < rest.length) return NOTHING
    this.#rest = null
    this.#take(frameOf(rest))
    return chunk.subarray(wanted)
  }

  /** Keeps the beginning of a frame: copied, because a part of a chunk would keep the 64 KB that it was read into. */
  #keep(data: Buffer, size: number): void {
    this.#rest = Buffer.allocUnsafe(size)
    this.#filled = data.copy(this.#rest)
  }

  /** The size on the wire of the frame that begins here; null when it is a fault, or not enough is there to know, which is then kept. */
  #sizeOf(data: Buffer): number | null {
    const [first = 0, second = 0] = data
    const opcode = first & 0x0f
    const isControl = opcode >= 8
    const compressed = (first & 0x40) !== 0
    const short = second & 0x7f
    if ((first & 0x30) !== 0 || !isOpcode(opcode)) return this.#fault(1002)
    if (compressed && (isControl || opcode === 0 || !this.#deflates)) return this.#fault(1002)
    if (isControl && (first & 0x80) === 0) return this.#fault(1002)
    if (data.length < 2) return this.#keepHead(data)
    // A client masks everything (5.1).
    if ((second & 0x80) === 0 || (isControl && short > 125)) return this.#fault(1002)
    const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8
    if (data.length < 2 + lengthBytes) return this.#keepHead(data)
    const size = lengthBytes === 0 ? short : lengthBytes === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2))
    if (size > this.#bytesMax) return this.#fault(1009)
    return 2 + lengthBytes + 4 + size
  }

  #keepHead(data: Buffer): null {
    this.#keep(data, data.length)
    return null
  }

  #take(frame: Frame): void {
    switch (frame.opcode) {
      case 8:
        this.#takeClose(frame.payload)
        return
      case 9:
        this.#on.ping(frame.payload)
        return
      case 10:
        this.#on.pong()
        return
      default:
        this.#takeData(frame)
    }
  }

  #takeData({ fin, compressed, opcode, payload }: Frame): void {
    if ((opcode === 0) !== (this.#begun !== null)) {
      this.#fault(1002)
      return
    }
    const begun = this.#begun ?? { opcode, compressed, parts: [], bytes: 0 }
    begun.parts.push(payload)
    begun.bytes += payload.length
    if (begun.bytes > this.#bytesMax) this.#fault(1009)
    else if (begun.parts.length > PARTS_MAX) this.#fault(1008)
    else if (!fin) this.#begun = begun
    else {
      this.#begun = null
      this.#finish(begun)
    }
  }

  #finish({ opcode, compressed, parts }: Begun): void {
    let data = parts.length === 1 ? (parts[0] ?? NOTHING) : Buffer.concat(parts)
    if (compressed) {
      const inflated = this.#inflate(data)
      if (inflated === null) return
      data = inflated
    }
    if (opcode === 2) this.#on.binary(data)
    else if (isUtf8(data)) this.#on.text(data.toString('utf8'))
    else this.#fault(1007)
  }

  #inflate(data: Buffer): Buffer | null {
    try {
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: this.#bytesMax }
      return inflateRawSync(Buffer.concat([data, TAIL]), options)
    } catch (error) {
      return this.#fault((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 1009 : 1007)
    }
  }

  #takeClose(payload: Buffer): void {
    if (payload.length === 1) {
      this.#fault(1002)
      return
    }
    const code = payload.length === 0 ? 1005 : payload.readUInt16BE(0)
    if (code !== 1005 && !isCloseCode(code)) this.#fault(1002)
    else if (!isUtf8(payload.subarray(2))) this.#fault(1007)
    else {
      this.stop()
      this.#on.bye(code)
    }
  }

  #fault(code: 1002 | 1007 | 1008 | 1009): null {
    this.stop()
    this.#on.fault(code)
    return null
  }
}

function isOpcode(opcode: number): boolean {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10)
}

/** Codes that may stand on the wire (RFC 6455, 7.4). */
function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
}

/** Reads a frame that is all there and was found right. */
function frameOf(data: Buffer): Frame {
  const [first = 0, second = 0] = data
  const short = second & 0x7f
  const start = (short < 126 ? 2 : short === 126 ? 4 : 10) + 4
  return {
    fin: (first & 0x80) !== 0,
    compressed: (first & 0x40) !== 0,
    opcode: first & 0x0f,
    payload: unmask(data, start),
  }
}

/** From here on words of four bytes are faster: 5 times for a frame of video of 10 KB. */
const WORDS_FROM_BYTES = 64

function unmask(data: Buffer, start: number): Buffer {
  const size = data.length - start
  const payload = Buffer.allocUnsafe(size)
  let done = 0
  if (size >= WORDS_FROM_BYTES && payload.byteOffset % 4 === 0) {
    data.copy(payload, 0, start)
    const words = new Uint32Array(payload.buffer, payload.byteOffset, size >> 2)
    const mask = new Uint32Array(Uint8Array.from(data.subarray(start - 4, start)).buffer)[0] ?? 0
    for (let index = 0; index < words.length; index += 1) words[index] = (words[index] ?? 0) ^ mask
    done = words.length * 4
  }
  for (let index = done; index < size; index += 1)
    payload[index] = (data[start + index] ?? 0) ^ (data[start - 4 + (index & 3)] ?? 0)
  return payload
}
