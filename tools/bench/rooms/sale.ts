import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Figure, figure } from '../figures.ts'
import { HOT, openStage as openOrderStage } from '../order-stage.ts'
import { LOAD_CORE, nowUs, onCore, SERVER_CORE, SERVER_FLAGS } from './child-link.ts'
import type { CrowdFigures } from './crowd.ts'
import type { OrderFigures } from './order-stream.ts'
import { processorS } from './processor.ts'
import { crowdOf, pause, percent, type RoomStage } from './stage.ts'

const PORT = 4560
const RTMP_PORT = 4561
const SECRET = 'benchmark-secret-that-nobody-else-needs'
const PER_S = 5_000
const SECONDS = 8
const ROOM = 1
const CROWD = 'viewers'
const MAIN = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url))

const ROOM_SQL = [
  `insert into rooms (id, county_code, title_zh, host_name, scheduled_at, status, started_at, video_at, created_by, created_at)
     values (${ROOM}, 530823, '景东豌豆等你来', '李文山', now(), 'live', now(), now(), 1, now())`,
  `insert into room_shelf (room_id, shop_id, sku_id, position) values (${ROOM}, ${HOT.shopId}, ${HOT.skuId}, 1)`,
]

/** The whole server as in production, on the core of the servers; PostgreSQL runs where the system puts it. */
async function startServer(url: string, folder: string): Promise<{ pid: number; stop(): Promise<void> }> {
  const dataDir = join(folder, 'server')
  await mkdir(dataDir, { recursive: true })
  const [program, args] = onCore(SERVER_CORE, process.execPath, [...SERVER_FLAGS, MAIN])
  const child = spawn(program, args, {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: url,
      DATA_DIR: dataDir,
      PORT: String(PORT),
      RTMP_PORT: String(RTMP_PORT),
      AUTH_SECRET: SECRET,
      LOG_LEVEL: 'warn',
      DEMO: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const stop = async () => {
    child.stdout.resume()
    child.kill('SIGTERM')
    await exit
  }
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return { pid: child.pid ?? 0, stop }
  }
  throw new Error('the server did not start')
}

/** Looks at the stock in the database every few ms, noting when the look began: from then at the latest a viewer waits for it. */
function watchStock(client: pg.Client): { stop(): Promise<readonly (readonly [us: number, stock: number])[]> } {
  const looks: [number, number][] = []
  let watching = true
  const done = (async () => {
    while (watching) {
      const us = nowUs()
      const { rows } = await client.query<{ stock: number }>({
        name: 'stock',
        text: 'select stock::int from sku_stock where shop_id = $1 and sku_id = $2',
        values: [HOT.shopId, HOT.skuId],
      })
      looks.push([us, rows[0]?.stock ?? 0])
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return looks
  })()
  return {
    stop() {
      watching = false
      return done
    },
  }
}

/** A database with the room in it, the server on it, and 5,000 viewers who have come. */
async function openSale(stage: RoomStage) {
  const orders = await openOrderStage()
  const closeOrders = stage.atEnd(() => orders.close())
  const url = await orders.build('sale', 0)
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  for (const statement of ROOM_SQL) await client.query(statement)
  const server = await startServer(url, orders.folder)
  const stopServer = stage.atEnd(server.stop)
  // Apart from each other, or an answer to an order would wait until thousands of viewers have read their frame.
  const load = await stage.open('./load-client.ts', LOAD_CORE)
  const buyers = await stage.open('./load-client.ts', LOAD_CORE)
  const path = `/api/rooms/${ROOM}/socket`
  const plan = crowdOf(Math.round(stage.viewers / 2), PORT, { path, watchesStock: true, sampleEvery: 50 })
  await load.ask('enter', { name: CROWD, plan })
  await buyers.ask('planOrders', { port: PORT, secret: SECRET, roomId: ROOM, perS: PER_S, seconds: SECONDS })
  return {
    client,
    load,
    buyers,
    pid: server.pid,
    async close() {
      await load.close()
      await buyers.close()
      await stopServer()
      await client.end()
      await closeOrders()
    },
  }
}

interface Round {
  readonly placed: OrderFigures
  readonly lag: { readonly p50Ms: number; readonly p99Ms: number; readonly unseen: number }
}

async function sell(
  stage: RoomStage,
  { client, load, buyers, pid }: Awaited<ReturnType<typeof openSale>>,
  run: number,
): Promise<Round> {
  const name = CROWD
  await load.ask('mark', { name })
  const usedS = processorS(pid)
  const buyersS = processorS(buyers.pid)
  const startUs = nowUs()
  const looking = watchStock(client)
  const placed = await buyers.ask<OrderFigures>('orders', { run: String(run) })
  const tookS = (nowUs() - startUs) / 1e6
  const share = (processorS(pid) - usedS) / tookS
  const buying = (processorS(buyers.pid) - buyersS) / tookS
  const viewers = await load.ask<CrowdFigures>('figures', { name })
  const looks = await looking.stop()
  // The last tick with stock is on its way.
  await pause(1_500)
  const lag = await load.ask<Round['lag']>('stockLag', { name, looks })
  if (placed.failures > 0) throw new Error(`${placed.failures} orders were not accepted`)
  stage.say(
    `${run === 0 ? 'warming up' : `round ${run}`}: ${placed.placed} orders in ${tookS.toFixed(1)} s, p50 ${placed.p50Ms.toFixed(0)} ms, ` +
      `p99 ${placed.p99Ms.toFixed(0)} ms; stock at the viewers p50 ${lag.p50Ms.toFixed(0)} ms, p99 ${lag.p99Ms.toFixed(0)} ms after the database, ` +
      `${lag.unseen} never seen; server ${percent(share)} of a core, viewers ${percent(viewers.loadShare)} and orders ${percent(buying)} of theirs`,
  )
  return { placed, lag }
}

/** The whole server with 5,000 in the room while 5,000 orders a second of the product on its shelf are placed. */
export async function saleFigures(stage: RoomStage): Promise<Figure[]> {
  const sale = await openSale(stage)
  // The first orders warm the server up.
  await sell(stage, sale, 0)
  const rounds: Round[] = []
  for (let run = 1; run <= stage.rounds; run += 1) rounds.push(await sell(stage, sale, run))
  await sale.close()
  stage.say(
    '  limited by: stock_lag_ms by the tick of 200 ms and by what the server has to do between two; order_p99_ms by the core',
  )
  stage.say(
    '  that orders share with 25,000 deliveries a second, and by the load and PostgreSQL, which share the other one',
  )
  return [
    figure(
      'stock_lag_ms',
      'ms',
      rounds.map(({ lag }) => lag.p99Ms),
    ),
    figure(
      'order_p99_ms',
      'ms',
      rounds.map(({ placed }) => placed.p99Ms),
    ),
  ]
}
