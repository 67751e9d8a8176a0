import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Viewer } from '@chunbo/live-room'
import { upgrade } from '@chunbo/web-socket'
import { refuseUpgrade } from '../platform/sockets.ts'
import type { LiveContext } from './context.ts'
import { addressOf, isForeign } from './upgrade-checks.ts'

const PATH = /^\/api\/rooms\/([1-9]\d{0,14})\/socket$/

/** Mounts GET /api/rooms/{roomId}/socket. Everybody may read; who has a session may also talk. */
export function mountRoomSocket(
  context: Pick<LiveContext, 'platform' | 'identity' | 'hub' | 'mayEnter'>,
  profileOf: (userId: number, roomId: number) => Promise<Viewer['user']>,
): void {
  const { config, sockets, log } = context.platform
  const { hub, identity } = context

  async function welcome(request: IncomingMessage, socket: Duplex, head: Buffer, roomId: number): Promise<void> {
    if (isForeign(request, config.publicUrl)) return refuseUpgrade(socket, 403, 'Forbidden')
    const admission = hub.admit(addressOf(request, config.trustProxy))
    if (!admission.admitted) {
      const reason = admission.status === 429 ? 'Too Many Requests' : 'Service Unavailable'
      return refuseUpgrade(socket, admission.status, reason, { 'retry-after': String(admission.retryAfterS) })
    }
    const { place } = admission
    // Until the handshake is done the place hangs on the bare socket.
    socket.once('close', () => place.release())
    if ((await hub.open(roomId)) === null) return refuseUpgrade(socket, 404, 'Not Found')
    const actor = await identity.resolveActor(request)
    if (!(await context.mayEnter(roomId, actor?.userId ?? null))) return refuseUpgrade(socket, 404, 'Not Found')
    const user = actor ? await profileOf(actor.userId, roomId) : null
    if (socket.destroyed) return
    const upgraded = upgrade(request, socket, head)
    if (upgraded !== null) hub.seat(roomId, upgraded, { user }, place)
  }

  sockets.on(PATH, (request, socket, head, match) => {
    welcome(request, socket, head, Number(match[1])).catch((error: unknown) => {
      log.error({ err: error }, 'a room socket could not be opened')
      refuseUpgrade(socket, 503, 'Service Unavailable', { 'retry-after': '2' })
    })
  })
}
