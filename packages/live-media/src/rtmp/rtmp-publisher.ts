import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { defaultRtmpLimits } from '../limits.ts'
import { type Amf0Object, type Amf0Value, decodeAmf0, encodeAmf0 } from './amf0.ts'
import type { FlvTag } from './flv-tags.ts'
import { RtmpChunkReader } from './rtmp-chunk-reader.ts'
import { writeRtmpMessage } from './rtmp-chunk-writer.ts'
import { handshakeBytes } from './rtmp-handshake.ts'
import { messageType } from './rtmp-message.ts'
import { control } from './rtmp-replies.ts'

const chunkBytes = 65_536
const answerMsMax = 10_000
const commandChunkStream = 3
const mediaChunkStreams: Record<number, number> = {
  [messageType.audio]: 4,
  [messageType.video]: 6,
  [messageType.dataAmf0]: 5,
}

/** The server's refusal, with the code of its status message, as in `NetStream.Publish.Denied`. */
export class PublishRefused extends Error {
  override name = 'PublishRefused'
  readonly code: string

  constructor(code: string, description: string) {
    super(`${code}: ${description}`)
    this.code = code
  }
}

export interface RtmpPublisher {
  /** Sends a tag; resolves when the socket takes more. Pacing is the caller's: a tag is sent at once. */
  send(tag: FlvTag): Promise<void>
  /** Stops the publish in good order. */
  close(): Promise<void>
  /** Drops the connection, as a lost network does. */
  destroy(): void
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
  /** Why the server sent it away after it had let it in: code and description; null while it has not. */
  readonly refusal: string | null
}

/**
 * Publishes to `rtmp://host:port/live/{streamKey}`, if told from one address of this machine: the demo world's publisher and the tests' one.
 * @throws PublishRefused when the server refuses, Error when it cannot be reached or goes silent
 */
export async function openRtmpPublisher(url: string, { from }: { from?: string } = {}): Promise<RtmpPublisher> {
  const { hostname, port, pathname } = new URL(url)
  const [app = '', streamKey = ''] = pathname.split('/').slice(1)
  const socket = connect({ host: hostname, port: Number(port || 1935), ...(from ? { localAddress: from } : {}) })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => socket.destroy())
  const heard: Heard = { refusal: null }
  const deadline = setTimeout(() => socket.destroy(), answerMsMax)
  try {
    await Promise.race([once(socket, 'connect'), gone(closed)])
    socket.setNoDelay(true)
    const rest = await shakeHands(socket, closed)
    await negotiate(socket, rest, closed, { app, streamKey, tcUrl: `rtmp://${hostname}/${app}`, heard })
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(deadline)
  }
  socket.resume()
  return {
    closed,
    get refusal() {
      return heard.refusal
    },
    async send(tag) {
      const message = { typeId: tag.typeId, streamId: 1, timestampMs: tag.timestampMs, payload: tag.body }
      const more = socket.write(writeRtmpMessage(mediaChunkStreams[tag.typeId] ?? 7, message, chunkBytes))
      if (!more && !socket.destroyed) await Promise.race([once(socket, 'drain'), closed])
    },
    async close() {
      if (!socket.destroyed) {
        sendCommand(socket, 'deleteStream', 5, null, 1)
        socket.end()
      }
      await closed
    },
    destroy: () => socket.destroy(),
  }
}

async function gone(closed: Promise<void>): Promise<never> {
  await closed
  throw new Error('the RTMP server closed the connection')
}

async function shakeHands(socket: Socket, closed: Promise<void>): Promise<Buffer> {
  socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(8), randomBytes(handshakeBytes - 8)]))
  let received: Buffer = Buffer.alloc(0)
  const whole = 1 + 2 * handshakeBytes
  while (received.length < whole) {
    const [bytes] = (await Promise.race([once(socket, 'data'), gone(closed)])) as [Buffer]
    received = Buffer.concat([received, bytes])
  }
  socket.pause()
  socket.write(received.subarray(1, 1 + handshakeBytes))
  return received.subarray(whole)
}

interface Target {
  app: string
  streamKey: string
  tcUrl: string
  heard: Heard
}

interface Heard {
  refusal: string | null
}

async function negotiate(socket: Socket, rest: Buffer, closed: Promise<void>, target: Target): Promise<void> {
  const reader = new RtmpChunkReader(defaultRtmpLimits)
  const published = new Promise<void>((resolve, reject) => {
    const take = (bytes: Buffer): void =>
      reader.receive(bytes, ({ typeId, payload }) => {
        if (typeId !== messageType.commandAmf0) return
        const [name, transaction, , info] = decodeAmf0(payload)
        if (name === '_result' && transaction === 1) sendCommand(socket, 'createStream', 2, null)
        if (name === '_result' && transaction === 2) sendPublish(socket, target.streamKey)
        if (name === '_error' || name === 'onStatus') {
          const { code, level, description } = (info ?? {}) as Amf0Object
          if (level === 'error') {
            target.heard.refusal = `${code}: ${description}`
            reject(new PublishRefused(String(code), String(description)))
          } else if (code === 'NetStream.Publish.Start') resolve()
        }
      })
    const guarded = (bytes: Buffer): void => {
      try {
        take(bytes)
      } catch (error) {
        reject(error)
      }
    }
    socket.on('data', guarded)
    guarded(rest)
  })
  socket.write(control(messageType.setChunkSize, chunkBytes))
  sendCommand(socket, 'connect', 1, { app: target.app, type: 'nonprivate', tcUrl: target.tcUrl })
  socket.resume()
  await Promise.race([published, gone(closed)])
}

function sendPublish(socket: Socket, streamKey: string): void {
  sendCommand(socket, 'FCPublish', 3, null, streamKey)
  const payload = encodeAmf0(['publish', 4, null, streamKey, 'live'])
  const message = { typeId: messageType.commandAmf0, streamId: 1, timestampMs: 0, payload }
  socket.write(writeRtmpMessage(commandChunkStream, message, chunkBytes))
}

function sendCommand(socket: Socket, ...values: Amf0Value[]): void {
  const message = { typeId: messageType.commandAmf0, streamId: 0, timestampMs: 0, payload: encodeAmf0(values) }
  socket.write(writeRtmpMessage(commandChunkStream, message, chunkBytes))
}
