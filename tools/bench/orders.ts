import type { ChildProcess } from 'node:child_process'
import { type Figure, figure, median } from './figures.ts'
import { measureEngine, measurePgbench } from './order-engine.ts'
import { type HttpFigures, measureHttp, startEmptyServer, startServer, stopServer } from './order-http.ts'
import { measureNaive } from './order-naive.ts'
import { clearOrders, openStage, type Stage } from './order-stage.ts'

const ROUNDS = 5
const SECONDS = 6
/** A server has compiled its way of an order by then. */
const WARM_S = 5
const OLD_ORDERS = 5_000_000

const say = (line: string) => process.stderr.write(`${line}\n`)

/** The queue, pgbench and one transaction an order, in turn and each from an empty table. */
async function engineFigures(stage: Stage, url: string): Promise<Figure[]> {
  const engine: number[] = []
  const toPgbench: number[] = []
  const toNaive: number[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    await clearOrders(url)
    const own = await measureEngine(url, SECONDS)
    await clearOrders(url)
    const pgbench = await measurePgbench(url, stage.folder, SECONDS)
    await clearOrders(url)
    const naive = await measureNaive(url, SECONDS)
    say(
      `round ${round}: engine ${own.toFixed(0)}/s, pgbench ${pgbench.toFixed(0)}/s, one transaction an order ${naive.toFixed(0)}/s`,
    )
    engine.push(own)
    toPgbench.push(own / pgbench)
    toNaive.push(own / naive)
  }
  return [
    figure('engine_orders_per_s', 'orders/s', engine),
    figure('ratio_to_pgbench', 'ratio', toPgbench),
    figure('ratio_to_naive', 'ratio', toNaive),
  ]
}

/** The whole server, and in turn one that answers without selling anything. */
async function httpFigures(stage: Stage, url: string): Promise<Figure[]> {
  await clearOrders(url)
  const rates: number[] = []
  const p99s: number[] = []
  const ratios: number[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { perSecond, p50Ms, p99Ms } = await measureOn(await startServer(url, stage.folder))
    const empty = await measureOn(await startEmptyServer())
    say(
      `round ${round}: ${perSecond.toFixed(0)} orders/s over HTTP, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms; ` +
        `${empty.perSecond.toFixed(0)}/s of a server that only answers`,
    )
    rates.push(perSecond)
    p99s.push(p99Ms)
    ratios.push(perSecond / empty.perSecond)
  }
  return [
    figure('http_orders_per_s', 'orders/s', rates),
    figure('http_p99_ms', 'ms', p99s),
    figure('http_ratio_to_empty', 'ratio', ratios),
  ]
}

/** One run against a server that has just been started, and its end. */
async function measureOn(server: ChildProcess): Promise<HttpFigures> {
  try {
    return await measureHttp(WARM_S, SECONDS)
  } finally {
    await stopServer(server)
  }
}

/** The queue on a table with a month of orders in it, and on an empty one, in turn. */
async function fullFigures(stage: Stage, emptyUrl: string, orders: number): Promise<Figure[]> {
  say(`loading ${orders} orders`)
  const fullUrl = await stage.build('filled', orders)
  const ratios: number[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    await clearOrders(emptyUrl)
    const empty = await measureEngine(emptyUrl, SECONDS)
    const full = await measureEngine(fullUrl, SECONDS)
    say(`round ${round}: ${full.toFixed(0)}/s with ${orders} orders in the table, ${empty.toFixed(0)}/s with none`)
    ratios.push(full / empty)
  }
  say(`median ${median(ratios).toFixed(2)}`)
  return [figure('ratio_at_5m_rows', 'ratio', ratios)]
}

/** Options: engine, http, full to run only these parts; rows=N for another number of old orders. */
export async function run(options: string[]): Promise<Figure[]> {
  const parts = options.filter((option) => ['engine', 'http', 'full'].includes(option))
  const wanted = (part: string) => parts.length === 0 || parts.includes(part)
  const rows = Number(options.find((option) => option.startsWith('rows='))?.slice(5) ?? OLD_ORDERS)
  say('starting a PostgreSQL and filling it with buyers and goods')
  const stage = await openStage()
  function interrupted(): void {
    // What was being measured fails when its database goes; only the cleaning up matters now.
    process.on('uncaughtException', () => {}).on('unhandledRejection', () => {})
    void stage.close().finally(() => process.exit(130))
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    const url = await stage.build('unfilled', 0)
    return [
      ...(wanted('engine') ? await engineFigures(stage, url) : []),
      ...(wanted('http') ? await httpFigures(stage, url) : []),
      ...(wanted('full') ? await fullFigures(stage, url, rows) : []),
    ]
  } finally {
    await stage.close()
  }
}
