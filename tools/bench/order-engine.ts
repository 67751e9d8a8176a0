import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BatchAnswer, type Checkout, createOrderQueue, packBatch, placeBatchSql } from '@chunbo/order-batch'
import { one, openDatabase } from '../../apps/server/src/platform/database.ts'
import { BUYERS, HOT } from './order-stage.ts'

/** As the server has it. */
const BATCH = 500
const IN_FLIGHT = 2

export function someCheckout(): Checkout {
  const buyerId = 1 + Math.floor(Math.random() * BUYERS)
  const { shopId, skuId, priceFen } = HOT
  return {
    buyerId,
    key: randomUUID(),
    roomId: null,
    addressId: buyerId,
    lines: [{ shopId, skuId, qty: 1, expectedPriceFen: priceFen }],
  }
}

/** Durable orders a second that the order queue takes for one hot SKU, from a second after the start for `seconds`. */
export async function measureEngine(url: string, seconds: number): Promise<number> {
  const db = openDatabase(url, { max: IN_FLIGHT })
  const queue = createOrderQueue({
    execute: async ({ values }) => one(await db.query<BatchAnswer>(placeBatchSql, values, 'place_orders')),
    now: () => new Date(),
    batchMax: BATCH,
    inFlightMax: IN_FLIGHT,
  })
  let placed = 0
  let running = true
  async function buyAndBuy(): Promise<void> {
    while (running) {
      const { kind } = await queue.place(someCheckout())
      if (kind !== 'accepted') throw new Error(`the benchmark's order was answered ${kind}`)
      placed += 1
    }
  }
  const buyers = Promise.all(Array.from({ length: BATCH * (IN_FLIGHT + 1) }, buyAndBuy))
  await sleep(1000)
  const [startMs, startPlaced] = [performance.now(), placed]
  await Promise.race([sleep(seconds * 1000), buyers])
  const rate = ((placed - startPlaced) / (performance.now() - startMs)) * 1000
  running = false
  await buyers
  await db.close()
  return rate
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Types of the statement's parameters. */
const parameterTypes =
  `timestamptz timestamptz timestamptz bigint[] bigint[] int[] bigint[] bigint[] uuid[] bigint[] int[] text[] int[]
  int[] smallint[] bigint[] bigint[] uuid[] bigint[] bigint[] text[] bigint[] int[] smallint[] int[] int[] int[] int[] bigint[] int[] int[] int[]`.split(
    /\s+/,
  )

/**
 * Orders a second that pgbench gets from the same statement with batches of the same size, as many at a time. The batches lie
 * ready in a table, as the text in which the driver sends them too.
 */
export async function measurePgbench(url: string, folder: string, seconds: number): Promise<number> {
  const db = openDatabase(url, { max: 1 })
  await db.query('drop table if exists bench_batches')
  await db.query('drop sequence if exists bench_turn')
  await db.query('create sequence bench_turn')
  await db.query(
    `create table bench_batches (id int primary key, ${parameterTypes.map((_, index) => `p${index + 1} text`).join(', ')})`,
  )
  const batches = seconds * 100
  for (let id = 1; id <= batches; id += 1) {
    const { values } = packBatch(Array.from({ length: BATCH }, someCheckout), new Date())
    await db.query(
      `insert into bench_batches values (${id}, ${values.map((_, index) => `$${index + 1}`).join(', ')})`,
      values,
    )
  }
  await db.query('vacuum analyze bench_batches')
  await db.close()
  const script = join(folder, 'batch.sql')
  const statement = placeBatchSql.replace(/from place_orders\(.*\)$/s, '')
  const call = `bench_batches b cross join lateral place_orders(${parameterTypes.map((type, index) => `b.p${index + 1}::${type}`).join(', ')})`
  await writeFile(
    script,
    `${statement.replaceAll('\n', ' ')} from ${call} where b.id = (select nextval('bench_turn'));\n`,
  )
  const transactions = Math.floor(batches / IN_FLIGHT)
  const args = ['-n', '-M', 'prepared', '-c', String(IN_FLIGHT), '-t', String(transactions), '-f', script]
  const tps = /tps = ([\d.]+)/.exec(await runPgbench(url, args))?.[1]
  return Number(tps) * BATCH
}

async function runPgbench(url: string, args: string[]): Promise<string> {
  const place = new URL(url)
  const child = spawn('pgbench', [...args, place.pathname.slice(1)], {
    env: {
      ...process.env,
      PGHOST: place.searchParams.get('host') ?? place.hostname,
      PGPORT: place.searchParams.get('port') ?? (place.port || '5432'),
      PGUSER: decodeURIComponent(place.username),
      PGPASSWORD: decodeURIComponent(place.password),
    },
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    out += chunk
  })
  const code = await new Promise((resolve, reject) => {
    child.on('close', resolve)
    child.on('error', () => reject(new Error('pgbench is missing: apt-get install postgresql-contrib')))
  })
  if (code !== 0) throw new Error(`pgbench failed: ${out}`)
  return out
}
