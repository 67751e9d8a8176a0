import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PublishServerMessage } from '@chunbo/contract/publish'
import { type WebSocket, WebSocketServer } from 'ws'
import { defaultPublishLimits, type PublishLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import { type MediaLog, silentLog } from '../media-log.ts'
import { type BrowserPublisher, Publications } from './publications.ts'
import { PublishSession } from './publish-session.ts'

export interface PublishSocketsOptions {
  hub: Pick<LiveHub, 'openIngest'>
  limits?: Partial<PublishLimits>
  log?: MediaLog
  now?: () => number
}

export interface PublishSockets {
  /** Takes over a connection whose upgrade the caller has authorised: same origin, and a member of the room's host team. */
  accept(
    request: Pick<IncomingMessage, 'method' | 'headers'>,
    socket: Duplex,
    head: Buffer,
    grant: BrowserPublisher,
  ): void
  readonly connections: number
  /** Sends all publishers away and ends their publishes. */
  close(): void
}

const tickMs = 250
/** Time for a publisher to read why it is sent away. */
const lingerMs = 1_000
const closeNormal = 1000
const closeTryLater = 1013

/** The sockets of browsers that are on air. */
export function createPublishSockets(options: PublishSocketsOptions): PublishSockets {
  return new Door(options)
}

class Door implements PublishSockets {
  readonly #limits: PublishLimits
  readonly #log: MediaLog
  readonly #now: () => number
  readonly #server: WebSocketServer
  readonly #publications: Publications
  readonly #sessions = new Map<PublishSession, number>()
  readonly #ticker: NodeJS.Timeout
  #lastId = 0

  constructor(options: PublishSocketsOptions) {
    this.#limits = { ...defaultPublishLimits, ...options.limits }
    this.#log = options.log ?? silentLog
    this.#now = options.now ?? Date.now
    // Encoded video does not deflate, and inflating would be a way to make us work.
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.messageBytes,
    })
    this.#publications = new Publications({ hub: options.hub, limits: this.#limits, now: this.#now })
    this.#ticker = setInterval(() => this.#tick(), tickMs)
    this.#ticker.unref()
  }

  get connections(): number {
    return this.#sessions.size
  }

  accept(
    request: Pick<IncomingMessage, 'method' | 'headers'>,
    socket: Duplex,
    head: Buffer,
    grant: BrowserPublisher,
  ): void {
    const inRoom = [...this.#sessions.values()].filter((roomId) => roomId === grant.roomId).length
    if (inRoom >= this.#limits.socketsPerRoom) {
      // A peer that never closes its side would keep an upgraded connection for ever.
      socket.once('finish', () => socket.destroy())
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n')
      return
    }
    // The server reads the method and the headers alone; a request that came from another process has nothing else.
    this.#server.handleUpgrade(request as IncomingMessage, socket, head, (ws) => this.#open(ws, grant))
  }

  close(): void {
    clearInterval(this.#ticker)
    this.#publications.close()
    for (const session of this.#sessions.keys()) session.dismiss('interrupted')
  }

  #open(ws: WebSocket, grant: BrowserPublisher): void {
    const id = ++this.#lastId
    const { roomId } = grant
    const session: PublishSession = new PublishSession({
      limits: this.#limits,
      now: this.#now,
      open: (hello) => this.#publications.open(grant, hello, session),
      onFault: (error) => this.#log.error({ socket: id, roomId, error: String(error) }, 'publish session failed'),
      port: {
        send: (message) => this.#send(ws, message),
        close: (reason) => {
          this.#log.info({ socket: id, roomId, reason }, 'publish socket closed')
          ws.close(reason === 'interrupted' ? closeTryLater : closeNormal)
          setTimeout(() => ws.terminate(), lingerMs).unref()
        },
      },
    })
    this.#sessions.set(session, roomId)
    ws.on('message', (data: Buffer, isBinary) => {
      if (isBinary) session.receiveBinary(data)
      else session.receiveText(data.toString('utf8'))
    })
    ws.on('error', () => ws.terminate())
    ws.on('close', () => {
      session.stop('disconnected')
      this.#sessions.delete(session)
      this.#publications.broke(session)
    })
  }

  #send(ws: WebSocket, message: PublishServerMessage): void {
    if (ws.readyState !== ws.OPEN) return
    ws.send(JSON.stringify(message))
    if (ws.bufferedAmount > this.#limits.unsentBytes) ws.terminate()
  }

  #tick(): void {
    for (const session of this.#sessions.keys()) session.tick()
    this.#publications.tick()
  }
}
