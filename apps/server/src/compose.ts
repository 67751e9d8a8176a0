import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createAid } from './aid/index.ts'
import { createAudience } from './audience/index.ts'
import { createCatalogue } from './catalogue/index.ts'
import { checkHostWords, createChat } from './chat/index.ts'
import { createCounties } from './counties/index.ts'
import { createEvening } from './evening/index.ts'
import { homePage } from './home-page.ts'
import { createIdentity } from './identity/index.ts'
import { createImpact } from './impact/index.ts'
import { createInspections } from './inspections/index.ts'
import { createLive } from './live/index.ts'
import { createMerchants } from './merchants/index.ts'
import { createOffers } from './offers/index.ts'
import { createOrders } from './orders/index.ts'
import { createParcels } from './parcels/index.ts'
import { createPayments } from './payments/index.ts'
import type { Clock } from './platform/clock.ts'
import { systemClock } from './platform/clock.ts'
import { type Config, storagePlaceOf } from './platform/config.ts'
import { openDatabase } from './platform/database.ts'
import { createHttpServer } from './platform/http.ts'
import { createJobs } from './platform/jobs.ts'
import type { Log } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import { Refusal } from './platform/problem.ts'
import { mountRoutes } from './platform/routes.ts'
import type { Platform, Slice } from './platform/slice.ts'
import { createSocketRegistry } from './platform/sockets.ts'
import { openStorage } from './platform/storage.ts'
import { mountWebApp } from './platform/web-app.ts'
import { createRecordings } from './recordings/index.ts'
import { createRelief } from './relief/index.ts'
import { createShops } from './shops/index.ts'
import { createShow } from './show/index.ts'
import { loadSpelledPlaces } from './spelled-places.ts'

/** Connections that the kernel holds until they are taken: ten thousand viewers who were thrown out come back within seconds. */
const BACKLOG = 4_096
/** Where the built web app lies. */
const WEB_DIR = fileURLToPath(new URL('../../web/dist/', import.meta.url))

export interface ComposeOptions {
  readonly config: Config
  /** A migrated database. */
  readonly databaseUrl: string
  readonly log: Log
  readonly clock?: Clock
  /** False where nothing should run by itself, such as tests of other things. */
  readonly runJobs?: boolean
  /** The media process, where it was forked while this was loaded. */
  readonly mediaProcess?: ChildProcess
}

export interface App {
  readonly platform: Platform
  readonly slices: AppSlices
  listen(): Promise<void>
  /** Where it listens. */
  address(): { port: number }
  /** Refuses new work, finishes what is in flight, closes everything. At most a few seconds. */
  close(): Promise<void>
}

/** Builds every slice in the declared order; each sees the platform and those before it. */
async function createSlices(platform: Platform, mediaProcess: ChildProcess | undefined) {
  const spelledPlace = await loadSpelledPlaces()
  const identity = await createIdentity(platform)
  const counties = await createCounties(platform, identity.who)
  const shops = createShops(platform, identity)
  const catalogue = await createCatalogue(platform, { identity, shops })
  const orders = createOrders(platform, {
    identity,
    async roomExists(roomId, buyerId) {
      const [room] = await platform.db.query<{ practice: boolean }>('select practice from rooms where id = $1', [
        roomId,
      ])
      if (room?.practice && (await live.mayEnter(roomId, buyerId))) throw new Refusal('live.practice_sells_nothing')
      return room?.practice === false
    },
  })
  const payments = createPayments(platform, { identity })
  const parcels = createParcels(platform, identity)
  const live = createLive(platform, {
    identity,
    catalogue,
    mediaProcess,
    salesOf: async (roomId) => {
      const { sold } = await impact.readSold('room', roomId)
      return { orders: sold.orders, fen: sold.fen, grams: sold.grams }
    },
    async partsOf(roomId) {
      const [rules, drops] = await Promise.all([chat.partsOf(roomId), show.dropsOf(roomId)])
      return { ...rules, drops }
    },
    checkWords: checkHostWords,
    judgeChat: (roomId, user, text, mode) => chat.judgeChat(roomId, user, text, mode),
    mayHost: (userId) => audience.mayHost(userId),
    fans: {
      learn: async (userId, countyCode) => void (await audience.fanOf(userId, countyCode)),
      level: (userId, countyCode) => audience.fanNow(userId, countyCode)?.level ?? 0,
    },
    chatSaid(roomId, line, userId) {
      audience.chatSaid(roomId, line, userId)
      chat.chatSaid(roomId, line, userId)
      show.chatSaid(roomId, line, userId)
    },
    deskActed: (act) => show.recordAction(act),
  })
  orders.onStockChange((levels) => live.stockChanged(levels))
  const audience = createAudience(platform, { identity, catalogue, live, spelledPlace })
  const chat = await createChat(platform, {
    identity,
    live,
    isFollowing: (userId, countyCode) => audience.fanNow(userId, countyCode)?.following === true,
    isSilentMinor: (userId, countyCode) => audience.fanNow(userId, countyCode)?.may.chat === false,
    acted: (action) => void show.recordAction(action),
  })
  const show = createShow(platform, {
    identity,
    catalogue,
    orders,
    live,
    salesOf: async (roomId) => {
      const { sold } = await impact.readSold('room', roomId)
      return { orders: sold.orders, fen: sold.fen, grams: sold.grams }
    },
    isFollowing: (userId, countyCode) => audience.isFollowing(userId, countyCode),
    isMinor: (userId) => audience.isMinor(userId),
    checkWords: checkHostWords,
    questionsWaiting: (roomId) => chat.questionsWaiting(roomId),
    complaintsOf: (roomId) => chat.complaintsOf(roomId),
    undoers: chat.undoers,
  })
  orders.onCouponsTaken((dropId) => show.countsMoved(dropId))
  const evening = createEvening(platform, {
    identity,
    catalogue,
    live,
    spelledPlace,
    dropsOf: (roomId) => show.allDropsOf(roomId),
    questionsOf: (roomId) => chat.questionsOf(roomId),
  })
  const recordings = createRecordings(platform, { identity, live })
  const merchants = createMerchants(platform, {
    identity,
    recordsOf: async (merchantIds) => offers.recordsOf(merchantIds),
  })
  const relief = createRelief(platform, {
    identity,
    counties,
    catalogue,
    soldOfLots: async (lotIds) =>
      new Map([...(await impact.readSoldOfLots(lotIds))].map(([lotId, { grams }]) => [lotId, grams])),
  })
  const offers = createOffers(platform, {
    identity,
    merchants,
    relief,
    qualityOf: async (merchantIds) => inspections.qualityOf(merchantIds),
  })
  const inspections = createInspections(platform, { identity, catalogue, relief })
  const aid = createAid(platform, {
    identity,
    shops,
    catalogue,
    live,
    inspections,
    relief,
    soldOfLots: (lotIds) => impact.readSoldOfLots(lotIds),
    spelledPlace,
  })
  const impact = createImpact(platform, { identity, counties, catalogue })
  return {
    identity,
    counties,
    shops,
    catalogue,
    orders,
    payments,
    parcels,
    live,
    audience,
    chat,
    show,
    evening,
    recordings,
    merchants,
    relief,
    offers,
    inspections,
    aid,
    impact,
  } satisfies Record<string, Slice>
}
export type AppSlices = Awaited<ReturnType<typeof createSlices>>

/** The whole application on a migrated database, without the process around it: main.ts and the tests use the same. */
export async function composeApp(options: ComposeOptions): Promise<App> {
  const { config, log } = options
  const metrics = createMetrics()
  const db = openDatabase(options.databaseUrl)
  const http = await createHttpServer(config, log, metrics)
  const { app } = http
  const sockets = createSocketRegistry(app.server)
  const storage = openStorage(storagePlaceOf(config))
  const jobs = createJobs(db, log)
  const platform: Platform = {
    config,
    db,
    clock: options.clock ?? systemClock,
    storage,
    log,
    metrics,
    app,
    sockets,
  }
  const slices = await createSlices(platform, options.mediaProcess)
  const list: Slice[] = Object.values(slices)
  for (const slice of list) mountRoutes(app, slice.name, slice.routes)
  await mountWebApp(
    app,
    WEB_DIR,
    [homePage(app, platform.clock), ...list.flatMap((slice) => slice.pages ?? [])],
    config.publicUrl,
    config.mediaCluster?.hlsUrl ?? null,
  )
  await app.ready()
  const listen = async () => {
    if (options.runJobs !== false) await jobs.start(list.flatMap((slice) => slice.jobs ?? []))
    for (const slice of list) await slice.start?.()
    await app
      .listen({ port: config.port, host: '::', backlog: BACKLOG, listenTextResolver: () => '' })
      .catch((error: NodeJS.ErrnoException) => {
        // A machine without IPv6 has no "::".
        if (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')
          return app.listen({ port: config.port, host: '0.0.0.0', backlog: BACKLOG })
        throw error
      })
  }
  let listening: Promise<void> | undefined
  return {
    platform,
    slices,
    listen() {
      listening = listen()
      return listening
    },
    address() {
      const address = app.server.address()
      return { port: typeof address === 'object' && address ? address.port : config.port }
    },
    async close() {
      // Ctrl-C may come while it begins; what is half begun cannot be ended.
      await listening?.catch(() => {})
      http.drain()
      sockets.drain()
      await Promise.allSettled([jobs.stop(), ...list.map((slice) => slice.close?.())])
      await http.close()
      await db.close()
    },
  }
}
