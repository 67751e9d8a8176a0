import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Takes over an upgraded connection. It owns the socket from then on. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer, match: RegExpExecArray) => void

export interface SocketRegistry {
  /** Sends upgrades whose path (without query) matches to `handler`; the first match wins. */
  on(path: RegExp, handler: UpgradeHandler): void
  /** Refuses upgrades from now on with 503. */
  drain(): void
}

/**
 * Answers an upgrade with a plain HTTP status instead of a socket, and goes: Node's HTTP sockets may stay half open, and no
 * timeout of the server counts for an upgraded one, so a peer that never closes its side would keep it for ever.
 */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  reason: string,
  headers: Record<string, string> = {},
): void {
  const lines = Object.entries({ connection: 'close', 'content-length': '0', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`)
}

/** Routes WebSocket upgrades of an HTTP server by path. */
export function createSocketRegistry(server: Server): SocketRegistry {
  const handlers: { path: RegExp; handler: UpgradeHandler }[] = []
  let draining = false
  server.on('upgrade', (request, socket, head) => {
    // A peer may vanish while it is being answered; that must not end the process.
    socket.on('error', () => socket.destroy())
    if (draining) {
      refuseUpgrade(socket, 503, 'Service Unavailable', { 'retry-after': '2' })
      return
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    for (const { path: pattern, handler } of handlers) {
      const match = pattern.exec(path)
      if (match) {
        handler(request, socket, head, match)
        return
      }
    }
    refuseUpgrade(socket, 404, 'Not Found')
  })
  return {
    on: (path, handler) => {
      handlers.push({ path, handler })
    },
    drain: () => {
      draining = true
    },
  }
}
