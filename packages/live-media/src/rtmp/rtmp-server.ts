import { createServer, type Server, type Socket } from 'node:net'
import { ingestRefusal } from '../ingest-refusals.ts'
import { defaultRtmpLimits, type RtmpLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import { type MediaLog, silentLog } from '../media-log.ts'
import { KeyGuard } from './key-guard.ts'
import { type PublishAnswer, RtmpSession } from './rtmp-session.ts'

/** What a stream key allows; the caller may hang more on it. */
export interface PublishGrant {
  roomId: number
  /** A lively publisher of the room gives way to this one. */
  takeover?: boolean
}

/** A key that was good once: its room's desk is told. */
export interface PublishDenial {
  roomId: number
  denied: 'key_expired' | 'ended'
}

export interface RtmpPeer {
  /** Personal data: for rate limits and audits of the caller, never for logs. */
  address: string
}

export interface RtmpServerOptions<Grant extends PublishGrant> {
  port: number
  host?: string
  hub: LiveHub
  /**
   * Looks a stream key up; null when there is no such key. Called at most once a publish; a rejection refuses the
   * publisher. Guessing is held off before it: see KeyGuard.
   */
  authorise: (streamKey: string, peer: RtmpPeer) => Promise<Grant | PublishDenial | null>
  /** Whether a text can be one of the keys this site makes, told without looking it up; see KeyGuard. */
  isOwnKey?: (streamKey: string) => boolean
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
  address: string
  session: RtmpSession
  socket: Socket
}

const tickMs = 500
/** Time for a refused publisher to read why. */
const lingerMs = 1_000
const leavingMax = 512
const backlog = 512
/** Ends that are everyday, or come five hundred a second, and need no line in the log; the hub tells of them. */
const quietReasons: ReadonlySet<string> = new Set(['unpublished', 'disconnected', 'refused', 'crowded_out'])

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
  readonly #leaving = new Set<Socket>()
  readonly #perAddress = new Map<string, number>()
  readonly #keys: KeyGuard
  readonly #now: () => number
  #lastId = 0
  #ticker: NodeJS.Timeout | null = null

  constructor(options: RtmpServerOptions<Grant>) {
    this.#options = options
    this.#limits = { ...defaultRtmpLimits, ...options.limits }
    this.#log = options.log ?? silentLog
    this.#now = options.now ?? Date.now
    this.#keys = new KeyGuard({ now: this.#now, isOwnKey: options.isOwnKey ?? (() => false) })
    this.#server = createServer((socket) => this.#accept(socket))
  }

  get connections(): number {
    return this.#connections.size
  }

  listen(): Promise<{ port: number }> {
    const { port, host } = this.#options
    const server = this.#server
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        server.off('listening', listening)
        reject(error)
      }
      const listening = (): void => {
        server.off('error', fail)
        server.on('error', (error) => this.#log.error({ error: String(error) }, 'rtmp server error'))
        this.#ticker = setInterval(() => {
          for (const { session } of this.#connections) session.tick()
        }, tickMs)
        this.#ticker.unref()
        const address = server.address()
        resolve({ port: typeof address === 'object' && address ? address.port : port })
      }
      server.once('error', fail).once('listening', listening)
      server.listen({ port, host, backlog })
    })
  }

  async close(): Promise<void> {
    if (this.#ticker) clearInterval(this.#ticker)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const { session, socket } of this.#connections) {
      session.stop('closing')
      socket.destroySoon()
    }
    for (const socket of this.#leaving) socket.destroySoon()
    await closed
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    socket.on('error', () => socket.destroy())
    if (!this.#makePlace(address)) {
      socket.destroy()
      return
    }
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    socket.setNoDelay(true)
    const session = this.#openSession(socket, address, () => this.#leave(connection))
    const connection: Connection = { session, socket, address }
    this.#connections.add(connection)
    socket.on('data', (bytes) => session.receive(bytes))
    socket.on('close', () => {
      session.stop('disconnected')
      this.#leaving.delete(socket)
    })
  }

  /** Whoever is sent away reads why, and takes up no place while it does. */
  #leave(connection: Connection): void {
    const { address, socket } = connection
    if (!this.#connections.delete(connection)) return
    const left = (this.#perAddress.get(address) ?? 1) - 1
    if (left > 0) this.#perAddress.set(address, left)
    else this.#perAddress.delete(address)
    if (this.#leaving.size >= leavingMax) {
      socket.destroy()
      return
    }
    this.#leaving.add(socket)
    socket.end()
    setTimeout(() => socket.destroy(), lingerMs).unref()
  }

  /**
   * A newcomer takes the place of the oldest connection that has not got as far as publishing, of its own address where
   * that has its share: whoever opens connections to hold them only throws out itself.
   */
  #makePlace(address: string): boolean {
    const isCrowded = (this.#perAddress.get(address) ?? 0) >= this.#limits.connectionsPerAddress
    if (!isCrowded && this.#connections.size < this.#limits.connections) return true
    for (const connection of this.#connections) {
      if (connection.session.publishing || (isCrowded && connection.address !== address)) continue
      connection.session.stop('crowded_out')
      connection.socket.destroy()
      return true
    }
    return false
  }

  #openSession(socket: Socket, address: string, leave: () => void): RtmpSession {
    const connection = ++this.#lastId
    let roomId: number | null = null
    const session: RtmpSession = new RtmpSession({
      limits: this.#limits,
      now: this.#now,
      publish: (streamKey, client) =>
        this.#publish(streamKey, { address, client }, (reason) => session.stop(reason)).then((answer) => {
          roomId = answer.roomId
          return answer
        }),
      onRefused: (refusal) => {
        if (roomId !== null) this.#options.hub.noteRefusal(roomId, refusal)
      },
      onFault: (error) => this.#log.error({ connection, error: String(error) }, 'rtmp session failed'),
      port: {
        write: (bytes) => {
          if (socket.destroyed || socket.writableEnded) return
          socket.write(bytes)
          if (socket.writableLength > this.#limits.unsentBytes) socket.destroy()
        },
        close: (reason) => {
          if (!quietReasons.has(reason)) this.#log.info({ connection, reason }, 'rtmp connection closed')
          leave()
        },
      },
    })
    return session
  }

  async #publish(streamKey: string, peer: Caller, stop: (reason: string) => void): Promise<RoomAnswer> {
    const { authorise, hub, onPublish, onUnpublish } = this.#options
    const found = await this.#keys.look(
      peer.address,
      streamKey,
      () => withDeadline(authorise(streamKey, { address: peer.address }), this.#limits.authoriseMs),
      (key) => 'denied' in key,
    )
    if (found === 'key_wrong' || found === 'too_many_tries') {
      return { kind: 'refused', refusal: ingestRefusal(found), roomId: null }
    }
    const { roomId } = found
    if ('denied' in found) {
      const refusal = ingestRefusal(found.denied)
      hub.noteRefusal(roomId, refusal)
      return { kind: 'refused', refusal, roomId }
    }
    const answer = await hub.openIngest({
      roomId,
      protocol: 'rtmp',
      takeover: found.takeover ?? false,
      peer: `${peer.address} ${peer.client}`,
      onEvicted: stop,
    })
    if (answer.kind === 'refused') return { ...answer, roomId }
    const { sink, stream } = answer
    onPublish?.(found, { address: peer.address })
    let ended = false
    const end = (reason: string): void => {
      sink.end(reason)
      if (ended) return
      ended = true
      onUnpublish?.(found, reason)
    }
    return {
      kind: 'accepted',
      roomId,
      nameEncoder: (encoder) => stream.nameEncoder(encoder),
      sink: { ...sink, end },
    }
  }
}

interface Caller extends RtmpPeer {
  client: string
}

type RoomAnswer = PublishAnswer & { roomId: number | null }

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
