import { createServer, type Server, type Socket } from 'node:net'
import { defaultRtmpLimits, type RtmpLimits } from './limits.ts'
import type { LiveHub } from './live-hub.ts'
import { type MediaLog, silentLog } from './media-log.ts'
import { type PublishAnswer, RtmpSession } from './rtmp-session.ts'

/** What a stream key allows; the caller may hang more on it. */
export interface PublishGrant {
  roomId: number
}

export interface RtmpPeer {
  /** Personal data: for rate limits and audits of the caller, never for logs. */
  address: string
}

export interface RtmpServerOptions<Grant extends PublishGrant> {
  port: number
  host?: string
  hub: LiveHub
  /** Looks a stream key up; null when it is not valid now. Called once a publish; a rejection refuses the publisher. */
  authorise: (streamKey: string, peer: RtmpPeer) => Promise<Grant | null>
  onPublish?: (grant: Grant, peer: RtmpPeer) => void
  /** `reason` as in `unpublished`, `disconnected`, `idle`, `stalled`, `protocol_error`. */
  onUnpublish?: (grant: Grant, reason: string) => void
  limits?: Partial<RtmpLimits>
  log?: MediaLog
  now?: () => number
}

export interface RtmpServer {
  /** @throws as net.Server does, with `code` EADDRINUSE when the port is taken */
  listen(): Promise<{ port: number }>
  readonly connections: number
  /** Ends all publishes and stops listening. */
  close(): Promise<void>
}

interface Connection {
  session: RtmpSession
  socket: Socket
}

const tickMs = 500
/** Time for a refused publisher to read why. */
const lingerMs = 1_000
const backlog = 512
/** Ends that are everyday and need no line in the log; the hub tells of them. */
const quietReasons: ReadonlySet<string> = new Set(['unpublished', 'disconnected'])

/** An RTMP server that only takes streams in: `rtmp://host/live/{streamKey}`. */
export function createRtmpServer<Grant extends PublishGrant>(options: RtmpServerOptions<Grant>): RtmpServer {
  return new Listener(options)
}

class Listener<Grant extends PublishGrant> implements RtmpServer {
  readonly #options: RtmpServerOptions<Grant>
  readonly #limits: RtmpLimits
  readonly #log: MediaLog
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #perAddress = new Map<string, number>()
  #lastId = 0
  #ticker: NodeJS.Timeout | null = null

  constructor(options: RtmpServerOptions<Grant>) {
    this.#options = options
    this.#limits = { ...defaultRtmpLimits, ...options.limits }
    this.#log = options.log ?? silentLog
    this.#server = createServer((socket) => this.#accept(socket))
  }

  get connections(): number {
    return this.#connections.size
  }

  listen(): Promise<{ port: number }> {
    const { port, host } = this.#options
    const server = this.#server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, backlog }, () => {
        server.off('error', reject)
        server.on('error', (error) => this.#log.error({ error: String(error) }, 'rtmp server error'))
        this.#ticker = setInterval(() => {
          for (const { session } of this.#connections) session.tick()
        }, tickMs)
        this.#ticker.unref()
        const address = server.address()
        resolve({ port: typeof address === 'object' && address ? address.port : port })
      })
    })
  }

  async close(): Promise<void> {
    if (this.#ticker) clearInterval(this.#ticker)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const { session, socket } of this.#connections) {
      session.stop('closing')
      socket.destroySoon()
    }
    await closed
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const sameAddress = this.#perAddress.get(address) ?? 0
    socket.on('error', () => socket.destroy())
    if (this.#connections.size >= this.#limits.connections || sameAddress >= this.#limits.connectionsPerAddress) {
      socket.destroy()
      return
    }
    this.#perAddress.set(address, sameAddress + 1)
    socket.setNoDelay(true)
    const session = this.#openSession(socket, address)
    const connection = { session, socket }
    this.#connections.add(connection)
    socket.on('data', (bytes) => session.receive(bytes))
    socket.on('close', () => {
      session.stop('disconnected')
      this.#connections.delete(connection)
      const left = (this.#perAddress.get(address) ?? 1) - 1
      if (left > 0) this.#perAddress.set(address, left)
      else this.#perAddress.delete(address)
    })
  }

  #openSession(socket: Socket, address: string): RtmpSession {
    const connection = ++this.#lastId
    const session: RtmpSession = new RtmpSession({
      limits: this.#limits,
      now: this.#options.now ?? Date.now,
      publish: (streamKey) => this.#publish(streamKey, { address }, (reason) => session.stop(reason)),
      onFault: (error) => this.#log.error({ connection, error: String(error) }, 'rtmp session failed'),
      port: {
        write: (bytes) => {
          if (socket.destroyed || socket.writableEnded) return
          socket.write(bytes)
          if (socket.writableLength > this.#limits.unsentBytes) socket.destroy()
        },
        close: (reason) => {
          if (!quietReasons.has(reason)) this.#log.info({ connection, reason }, 'rtmp connection closed')
          socket.end()
          setTimeout(() => socket.destroy(), lingerMs).unref()
        },
      },
    })
    return session
  }

  async #publish(streamKey: string, peer: RtmpPeer, stop: (reason: string) => void): Promise<PublishAnswer> {
    const { authorise, hub, onPublish, onUnpublish } = this.#options
    const grant = await withDeadline(authorise(streamKey, peer), this.#limits.authoriseMs)
    if (!grant) return refusePublish('the stream key is wrong or no longer valid')
    const answer = await hub.openIngest({ roomId: grant.roomId, protocol: 'rtmp', onEvicted: stop })
    if (answer.kind === 'refused') {
      return answer.reason === 'busy'
        ? refusePublish('someone is publishing with this key already', 'NetStream.Publish.BadName')
        : refusePublish('no more streams are taken now')
    }
    const { sink, stream } = answer
    onPublish?.(grant, peer)
    let ended = false
    const end = (reason: string): void => {
      sink.end(reason)
      if (ended) return
      ended = true
      onUnpublish?.(grant, reason)
    }
    return { kind: 'accepted', nameEncoder: (encoder) => stream.nameEncoder(encoder), sink: { ...sink, end } }
  }
}

type Refused = Extract<PublishAnswer, { kind: 'refused' }>

function refusePublish(description: string, code: Refused['code'] = 'NetStream.Publish.Denied'): Refused {
  return { kind: 'refused', code, description }
}

async function withDeadline<T>(work: Promise<T>, waitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('took too long')), waitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
