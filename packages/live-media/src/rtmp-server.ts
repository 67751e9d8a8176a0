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

/** An RTMP server that only takes streams in: `rtmp://host/live/{streamKey}`. */
export function createRtmpServer<Grant extends PublishGrant>(options: RtmpServerOptions<Grant>): RtmpServer {
  const limits: RtmpLimits = { ...defaultRtmpLimits, ...options.limits }
  const log = options.log ?? silentLog
  const now = options.now ?? Date.now
  const connections = new Set<Connection>()
  const perAddress = new Map<string, number>()
  let lastId = 0
  let ticker: NodeJS.Timeout | null = null

  function accept(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const sameAddress = perAddress.get(address) ?? 0
    socket.on('error', () => socket.destroy())
    if (connections.size >= limits.connections || sameAddress >= limits.connectionsPerAddress) {
      socket.destroy()
      return
    }
    perAddress.set(address, sameAddress + 1)
    socket.setNoDelay(true)
    const id = ++lastId
    const session = new RtmpSession({
      limits,
      now,
      publish: (streamKey) => publish(streamKey, { address }, (reason) => session.stop(reason)),
      onFault: (error) => log.error({ connection: id, error: String(error) }, 'rtmp session failed'),
      port: {
        write: (bytes) => write(socket, bytes, () => session.stop('not_reading')),
        close: (reason) => {
          if (reason !== 'unpublished' && reason !== 'disconnected') log.info({ connection: id, reason }, 'rtmp closed')
          socket.end()
          setTimeout(() => socket.destroy(), lingerMs).unref()
        },
      },
    })
    const connection = { session, socket }
    connections.add(connection)
    socket.on('data', (bytes) => session.receive(bytes))
    socket.on('close', () => {
      session.stop('disconnected')
      connections.delete(connection)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left > 0) perAddress.set(address, left)
      else perAddress.delete(address)
    })
  }

  function write(socket: Socket, bytes: Buffer, onStuck: () => void): void {
    if (socket.destroyed || socket.writableEnded) return
    socket.write(bytes)
    if (socket.writableLength > limits.unsentBytes) {
      socket.destroy()
      onStuck()
    }
  }

  async function publish(streamKey: string, peer: RtmpPeer, stop: (reason: string) => void): Promise<PublishAnswer> {
    const grant = await withDeadline(options.authorise(streamKey, peer), limits.authoriseMs)
    if (!grant) {
      return { kind: 'refused', code: 'NetStream.Publish.Denied', description: 'the stream key is wrong or over' }
    }
    const { roomId } = grant
    const answer = await options.hub.openIngest({ roomId, protocol: 'rtmp', onEvicted: stop })
    if (answer.kind === 'refused') {
      const busy = answer.reason === 'busy'
      return {
        kind: 'refused',
        code: busy ? 'NetStream.Publish.BadName' : 'NetStream.Publish.Denied',
        description: busy ? 'someone is publishing with this key already' : 'no more streams are taken now',
      }
    }
    const { sink, stream } = answer
    options.onPublish?.(grant, peer)
    let ended = false
    return {
      kind: 'accepted',
      nameEncoder: (encoder) => stream.nameEncoder(encoder),
      sink: {
        ...sink,
        end: (reason) => {
          sink.end(reason)
          if (ended) return
          ended = true
          options.onUnpublish?.(grant, reason)
        },
      },
    }
  }

  const server: Server = createServer(accept)
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port: options.port, host: options.host, backlog }, () => {
          server.off('error', reject)
          server.on('error', (error) => log.error({ error: String(error) }, 'rtmp server error'))
          ticker = setInterval(() => {
            for (const connection of connections) connection.session.tick()
          }, tickMs)
          ticker.unref()
          const address = server.address()
          resolve({ port: typeof address === 'object' && address ? address.port : options.port })
        })
      }),
    get connections() {
      return connections.size
    },
    async close() {
      if (ticker) clearInterval(ticker)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const { session, socket } of connections) {
        session.stop('closing')
        socket.destroySoon()
      }
      await closed
    },
  }
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
