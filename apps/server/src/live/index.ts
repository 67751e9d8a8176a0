import type { StockLevel } from '@chunbo/contract'
import { RoomHub, type RoomLimits } from '@chunbo/live-room'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import { Gauge } from '../platform/metrics.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { createChatBook } from './chat-book.ts'
import type { LiveContext, RoomSales } from './context.ts'
import './errors.ts'
import { goLive } from './go-live.ts'
import { liveJobs } from './jobs.ts'
import { keepPeaks, noteVideo } from './keep-figures.ts'
import { loadRoom } from './load-room.ts'
import { createMediaIngest } from './media-ingest.ts'
import { mediaRoutes } from './media-routes.ts'
import { livePages } from './pages.ts'
import { pauseRoom } from './pause-room.ts'
import { createRoomRefresher } from './refresh-rooms.ts'
import { mountRoomSocket } from './room-socket.ts'
import { createCountyOfRoom, roomTeam } from './room-team.ts'
import { liveRoutes } from './routes.ts'
import { createViewerProfiles } from './viewer-profiles.ts'

/** Shelves are read again, peaks and video are written down at this gap. */
const HOUSEKEEPING_MS = 10_000

/** The slice, and what the composition connects to it. */
export interface Live extends Slice {
  /** Stock after a committed batch of orders or a return, in the order of the commits. Never throws and never waits. */
  stockChanged(levels: readonly StockLevel[]): void
  /** The RTMP port that was bound; the configured one before start. */
  rtmpPort(): number
}

export interface LiveOptions {
  readonly identity: Identity
  readonly catalogue: Catalogue
  /** Sums over the order lines of a room. */
  salesOf(roomId: number): Promise<RoomSales>
  readonly roomLimits?: Partial<RoomLimits>
  /** How long a publisher may be away before its room is paused. */
  readonly pauseGraceMs?: number
}

function gauge(platform: Platform, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [platform.metrics],
    collect() {
      this.set(read())
    },
  })
}

export function createLive(platform: Platform, options: LiveOptions): Live {
  const { db, log, clock } = platform
  const chat = createChatBook(db, log)
  const hub = new RoomHub({
    load: (roomId) => loadRoom(db, roomId),
    chatSaid: (roomId, line, userId) => chat.add(roomId, line, userId),
    clock: { wallMs: () => clock.now().getTime(), steadyMs: () => performance.now() },
    ...(options.roomLimits ? { limits: options.roomLimits } : {}),
  })
  const video = createMediaIngest(
    platform,
    {
      videoArrived: (roomId) => goLive({ platform, hub }, roomId),
      videoAway: (roomId) => pauseRoom({ platform, hub }, roomId),
    },
    options.pauseGraceMs,
  )
  const { identity, catalogue, salesOf } = options
  const context: LiveContext = { platform, identity, catalogue, hub, video, salesOf }
  const countyOf = createCountyOfRoom(context)
  const refresher = createRoomRefresher(context)
  mountRoomSocket(context, createViewerProfiles(context, countyOf))
  const refresh = () =>
    refresher.refresh().catch((error: unknown) => log.warn({ err: error }, 'the shelves could not be read again'))
  catalogue.onSkuChange(() => void refresh())
  gauge(platform, 'chunbo_rooms_in_memory', 'Rooms in memory', () => hub.figures.rooms)
  gauge(platform, 'chunbo_room_sockets', 'Open room sockets', () => hub.figures.sockets)
  gauge(platform, 'chunbo_room_sockets_lagging', 'Room sockets whose reader is slow', () => hub.figures.lagging)
  gauge(platform, 'chunbo_publishers', 'Streams that arrive just now', () => video.publishingRooms().length)

  async function keepHouse(): Promise<void> {
    await refresh()
    const publishing = video.publishingRooms()
    // A room whose going live could not be written down, because the database was away, is healed here.
    for (const roomId of publishing) if (video.figures(roomId)?.fps) await goLive(context, roomId)
    await noteVideo(context, publishing)
    await keepPeaks(context)
  }
  let housekeeping: NodeJS.Timeout | undefined
  let rtmpPort = platform.config.rtmpPort

  return {
    name: 'live',
    routes: [...liveRoutes(context, roomTeam(context, countyOf)), ...mediaRoutes(video.handler)],
    jobs: liveJobs(context),
    pages: livePages(context),
    stockChanged: (levels) => refresher.stockChanged(levels),
    rtmpPort: () => rtmpPort,
    async start() {
      rtmpPort = (await video.start()).port
      hub.start()
      chat.start()
      const wereLive = await db.query<{ id: number }>(`select id from rooms where status = 'live'`)
      for (const { id } of wereLive) video.expect(id)
      housekeeping = setInterval(() => {
        keepHouse().catch((error: unknown) => log.warn({ err: error }, 'housekeeping of the rooms failed'))
      }, HOUSEKEEPING_MS)
    },
    async close() {
      clearInterval(housekeeping)
      hub.stop()
      await video.close()
      await Promise.allSettled([chat.close(), keepPeaks(context)])
    },
  }
}
