import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { createMediaListener, type FlvViewers, type MediaHandler, type ViewerSockets } from '@chunbo/live-media'
import type { Log } from '../platform/log.ts'
import { refuseUpgrade } from '../platform/sockets.ts'
import { PublicRooms } from './media-public-rooms.ts'
import { VIEWER_PATH } from './media-sockets.ts'
import type { MediaSettings } from './media-words.ts'
import { addressOf, isForeign } from './upgrade-checks.ts'

/** A client has so long for the head of its request. */
const HEADERS_MS = 10_000

export interface MediaFrontOptions {
  readonly settings: MediaSettings
  readonly handler: MediaHandler
  readonly viewers: ViewerSockets
  readonly flv: FlvViewers
  readonly log: Log
  isClosing(): boolean
  /** Asks the server whether anybody may watch a room. */
  isPublic(roomId: number): Promise<boolean>
}

/**
 * The HTTP server of the media process. Our own server shows the secret and has checked who may see what it asks for; a front on
 * MEDIA_PORT is given what anybody may watch.
 */
export function createMediaFront({
  settings,
  handler,
  viewers,
  flv,
  log,
  isPublic,
  isClosing,
}: MediaFrontOptions): Server {
  const secret = Buffer.from(settings.secret)
  const rooms = new PublicRooms(isPublic)
  const isOpen = settings.mediaPort !== null
  const listener = createMediaListener({
    handler,
    flv,
    isClosing,
    log,
    // Our own server passes on the address that it saw; a front does as it does to our server.
    addressOf: (request) =>
      isVouched(request, secret)
        ? String(request.headers['x-chunbo-client'] ?? '')
        : addressOf(request, settings.trustProxy),
    admit: (roomId, request) => isVouched(request, secret) || (isOpen && rooms.has(roomId)),
  })
  // A blocked playlist is answered within 6 s; a front keeps its connections for longer than a viewer's pause.
  const limits = { keepAliveTimeout: 65_000, requestTimeout: 30_000, headersTimeout: HEADERS_MS, noDelay: true }
  const http = createServer(limits, listener)

  async function watch(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const roomId = Number(VIEWER_PATH.exec((request.url ?? '/').split('?', 1)[0] ?? '/')?.[1] ?? -1)
    if (roomId < 0 || !isOpen || !(await rooms.has(roomId))) return refuseUpgrade(socket, 404, 'Not Found')
    if (isForeign(request, settings.publicUrl)) return refuseUpgrade(socket, 403, 'Forbidden')
    if (socket.destroyed) return
    viewers.accept(request, socket, head, { roomId, address: addressOf(request, settings.trustProxy) })
  }
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    watch(request, socket, head).catch((error: unknown) => {
      log.warn({ err: error }, 'a viewer on the media port could not be let in')
      refuseUpgrade(socket, 503, 'Service Unavailable', { 'retry-after': '2' })
    })
  })
  return http
}

function isVouched(request: IncomingMessage, secret: Buffer): boolean {
  const shown = Buffer.from(String(request.headers['x-chunbo-media'] ?? ''))
  return shown.length === secret.length && timingSafeEqual(shown, secret)
}
