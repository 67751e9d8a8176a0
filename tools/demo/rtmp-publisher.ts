import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FlvTag } from './flv.ts'

/**
 * The smallest publisher that a real ingest accepts: it plays a file in real time, over and over, as a phone would send
 * it. It exists so that the demo room has a moving stream on a machine without ffmpeg.
 * Source: Adobe's Real Time Messaging Protocol 1.0, sections 5.2 (handshake), 5.3 (chunks) and 7.2 (commands).
 */
export interface PublishOptions {
  readonly host: string
  readonly port: number
  readonly app: string
  readonly streamKey: string
  readonly tags: readonly FlvTag[]
  readonly signal: AbortSignal
}

const CHUNK_BYTES = 60_000
const CONNECT_MS_MAX = 5000
const TYPE_ID = { audio: 8, video: 9, script: 18 } as const

function amf(value: string | number | null | Record<string, string>): Buffer {
  if (value === null) return Buffer.from([5])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    const head = Buffer.from([2, 0, 0])
    head.writeUInt16BE(text.length, 1)
    return Buffer.concat([head, text])
  }
  const fields = Object.entries(value).map(([key, text]) => Buffer.concat([amf(key).subarray(1), amf(text)]))
  return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])])
}

/** One message as chunks: a full header, then type-3 headers where it is longer than a chunk. */
function message(
  chunkStream: number,
  typeId: number,
  streamId: number,
  timestampMs: number,
  body: Buffer,
  chunkBytes = CHUNK_BYTES,
): Buffer {
  const extended = timestampMs >= 0xffffff
  const head = Buffer.alloc(extended ? 16 : 12)
  head.writeUInt8(chunkStream, 0)
  head.writeUIntBE(extended ? 0xffffff : timestampMs, 1, 3)
  head.writeUIntBE(body.length, 4, 3)
  head.writeUInt8(typeId, 7)
  head.writeUInt32LE(streamId, 8)
  if (extended) head.writeUInt32BE(timestampMs >>> 0, 12)
  const parts: Buffer[] = [head]
  for (let offset = 0; offset < body.length; offset += chunkBytes) {
    if (offset > 0) {
      parts.push(Buffer.from([0xc0 | chunkStream]))
      if (extended) parts.push(head.subarray(12))
    }
    parts.push(body.subarray(offset, offset + chunkBytes))
  }
  return Buffer.concat(parts)
}

async function handshake(socket: Socket, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS_MAX)])
  if (socket.connecting) await once(socket, 'connect', { signal: limit })
  const clientRandom = Buffer.concat([Buffer.alloc(8), randomBytes(1528)])
  socket.write(Buffer.concat([Buffer.from([3]), clientRandom]))
  let received: Buffer = Buffer.alloc(0)
  while (received.length < 1 + 1536 * 2) {
    const [data]: Buffer[] = await once(socket, 'data', { signal: limit })
    if (data) received = Buffer.concat([received, data])
  }
  socket.write(received.subarray(1, 1537))
}

function openStream(socket: Socket, options: PublishOptions): void {
  const chunkSize = Buffer.alloc(4)
  chunkSize.writeUInt32BE(CHUNK_BYTES)
  const tcUrl = `rtmp://${options.host}:${options.port}/${options.app}`
  const command = (streamId: number, ...values: Parameters<typeof amf>[0][]) =>
    message(3, 20, streamId, 0, Buffer.concat(values.map(amf)))
  socket.write(message(2, 1, 0, 0, chunkSize))
  socket.write(
    command(0, 'connect', 1, { app: options.app, type: 'nonprivate', flashVer: 'FMLE/3.0 (chunbo demo)', tcUrl }),
  )
  socket.write(command(0, 'createStream', 2, null))
  // The first stream that a server makes has the id 1.
  socket.write(command(1, 'publish', 3, null, options.streamKey, 'live'))
}

/**
 * Publishes until the signal aborts (then it returns) or the server ends the connection (then it throws).
 */
export async function publishLoop(options: PublishOptions): Promise<void> {
  const { tags, signal } = options
  const samples = tags.filter((tag) => tag.type !== 'script' && !tag.config)
  const last = samples.at(-1)
  if (!last) throw new RangeError('nothing to publish')
  const videoTimes = samples.filter((tag) => tag.type === 'video').map((tag) => tag.timestampMs)
  const frameMs = (videoTimes[1] ?? 50) - (videoTimes[0] ?? 0)
  const loopMs = (videoTimes.at(-1) ?? last.timestampMs) + frameMs
  const socket = connect({ host: options.host, port: options.port, noDelay: true })
  const closed = new Promise<never>((_, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server ended the stream')))
  })
  closed.catch(() => {})
  const send = (tag: FlvTag, timestampMs: number) =>
    socket.write(message(tag.type === 'audio' ? 4 : 6, TYPE_ID[tag.type], 1, timestampMs, tag.body))
  try {
    await Promise.race([handshake(socket, signal), closed])
    socket.resume()
    openStream(socket, options)
    for (const tag of tags) if (tag.config) send(tag, 0)
    const startMs = performance.now()
    for (let round = 0; !signal.aborted; round++) {
      for (const tag of samples) {
        const atMs = round * loopMs + tag.timestampMs
        const waitMs = startMs + atMs - performance.now()
        if (waitMs > 2) await Promise.race([sleep(waitMs, undefined, { signal }), closed])
        send(tag, atMs)
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    socket.destroy()
  }
}
