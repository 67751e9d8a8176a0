import type { ChildProcess } from 'node:child_process'
import type { RoomCard, StockLevel } from '@chunbo/contract'
import { type LiveRoom, type RoomHooks, RoomHub, type RoomLimits } from '@chunbo/live-room'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Queryable } from '../platform/database.ts'
import { gaugeOf } from '../platform/metrics.ts'
import type { Who } from '../platform/session.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { addToNextShelf, findNextRoom, findRoomsShowing, type NextRoom } from './add-to-shelf.ts'
import { createChatBook } from './chat-book.ts'
import { clusterRoutes } from './cluster-routes.ts'
import type { LiveContext, RecordedSpan, RoomSales, StreamFigures } from './context.ts'
import { type DeskAct, hideAtDesk } from './desk-acts.ts'
import './errors.ts'
import { goLive } from './go-live.ts'
import { liveJobs } from './jobs.ts'
import { keepPeaks, noteVideo } from './keep-figures.ts'
import { loadRoom, type RoomParts } from './load-room.ts'
import { createMediaCluster } from './media-cluster.ts'
import { createMediaIngest, type VideoListener } from './media-ingest.ts'
import { mediaRoutes } from './media-routes.ts'
import { mountMediaSockets } from './media-sockets.ts'
import { livePages } from './pages.ts'
import { pauseRoom } from './pause-room.ts'
import { pinProduct } from './pin-product.ts'
import { readRoomCards, toRoomCard } from './read-room-page.ts'
import { createRedisRoomBus } from './redis-room-bus.ts'
import { createRoomRefresher } from './refresh-rooms.ts'
import { roomOfKey } from './room-of-key.ts'
import { readRoom } from './room-row.ts'
import { mountRoomSocket } from './room-socket.ts'
import { roomStreamRoutes } from './room-stream.ts'
import { type CountyOfRoom, createRoomDoors, createRoomFacts } from './room-team.ts'
import { joinVideo } from './room-video.ts'
import { liveRoutes } from './routes.ts'
import { setShelf } from './set-shelf.ts'
import { unpinProduct } from './unpin-product.ts'
import { createViewerProfiles, type Fans } from './viewer-profiles.ts'

/** Shelves are read again, peaks and video are written down at this gap. */
const HOUSEKEEPING_MS = 10_000

export type { NextRoom } from './add-to-shelf.ts'
export type { RecordedSpan } from './context.ts'
export type { DeskAct } from './desk-acts.ts'

/** The slice, and what the others ask of it or the composition connects to it. */
export interface Live extends Slice {
  /** Stock after a committed batch of orders or a return, in the order of the commits. Never throws and never waits. */
  stockChanged(levels: readonly StockLevel[]): void
  /** Tells a room of a change when it is in memory, or as soon as it is; one that is not reads it when it is loaded. */
  tell(roomId: number, change: (room: LiveRoom) => void): void
  /** The room, if it is in memory. */
  inMemory(roomId: number): LiveRoom | undefined
  /** The rule for the host team of the room whose id is in the path as `id`. */
  readonly team: Who
  /** The rule for everybody who may come into the room in the path, as `id` or `roomId`: into one for practice only its team. */
  readonly entrant: Who
  /** The same for who must be signed in. */
  readonly signedInEntrant: Who
  /** Whether this user (null: a stranger) may be in the room. @throws Refusal live.room_not_found */
  mayEnter(roomId: number, userId: number | null): Promise<boolean>
  /** Whether a room is for practice, where nothing is sold. @throws Refusal live.room_not_found */
  isPractice(roomId: number): Promise<boolean>
  /** Cards of these rooms, in no order; those for practice and those that there are not are left out. */
  cardsOf(roomIds: readonly number[]): Promise<RoomCard[]>
  /** The card of a room, also of one for practice: ask first who may enter. @throws Refusal live.room_not_found */
  cardOf(roomId: number): Promise<RoomCard>
  /** The rooms in memory that are on air and not for practice, with the users who watch them just now. */
  watching(): Promise<{ roomId: number; countyCode: number; userIds: Set<number> }[]>
  /** @throws Refusal live.room_not_found */
  readonly countyOf: CountyOfRoom
  /** The commands of the shelf for who takes back what a desk did; they are not logged, save hiding by somebody. @throws Refusal of each */
  readonly shelf: {
    pin(roomId: number, sku: { shopId: number; skuId: number }, userId: number): Promise<unknown>
    unpin(roomId: number): Promise<unknown>
    set(roomId: number, items: readonly { shopId: number; skuId: number }[]): Promise<unknown>
    hide(roomId: number, sku: { shopId: number; skuId: number }, hidden: boolean, userId: number | null): Promise<void>
  }
  /** What arrives of a room's video just now; null when nothing does. */
  streamOf(roomId: number): StreamFigures | null
  /**
   * Judges a person anew in every room where they sit, after a role, a name or an age has changed: their sockets get what holds now, or are
   * put out of a room that they may not be in any more.
   */
  rejudge(userId: number): Promise<void>
  /** Writes down what was said and still waits. */
  flushChat(): Promise<void>
  /** What was recorded of a room, in the order of its replay. */
  recorded(roomId: number): Promise<readonly RecordedSpan[]>
  /** Removes everything that was recorded of a room, thumbnails included. */
  removeRecording(roomId: number): Promise<void>
  /** The RTMP port that was bound; the configured one before start. */
  rtmpPort(): number
  /** The room of a county that is on air, or else the next one to come. */
  findNextRoom(countyCode: number): Promise<NextRoom | null>
  /** For each of these SKUs the room that shows it now, or the next one that will. */
  findRoomsShowing(skuIds: readonly number[]): Promise<Map<number, NextRoom>>
  /**
   * Puts goods at the end of the shelf of the county's next room, in the caller's transaction; null when there is none. After the commit
   * the caller calls `tell`, and viewers see them.
   */
  addToNextShelf(
    tx: Queryable,
    countyCode: number,
    goods: readonly { readonly shopId: number; readonly skuId: number }[],
  ): Promise<{ room: NextRoom; tell: () => Promise<void> } | null>
}

/** Why a line may not be said; see the room package. */
export type { ChatVerdict } from '@chunbo/live-room'
export type { RoomParts } from './load-room.ts'

export interface LiveOptions {
  readonly identity: Identity
  readonly catalogue: Catalogue
  /** Sums over the order lines of a room. */
  salesOf(roomId: number): Promise<RoomSales>
  /** What later slices bring to a room that comes into memory. */
  readonly partsOf?: (roomId: number) => Promise<RoomParts>
  /** What the rules of the chat say to a line. Must not throw and must not wait. */
  readonly judgeChat?: RoomHooks['judgeChat']
  /** A line was said. Must not throw and must not wait. */
  readonly chatSaid?: RoomHooks['chatSaid']
  /** Whether somebody is old enough to host; everybody is unless told. */
  readonly mayHost?: (userId: number) => Promise<boolean>
  readonly fans?: Fans
  /** Words that a seller may not say (`block`), or not without more; none unless told. */
  readonly checkWords?: LiveContext['checkWords']
  /** Something was done at a desk of this slice: pin, shelf, handover. Must not throw. */
  readonly deskActed?: (act: DeskAct) => Promise<void>
  readonly roomLimits?: Partial<RoomLimits>
  /** How long a publisher may be away before its room is paused. */
  readonly pauseGraceMs?: number
  /** The media process, if it was forked already. */
  readonly mediaProcess?: ChildProcess | undefined
}

export function createLive(platform: Platform, options: LiveOptions): Live {
  const { db, log, clock } = platform
  const chat = createChatBook(db, log)
  const warn = (error: unknown) => log.warn({ err: error }, 'the rooms of several nodes are apart for a while')
  const bus = platform.config.redisUrl === null ? null : createRedisRoomBus(platform.config.redisUrl, warn)
  const hub = new RoomHub({
    ...(bus === null ? {} : { bus, warn }),
    load: (roomId) => loadRoom(db, roomId, options.partsOf ?? (async () => ({}))),
    judgeChat: options.judgeChat ?? (() => null),
    chatSaid(roomId, line, userId) {
      chat.add(roomId, line, userId)
      options.chatSaid?.(roomId, line, userId)
    },
    clock: { wallMs: () => clock.now().getTime(), steadyMs: () => performance.now() },
    ...(options.roomLimits ? { limits: options.roomLimits } : {}),
  })
  const facts = createRoomFacts({ platform })
  const listener: VideoListener = {
    videoArrived: (roomId) => goLive({ platform, hub }, roomId),
    // A room may be published here and through a cluster; it pauses when both are silent.
    videoAway: async (roomId) => (video.isPublishing(roomId) ? undefined : pauseRoom({ platform, hub }, roomId)),
  }
  const ingest = createMediaIngest({
    platform,
    facts,
    listener,
    streamKeySecret: options.identity.streamKeySecret,
    graceMs: options.pauseGraceMs,
    forked: options.mediaProcess,
  })
  const { mediaCluster } = platform.config
  const cluster = mediaCluster
    ? createMediaCluster(platform, {
        config: mediaCluster,
        listener,
        async authorise(streamKey) {
          const found = await roomOfKey(platform, streamKey)
          return found && 'denied' in found ? null : found
        },
        graceMs: options.pauseGraceMs,
      })
    : null
  const video = joinVideo(ingest, cluster)
  const { identity, catalogue, salesOf } = options
  const mayHost = options.mayHost ?? (async () => true)
  const doors = createRoomDoors({ identity }, facts, mayHost)
  const { mayEnter } = doors
  const deskActed = options.deskActed ?? (async () => {})
  const checkWords = options.checkWords ?? (() => [])
  const context: LiveContext = {
    platform,
    identity,
    catalogue,
    hub,
    video,
    cluster,
    salesOf,
    mayHost,
    mayEnter,
    checkWords,
    deskActed,
  }
  const countyOf: CountyOfRoom = async (roomId) => (await facts.of(roomId)).countyCode
  const fans = options.fans ?? { learn: async () => {}, level: () => 0 }
  const refresher = createRoomRefresher(context)
  const profiles = createViewerProfiles(context, facts, doors, fans)
  mountRoomSocket(context, profiles.of)
  mountMediaSockets(context, ingest, doors, async (roomId) => !(await facts.of(roomId)).practice)
  const refresh = () =>
    refresher.refresh().catch((error: unknown) => log.warn({ err: error }, 'the shelves could not be read again'))
  catalogue.onSkuChange(() => void refresh())
  gaugeOf(platform.metrics, 'chunbo_rooms_in_memory', 'Rooms in memory', () => hub.figures.rooms)
  gaugeOf(platform.metrics, 'chunbo_room_sockets', 'Open room sockets', () => hub.figures.sockets)
  gaugeOf(
    platform.metrics,
    'chunbo_room_sockets_lagging',
    'Room sockets whose reader is slow',
    () => hub.figures.lagging,
  )
  gaugeOf(platform.metrics, 'chunbo_publishers', 'Streams that arrive just now', () => video.publishingRooms().length)

  async function rejudge(userId: number): Promise<void> {
    profiles.forget(userId)
    for (const room of hub.roomsOf(userId))
      room.judgeUser(userId, (await mayEnter(room.id, userId)) ? await profiles.of(userId, room.id) : null)
  }
  /** A role ends by its date or by another hand; whoever lost it must not go on reading what only the team may. */
  async function rejudgeTeams(): Promise<void> {
    const teams = new Set([...hub.rooms].flatMap((room) => [...room.teamIds()]))
    for (const userId of teams) await rejudge(userId)
  }

  async function keepHouse(): Promise<void> {
    await refresh()
    await rejudgeTeams()
    await cluster?.refresh()
    const publishing = video.publishingRooms()
    // A room whose going live could not be written down, because the database was away, is healed here.
    for (const roomId of publishing)
      if (cluster?.isPublishing(roomId) || video.figures(roomId)?.fps) await goLive(context, roomId)
    await noteVideo(context, publishing)
    await keepPeaks(context)
  }
  let housekeeping: NodeJS.Timeout | undefined
  let rtmpPort = platform.config.rtmpPort

  return {
    name: 'live',
    tell: (roomId, change) => hub.tell(roomId, change),
    inMemory: (roomId) => hub.find(roomId),
    team: doors.team,
    entrant: doors.entrant,
    signedInEntrant: doors.signedInEntrant,
    mayEnter,
    isPractice: async (roomId) => (await facts.of(roomId)).practice,
    countyOf,
    cardsOf: (roomIds) => readRoomCards(context, roomIds),
    cardOf: async (roomId) => toRoomCard(context, await readRoom(db, roomId)),
    async watching() {
      const onAir = [...hub.rooms].filter(({ view }) => view.room.status === 'live')
      const known = await Promise.all(onAir.map(async (room) => ({ room, ...(await facts.of(room.id)) })))
      return known.flatMap(({ room, countyCode, practice }) =>
        practice ? [] : [{ roomId: room.id, countyCode, userIds: room.viewerIds() }],
      )
    },
    shelf: {
      pin: (roomId, sku, userId) => pinProduct(context, roomId, sku, userId),
      unpin: (roomId) => unpinProduct(context, roomId),
      set: (roomId, items) => setShelf(context, roomId, items),
      hide: (roomId, sku, hidden, userId) => hideAtDesk(context, roomId, sku, hidden, userId),
    },
    streamOf: (roomId) => video.figures(roomId),
    rejudge,
    flushChat: () => chat.flush(),
    recorded: (roomId) => video.recorded(roomId),
    removeRecording: (roomId) => platform.storage.remove(`recordings/${roomId}`),
    routes: [
      ...liveRoutes(context, doors),
      ...mediaRoutes(ingest, facts, doors),
      ...clusterRoutes(context, cluster, facts, doors),
      ...roomStreamRoutes(context, profiles.of, doors.entrant),
    ],
    jobs: liveJobs(context),
    pages: livePages(context),
    stockChanged: (levels) => refresher.stockChanged(levels),
    rtmpPort: () => rtmpPort,
    findNextRoom: (countyCode) => findNextRoom(db, countyCode, clock.now()),
    findRoomsShowing: (skuIds) => findRoomsShowing(db, skuIds, clock.now()),
    addToNextShelf: (tx, countyCode, goods) => addToNextShelf(context, tx, countyCode, goods),
    async start() {
      rtmpPort = (await ingest.start()).port
      await cluster?.refresh()
      hub.start()
      chat.start()
      const wereLive = await db.query<{ id: number }>(`select id from rooms where status = 'live'`)
      for (const { id } of wereLive) ingest.expect(id)
      housekeeping = setInterval(() => {
        keepHouse().catch((error: unknown) => log.warn({ err: error }, 'housekeeping of the rooms failed'))
      }, HOUSEKEEPING_MS)
    },
    async close() {
      clearInterval(housekeeping)
      hub.stop()
      await bus?.close()
      cluster?.close()
      await ingest.close()
      await Promise.allSettled([chat.close(), keepPeaks(context)])
    },
  }
}
