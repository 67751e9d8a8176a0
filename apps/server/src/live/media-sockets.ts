import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Refusal } from '../platform/problem.ts'
import { refuseUpgrade } from '../platform/sockets.ts'
import type { LiveContext } from './context.ts'
import type { MediaIngest } from './media-ingest.ts'
import { readPublishing } from './read-publishing.ts'
import type { RoomDoors } from './room-team.ts'
import { addressOf, isForeign } from './upgrade-checks.ts'

/** Where viewers open their sockets. */
export const VIEWER_PATH = /^\/media\/([1-9]\d{0,14})\/live\.ws$/
const PUBLISH_PATH = /^\/media\/([1-9]\d{0,14})\/publish$/

type Opening = [request: IncomingMessage, socket: Duplex, head: Buffer, roomId: number]

/**
 * Mounts the sockets under /media/: whether somebody may have one is decided here, and then the connection goes to the media process, so that
 * no frame of video passes this one.
 */
export function mountMediaSockets(
  context: Pick<LiveContext, 'platform' | 'identity' | 'mayEnter'>,
  video: Pick<MediaIngest, 'handOver'>,
  doors: Pick<RoomDoors, 'isTeam'>,
  isPublic: (roomId: number) => Promise<boolean>,
): void {
  const { config, sockets, log } = context.platform

  /** Everybody may watch; a room for practice only its team. */
  async function watch(request: IncomingMessage, socket: Duplex, head: Buffer, roomId: number): Promise<void> {
    if (isForeign(request, config.publicUrl)) return refuseUpgrade(socket, 403, 'Forbidden')
    if (!(await isPublic(roomId))) {
      const actor = await context.identity.resolveActor(request)
      if (!(await context.mayEnter(roomId, actor?.userId ?? null))) return refuseUpgrade(socket, 404, 'Not Found')
    }
    video.handOver({ as: 'viewer', roomId, address: addressOf(request, config.trustProxy) }, request, socket, head)
  }

  /** Only the room's team may go on air, from a page of ours: a cookie alone must not put a camera on air. */
  async function publish(request: IncomingMessage, socket: Duplex, head: Buffer, roomId: number): Promise<void> {
    if (isForeign(request, config.publicUrl)) return refuseUpgrade(socket, 403, 'Forbidden')
    const actor = await context.identity.resolveActor(request)
    if (actor === null) return refuseUpgrade(socket, 401, 'Unauthorized')
    if (!(await doors.isTeam(roomId, actor.userId))) {
      return (await isPublic(roomId))
        ? refuseUpgrade(socket, 403, 'Forbidden')
        : refuseUpgrade(socket, 404, 'Not Found')
    }
    const { ended, takeover } = await readPublishing(context.platform.db, roomId)
    const refusal = ended ? ('ended' as const) : null
    video.handOver({ as: 'publisher', roomId, userId: actor.userId, takeover, refusal }, request, socket, head)
  }

  function mount(path: RegExp, open: (...opening: Opening) => Promise<void>): void {
    sockets.on(path, (request, socket, head, match) => {
      open(request, socket, head, Number(match[1])).catch((error: unknown) => {
        if (error instanceof Refusal) return refuseUpgrade(socket, 404, 'Not Found')
        log.error({ err: error }, 'a video socket could not be opened')
        refuseUpgrade(socket, 503, 'Service Unavailable', { 'retry-after': '2' })
      })
    })
  }
  mount(VIEWER_PATH, watch)
  mount(PUBLISH_PATH, publish)
}
