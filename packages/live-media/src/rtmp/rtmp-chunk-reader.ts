import { messageType, type RtmpMessage, RtmpProtocolError } from './rtmp-message.ts'

export interface ChunkReaderLimits {
  messageBytes: number
  partialBytes: number
  chunkStreams: number
}

interface ChunkStream {
  timestampMs: number
  /** Timestamp field of the last header: an absolute time after format 0, else a difference. */
  fieldMs: number
  extended: boolean
  lengthBytes: number
  typeId: number
  streamId: number
  /** Grows with what has really arrived, since a length alone costs a peer nothing. */
  partial: Buffer
  received: number
  open: boolean
}

const headerBytesMax = 3 + 11 + 4
const messageHeaderBytes = [11, 7, 3, 0] as const
const extendedMark = 0xffffff
const chunkBytesMax = 0x7fffffff
const growBytesMin = 1024

/**
 * Puts messages together from chunks (RTMP specification, 5.3), however the bytes are split. Chunk size changes and
 * aborts are obeyed here, because they hold for the very next byte. Continuations of a chunk with an extended timestamp
 * repeat it, as ffmpeg, OBS and librtmp send it.
 */
export class RtmpChunkReader {
  readonly #limits: ChunkReaderLimits
  readonly #streams = new Map<number, ChunkStream>()
  readonly #head = Buffer.alloc(headerBytesMax)
  #headLength = 0
  #current: ChunkStream | null = null
  /** Payload still missing of the current chunk. */
  #missing = 0
  #chunkBytes = 128
  #partialBytes = 0

  constructor(limits: ChunkReaderLimits) {
    this.#limits = limits
  }

  /**
   * Takes bytes and calls back for every whole message. The payload belongs to the callback.
   * @throws RtmpProtocolError
   */
  receive(bytes: Buffer, onMessage: (message: RtmpMessage) => void): void {
    let at = 0
    while (at < bytes.length) {
      if (!this.#current) {
        at = this.#readHead(bytes, at)
        if (!this.#current) return
      } else {
        const taken = Math.min(this.#missing, bytes.length - at)
        this.#append(this.#current, bytes.subarray(at, at + taken))
        at += taken
        this.#missing -= taken
      }
      if (this.#missing === 0) this.#endChunk(this.#current, onMessage)
    }
  }

  #readHead(bytes: Buffer, start: number): number {
    let at = start
    for (;;) {
      const needed = this.#headNeeds()
      if (this.#headLength === needed) break
      const taken = bytes.copy(this.#head, this.#headLength, at, at + needed - this.#headLength)
      if (taken === 0) return at
      at += taken
      this.#headLength += taken
    }
    this.#openChunk()
    return at
  }

  /** How long the header is, as far as the bytes so far tell. */
  #headNeeds(): number {
    if (this.#headLength === 0) return 1
    const { basicBytes, format, id } = this.#basic()
    if (this.#headLength < basicBytes) return basicBytes
    const plainBytes = basicBytes + (messageHeaderBytes[format] ?? 0)
    if (this.#headLength < plainBytes) return plainBytes
    const extended =
      format === 3 ? this.#streams.get(id)?.extended : this.#head.readUIntBE(basicBytes, 3) === extendedMark
    return extended ? plainBytes + 4 : plainBytes
  }

  #basic(): { basicBytes: number; format: number; id: number } {
    const first = this.#head.readUInt8(0)
    const format = first >> 6
    const low = first & 0x3f
    if (low === 0) return { basicBytes: 2, format, id: 64 + this.#head.readUInt8(1) }
    if (low === 1) return { basicBytes: 3, format, id: 64 + this.#head.readUInt16LE(1) }
    return { basicBytes: 1, format, id: low }
  }

  #openChunk(): void {
    const { basicBytes, format, id } = this.#basic()
    const stream = this.#streamFor(id, format)
    if (format < 3) {
      this.#discard(stream)
      stream.fieldMs = this.#head.readUIntBE(basicBytes, 3)
      stream.extended = stream.fieldMs === extendedMark
      if (stream.extended) stream.fieldMs = this.#head.readUInt32BE(this.#headLength - 4)
    }
    if (format < 2) {
      stream.lengthBytes = this.#head.readUIntBE(basicBytes + 3, 3)
      stream.typeId = this.#head.readUInt8(basicBytes + 6)
      if (stream.lengthBytes > this.#limits.messageBytes) throw new RtmpProtocolError('a message is too long')
    }
    if (format === 0) stream.streamId = this.#head.readUInt32LE(basicBytes + 7)
    if (!stream.open) {
      stream.open = true
      stream.timestampMs = format === 0 ? stream.fieldMs : (stream.timestampMs + stream.fieldMs) % 0x100000000
    }
    this.#headLength = 0
    this.#current = stream
    this.#missing = Math.min(this.#chunkBytes, stream.lengthBytes - stream.received)
  }

  #streamFor(id: number, format: number): ChunkStream {
    const known = this.#streams.get(id)
    if (known) return known
    if (format !== 0) throw new RtmpProtocolError('a chunk stream starts without a full header')
    if (this.#streams.size >= this.#limits.chunkStreams) throw new RtmpProtocolError('too many chunk streams')
    const stream: ChunkStream = {
      timestampMs: 0,
      fieldMs: 0,
      extended: false,
      lengthBytes: 0,
      typeId: 0,
      streamId: 0,
      partial: Buffer.alloc(0),
      received: 0,
      open: false,
    }
    this.#streams.set(id, stream)
    return stream
  }

  #append(stream: ChunkStream, bytes: Buffer): void {
    this.#partialBytes += bytes.length
    if (this.#partialBytes > this.#limits.partialBytes) throw new RtmpProtocolError('too many unfinished messages')
    const end = stream.received + bytes.length
    if (end > stream.partial.length) {
      const grown = Math.min(Math.max(end, stream.partial.length * 2, growBytesMin), stream.lengthBytes)
      const bigger = Buffer.allocUnsafeSlow(grown)
      stream.partial.copy(bigger, 0, 0, stream.received)
      stream.partial = bigger
    }
    bytes.copy(stream.partial, stream.received)
    stream.received = end
  }

  #endChunk(stream: ChunkStream, onMessage: (message: RtmpMessage) => void): void {
    this.#current = null
    if (stream.received < stream.lengthBytes) return
    const { typeId, streamId, timestampMs } = stream
    const payload = stream.partial.subarray(0, stream.received)
    this.#discard(stream)
    if (typeId === messageType.setChunkSize) this.#setChunkSize(payload)
    else if (typeId === messageType.abort) this.#abort(payload)
    else onMessage({ typeId, streamId, timestampMs, payload })
  }

  #discard(stream: ChunkStream): void {
    this.#partialBytes -= stream.received
    stream.partial = Buffer.alloc(0)
    stream.received = 0
    stream.open = false
  }

  #setChunkSize(payload: Buffer): void {
    const chunkBytes = payload.length >= 4 ? payload.readUInt32BE(0) : 0
    if (chunkBytes < 1 || chunkBytes > chunkBytesMax) throw new RtmpProtocolError('the chunk size is out of range')
    this.#chunkBytes = chunkBytes
  }

  #abort(payload: Buffer): void {
    const stream = payload.length >= 4 ? this.#streams.get(payload.readUInt32BE(0)) : undefined
    if (stream) this.#discard(stream)
  }
}
