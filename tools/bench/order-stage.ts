import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../apps/server/src/platform/embedded-postgres.ts'
import { removePostgres } from '../../apps/server/src/platform/embedded-postgres-place.ts'
import { migrate } from '../../apps/server/src/platform/migrate.ts'

/** Buyers with an address each, and shops with five SKUs each, of which the first of shop 1 is the hot one. */
export const BUYERS = 200_000
const SHOPS = 1_000
export const HOT = { shopId: 1, skuId: 1, priceFen: 2990 } as const
/** Days over which old orders are spread; the mission's month. */
const DAYS = 31

/** A PostgreSQL of its own, as `npm start` runs it, in a folder that is gone afterwards. */
export interface Stage {
  readonly folder: string
  /** A migrated database with buyers and goods and, when told, so many orders of the last month. */
  build(name: string, orders: number): Promise<string>
  close(): Promise<void>
}

const WORLD = [
  `insert into divisions (code, level, name, parent_code) values
     (530000, 'province', '云南省', null), (530800, 'prefecture', '普洱市', 530000), (530823, 'county', '景东彝族自治县', 530800)`,
  `insert into users (id, name, email) select i, '买家' || i, 'buyer' || i || '@example.org' from generate_series(1, ${BUYERS}) i`,
  `insert into addresses (id, user_id, name, phone, region_code, detail)
     select i, i, '买家' || i, '13800138000', 530823, '锦屏镇新民村 1 号 3 栋 2 单元' from generate_series(1, ${BUYERS}) i`,
  `insert into produce (slug, name_zh, name_en, category, family, unit_zh, harvest_months)
     values ('bench-pea', '豌豆', 'Peas', 'vegetable', 'pea', '袋', '3-4')`,
  `insert into shops (id, county_code, name_zh) select i, 530823, '店' || i from generate_series(1, ${SHOPS}) i`,
  `insert into lots (shop_id, id, produce_slug, county_code, harvest_from, harvest_to, grams)
     select i, i, 'bench-pea', 530823, '2026-03-01', '2026-04-15', 1000000000000 from generate_series(1, ${SHOPS}) i`,
  `insert into skus (shop_id, id, lot_id, title_zh, net_g, status)
     select (i - 1) % ${SHOPS} + 1, i, (i - 1) % ${SHOPS} + 1, '景东豌豆', 2500, 'on_sale' from generate_series(1, ${5 * SHOPS}) i`,
  `insert into sku_stock (shop_id, sku_id, price_fen, net_g, on_sale, put_in, stock)
     select shop_id, id, ${HOT.priceFen}, net_g, true, 2000000000, 2000000000 from skus`,
]

/** Orders as a month leaves them: a line each, over all SKUs, paid, of random buyers; keys of the last two days are remembered. */
const monthOf = (orders: number) => [
  `create unlogged table old_orders as
     select i as id, sku % ${SHOPS} + 1 as shop_id, sku + 1 as sku_id, 1 + floor(random() * ${BUYERS})::bigint as buyer_id,
       gen_random_uuid() as checkout_id, now() - (${orders} - i) * interval '${DAYS} days' / ${orders} as at
     from (select i, floor(random() * ${5 * SHOPS})::bigint as sku from generate_series(1, ${orders}) i) x`,
  `insert into orders (shop_id, id, buyer_id, checkout_id, status, total_fen, placed_on, created_at, expires_at, paid_at,
       to_name, to_phone, to_region_code, to_detail)
     select shop_id, id, buyer_id, checkout_id, 'received', ${HOT.priceFen}, (at at time zone 'UTC')::date, at, at + interval '15 minutes', at,
       '买家' || buyer_id, '13800138000', 530823, '锦屏镇新民村 1 号 3 栋 2 单元' from old_orders order by id`,
  `insert into order_lines (shop_id, order_id, line_no, sku_id, sku_version, qty, price_fen, net_g)
     select shop_id, id, 1, sku_id, 1, 1, ${HOT.priceFen}, 2500 from old_orders order by id`,
  `insert into checkout_orders (buyer_id, checkout_id, seq, shop_id, order_id, placed_on, goods)
     select buyer_id, checkout_id, 0, shop_id, id, (at at time zone 'UTC')::date, '' from old_orders
     where at > now() - interval '2 days' order by id`,
  `update sku_stock s set stock = stock - n from (select shop_id, sku_id, count(*) as n from old_orders group by 1, 2) o
     where o.shop_id = s.shop_id and o.sku_id = s.sku_id`,
  `select setval('order_ids', ${orders} + 1)`,
  'drop table old_orders',
]

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-bench-'))
  // The user that PostgreSQL runs as when root starts it must be able to walk through.
  await chmod(folder, 0o711)
  const server = await startEmbeddedPostgres({ dataDir: folder })
  return {
    folder,
    async build(name, orders) {
      await withClient(server.adminUrl, (client) => client.query(`create database ${name} owner chunbo`))
      const place = new URL(server.url)
      place.pathname = `/${name}`
      await migrate(place.href)
      await withClient(place.href, async (client) => {
        await client.query('set synchronous_commit = off')
        for (const statement of [...WORLD, ...(orders > 0 ? monthOf(orders) : [])]) await client.query(statement)
        await client.query('vacuum analyze')
      })
      return place.href
    },
    async close() {
      await server.stop()
      await removePostgres(folder)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Empties what ordering writes, so that each run of the empty table begins with one. */
export async function clearOrders(url: string): Promise<void> {
  await withClient(url, (client) => client.query('truncate orders, order_lines, checkout_orders, buyer_quota'))
}
