import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createRoomSocketServer, type Viewer } from '@chunbo/live-room'
import { refuseUpgrade } from '../platform/sockets.ts'
import type { LiveContext } from './context.ts'

const PATH = /^\/api\/rooms\/([1-9]\d{0,14})\/socket$/

/** A browser says which page opens a socket, and cookies come along whoever it is; so only our own pages may. */
function isForeign(request: IncomingMessage, publicUrl: string): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origin === publicUrl) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

/** The client's address as Fastify sees it for HTTP: the last forwarded one, which the proxy itself wrote, if it is believed. */
function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined
  const last = String(forwarded ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return last || (request.socket.remoteAddress ?? '')
}

/** Mounts GET /api/rooms/{roomId}/socket. Everybody may read; who has a session may also talk. */
export function mountRoomSocket(
  context: Pick<LiveContext, 'platform' | 'identity' | 'hub'>,
  profileOf: (userId: number, roomId: number) => Promise<Viewer['user']>,
): void {
  const { config, sockets, log } = context.platform
  const { hub, identity } = context
  const server = createRoomSocketServer(hub.limits)

  async function welcome(request: IncomingMessage, socket: Duplex, head: Buffer, roomId: number): Promise<void> {
    if (isForeign(request, config.publicUrl)) return refuseUpgrade(socket, 403, 'Forbidden')
    const place = hub.admit(addressOf(request, config.trustProxy))
    if (!place.admitted) {
      const reason = place.status === 429 ? 'Too Many Requests' : 'Service Unavailable'
      return refuseUpgrade(socket, place.status, reason, { 'retry-after': String(place.retryAfterS) })
    }
    // Until the handshake is done the place hangs on the bare socket.
    socket.once('close', place.release)
    if ((await hub.open(roomId)) === null) return refuseUpgrade(socket, 404, 'Not Found')
    const actor = await identity.resolveActor(request)
    const user = actor ? await profileOf(actor.userId, roomId) : null
    if (socket.destroyed) return
    server.handleUpgrade(request, socket, head, (ws) => hub.seat(roomId, ws, socket, { user }, place.release))
  }

  sockets.on(PATH, (request, socket, head, match) => {
    welcome(request, socket, head, Number(match[1])).catch((error: unknown) => {
      log.error({ err: error }, 'a room socket could not be opened')
      refuseUpgrade(socket, 503, 'Service Unavailable', { 'retry-after': '2' })
    })
  })
}
