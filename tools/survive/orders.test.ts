import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../apps/server/src/platform/embedded-postgres.ts'
import { removePostgres } from '../../apps/server/src/platform/embedded-postgres-place.ts'
import { killableServer } from './killable-server.ts'
import { sendBuyers } from './stubborn-buyers.ts'

/** The invariant of this file: an order that a buyer was told of is there, once, whatever is killed at whatever moment. */

const SECRET = 'a-secret-for-tests-that-is-long-enough-for-hs256'
const ROUNDS = 20
const seed = Number(process.env.SURVIVE_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** mulberry32: a small generator, so that the rounds of a failed run can be had again by its seed. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const WORLD = [
  `insert into divisions (code, level, name, parent_code) values (530000, 'province', '云南省', null), (530823, 'county', '景东彝族自治县', 530000) on conflict do nothing`,
  `insert into users (id, name, email) select i, '买家' || i, 'buyer' || i || '@example.org' from generate_series(1, 400) i`,
  `insert into addresses (id, user_id, name, phone, region_code, detail) select i, i, '买家' || i, '13800138000', 530823, '新民村 1 号' from generate_series(1, 400) i`,
  `insert into produce (slug, name_zh, name_en, category, family, unit_zh, harvest_months) values ('survive-pea', '豌豆', 'Peas', 'vegetable', 'pea', '袋', '3')`,
  `insert into shops (id, county_code, name_zh) select i, 530823, '店' || i from generate_series(1, 3) i`,
  `insert into lots (shop_id, id, produce_slug, county_code, harvest_from, harvest_to, grams) select i, i, 'survive-pea', 530823, '2026-03-01', '2026-04-15', 1000000000 from generate_series(1, 3) i`,
  `insert into skus (shop_id, id, lot_id, title_zh, net_g, status) select i, i, i, '豌豆', 500, 'on_sale' from generate_series(1, 3) i`,
  `insert into sku_stock (shop_id, sku_id, price_fen, net_g, on_sale, put_in, stock) select i, i, 100, 500, true, case i when 3 then 500 else 1000000 end, case i when 3 then 500 else 1000000 end from generate_series(1, 3) i`,
]

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-survive-'))
await chmod(dataDir, 0o711)
const server = await killableServer(dataDir, SECRET)
after(async () => {
  await server.stop()
  await removePostgres(dataDir)
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs work on the server's own database, beside the server. */
async function onDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const postgres = await startEmbeddedPostgres({ dataDir })
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
    postgres.detach()
  }
}

test(`kill -9 of Node and PostgreSQL under order load, ${ROUNDS} rounds, seed ${seed}`, {
  timeout: 400_000,
}, async (t) => {
  const random = randomFrom(seed)
  await server.start()
  await onDatabase(async (client) => {
    for (const statement of WORLD) await client.query(statement)
  })
  const buyers = sendBuyers({
    port: server.port,
    secret: SECRET,
    count: 48,
    random,
    lines: () => {
      const first = 1 + Math.floor(random() * 3)
      const lineOf = (sku: number) => ({
        shopId: sku,
        skuId: sku,
        qty: 1 + Math.floor(random() * 2),
        expectedPriceFen: 100,
      })
      return random() < 0.3 ? [lineOf(first), lineOf((first % 3) + 1)] : [lineOf(first)]
    },
  })
  t.after(() => buyers.giveUp())
  for (let round = 0; round < ROUNDS; round += 1) {
    // Mostly in the middle of work, and now and then while the last kill is still being recovered from.
    const wanted = buyers.told.length + (random() < 0.8 ? 30 : 0)
    while (buyers.told.length < wanted) await pause(5)
    await pause(random() * 500)
    const victim = random()
    if (victim < 0.6) await server.killPostgres()
    if (victim >= 0.4) await server.killNode()
  }
  await buyers.finish()
  t.diagnostic(`${buyers.told.length} checkouts told, ${buyers.resent} requests sent again`)
  assert.deepEqual(buyers.surprises, [])
  assert.ok(buyers.told.length > ROUNDS * 10, 'there was load')
  assert.ok(buyers.resent > 0, 'kills were felt')
  await onDatabase(async (client) => {
    const orders = await client.query<{ key: string; ids: string; status: string }>(
      `select buyer_id || ' ' || checkout_id as key, string_agg(id::text, ',' order by id) as ids, string_agg(distinct status, ',') as status
       from orders group by 1`,
    )
    const kept = new Map(orders.rows.map(({ key, ids, status }) => [key, `${ids} ${status}`]))
    for (const { buyerId, key, orderIds, state } of buyers.told) {
      assert.equal(kept.get(`${buyerId} ${key}`), `${[...orderIds].sort((a, b) => a - b)} ${state}`)
    }
    const sums = await client.query(
      `select s.sku_id, s.put_in::int, s.stock + coalesce(sum(l.qty) filter (where o.status in ('held', 'paid')), 0)::int as there
       from sku_stock s left join order_lines l on l.shop_id = s.shop_id and l.sku_id = s.sku_id
       left join orders o on o.shop_id = l.shop_id and o.id = l.order_id group by s.sku_id, s.put_in, s.stock`,
    )
    for (const { sku_id, put_in, there } of sums.rows) assert.equal(there, put_in, `SKU ${sku_id}`)
    const lonely = await client.query(
      'select o.id from orders o where not exists (select from order_lines l where l.shop_id = o.shop_id and l.order_id = o.id)',
    )
    assert.deepEqual(lonely.rows, [], 'no order without its lines')
  })
})
