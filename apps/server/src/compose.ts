import { fileURLToPath } from 'node:url'
import { createCatalogue } from './catalogue/index.ts'
import { createCounties } from './counties/index.ts'
import { homePage } from './home-page.ts'
import { createIdentity } from './identity/index.ts'
import { createImpact } from './impact/index.ts'
import { createLive } from './live/index.ts'
import { createOrders } from './orders/index.ts'
import { createParcels } from './parcels/index.ts'
import { createPayments } from './payments/index.ts'
import type { Clock } from './platform/clock.ts'
import { systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { openDatabase } from './platform/database.ts'
import { createHttpServer } from './platform/http.ts'
import { createJobs } from './platform/jobs.ts'
import type { Log } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import { mountRoutes } from './platform/routes.ts'
import type { Platform, Slice } from './platform/slice.ts'
import { createSocketRegistry } from './platform/sockets.ts'
import { folderStorage } from './platform/storage.ts'
import { mountWebApp } from './platform/web-app.ts'
import { createShops } from './shops/index.ts'

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
async function createSlices(platform: Platform) {
  const identity = await createIdentity(platform)
  const counties = await createCounties(platform, identity.who)
  const shops = createShops(platform, identity)
  const catalogue = await createCatalogue(platform, { identity, shops })
  const orders = createOrders(platform, {
    identity,
    roomExists: async (roomId) => (await platform.db.query('select from rooms where id = $1', [roomId])).length > 0,
  })
  const payments = createPayments(platform, { identity })
  const parcels = createParcels(platform, identity)
  const live = createLive(platform, {
    identity,
    catalogue,
    salesOf: async (roomId) => {
      const { sold } = await impact.readSold('room', roomId)
      return { orders: sold.orders, fen: sold.fen, grams: sold.grams }
    },
  })
  orders.onStockChange((levels) => live.stockChanged(levels))
  const impact = createImpact(platform, { identity, counties, catalogue })
  return { identity, counties, shops, catalogue, orders, payments, parcels, live, impact } satisfies Record<
    string,
    Slice
  >
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
  const storage = folderStorage(`${config.dataDir}/files`)
  const jobs = createJobs(db, log)
  const platform: Platform = {
    config,
    db,
    clock: options.clock ?? systemClock,
    storage,
    jobs,
    log,
    metrics,
    app,
    sockets,
  }
  const slices = await createSlices(platform)
  const list: Slice[] = Object.values(slices)
  for (const slice of list) mountRoutes(app, slice.name, slice.routes)
  await mountWebApp(
    app,
    WEB_DIR,
    [homePage(app, platform.clock), ...list.flatMap((slice) => slice.pages ?? [])],
    config.publicUrl,
  )
  await app.ready()
  return {
    platform,
    slices,
    async listen() {
      if (options.runJobs !== false) await jobs.start(list.flatMap((slice) => slice.jobs ?? []))
      for (const slice of list) await slice.start?.()
      await app
        .listen({ port: config.port, host: '::', listenTextResolver: () => '' })
        .catch((error: NodeJS.ErrnoException) => {
          // A machine without IPv6 has no "::".
          if (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')
            return app.listen({ port: config.port, host: '0.0.0.0' })
          throw error
        })
    },
    address() {
      const address = app.server.address()
      return { port: typeof address === 'object' && address ? address.port : config.port }
    },
    async close() {
      http.drain()
      sockets.drain()
      await Promise.allSettled(list.map((slice) => slice.close?.()))
      await app.close()
      await jobs.stop()
      await db.close()
    },
  }
}
