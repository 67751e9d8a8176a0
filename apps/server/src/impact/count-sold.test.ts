import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { loadProduce, recordSoldPacks } from '../catalogue/index.ts'
import { type Database, one, openDatabase } from '../platform/database.ts'
import { createTestDatabase, type TestDatabase } from '../platform/testing/test-database.ts'
import { countSold } from './count-sold.ts'
import { readCountyImpact, readSold, readTopCounties } from './queries.ts'

/** The invariant of this file: the kept sums are what summing the lines of paid and unrefunded orders gives. */

const COUNTIES = [530823, 530825]
const SHOPS = [1, 2]
const PRODUCE = ['pea-pod', 'papaya']
const ROOMS = [null, 1, 2]

let database: TestDatabase
let db: Database

before(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.url)
  await db.query(`insert into divisions (code, level, name, parent_code) values (530000, 'province', '云南省', null),
    (530800, 'prefecture', '普洱市', 530000), (530823, 'county', '景东', 530800), (530825, 'county', '镇沅', 530800)`)
  await loadProduce(db)
  await db.query(`insert into shops (county_code, name_zh) values (530823, '一店'), (530825, '二店')`)
  // Each shop has a lot of each produce from each county, and two SKUs of each.
  await db.query(
    `insert into lots (shop_id, produce_slug, county_code, harvest_from, harvest_to, grams)
     select s, p, c, '2026-03-01', '2026-04-01', 1e12
     from unnest($1::bigint[]) s, unnest($2::text[]) p, unnest($3::int[]) c`,
    [SHOPS, PRODUCE, COUNTIES],
  )
  await db.query(
    `insert into skus (shop_id, lot_id, title_zh, net_g) select shop_id, id, '货', n from lots, unnest(array[250, 500]) n`,
  )
})
after(async () => {
  await db.close()
  await database.close()
})

const count = () => countSold(db, recordSoldPacks)

/** The same figures by summing all lines, with no help from what is kept. */
const SUMS = `
  with line as (
    select o.shop_id, o.id, o.room_id, k.lot_id, l.county_code, l.produce_slug as slug,
      (o.paid_at at time zone 'Asia/Shanghai')::date as paid_on, li.qty::bigint as packs, li.qty::bigint * li.net_g as grams,
      li.qty::bigint * li.price_fen as fen
    from orders o join order_lines li on li.shop_id = o.shop_id and li.order_id = o.id
    join skus k on k.id = li.sku_id join lots l on l.id = k.lot_id where o.status in ('paid', 'shipped', 'received')
  ), kinds as (
    select 'all' as kind, 0::bigint as key, '' as produce_slug, true as daily, line.* from line
    union all select 'county', county_code, '', true, line.* from line
    union all select 'county', county_code, slug, false, line.* from line
    union all select 'shop', shop_id, '', true, line.* from line
    union all select 'lot', lot_id, '', false, line.* from line
    union all select 'room', room_id, '', false, line.* from line where room_id is not null
  ), days as (
    select kinds.*, '-infinity'::date as day from kinds union all select kinds.*, paid_on from kinds where daily
  )
  select kind, key, produce_slug, day, sum(grams)::bigint as grams, sum(fen)::bigint as fen, sum(packs)::bigint as packs,
    count(distinct id) as orders
  from days group by 1, 2, 3, 4 order by 1, 2, 3, 4`

const KEPT = `select kind, key, produce_slug, day, grams, fen, packs, orders from impact_sums
  where (grams, fen, packs, orders) <> (0, 0, 0, 0) order by 1, 2, 3, 4`

async function assertKeptIsSummed(): Promise<void> {
  assert.deepEqual(await db.query(KEPT), await db.query(SUMS))
  const skus = await db.query(
    `select k.id from skus k left join (
       select li.sku_id, sum(li.qty) as packs from order_lines li join orders o on o.id = li.order_id
       where o.status in ('paid', 'shipped', 'received') group by 1) s on s.sku_id = k.id
     where k.sold_packs <> coalesce(s.packs, 0)`,
  )
  assert.deepEqual(skus, [])
}

const order = fc.record({
  shop: fc.constantFrom(...SHOPS),
  room: fc.constantFrom(...ROOMS),
  lines: fc.array(
    fc.record({ sku: fc.nat(7), qty: fc.integer({ min: 1, max: 50 }), fen: fc.integer({ min: 1, max: 9999 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  paidHour: fc.nat(72),
  /** States after held, in turn. */
  path: fc.constantFrom(
    ['paid'],
    ['paid', 'shipped', 'received'],
    ['paid', 'cancelled'],
    ['paid', 'shipped', 'received', 'cancelled'],
    ['expired'],
    ['cancelled'],
    [],
  ),
})
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never

async function place({ shop, room, lines }: Order): Promise<number> {
  const rows = await db.query<{ id: number }>(
    `insert into orders (shop_id, id, buyer_id, checkout_id, room_id, total_fen, placed_on, created_at, expires_at, to_name,
       to_phone, to_region_code, to_detail)
     values ($1, nextval('order_ids'), 1, gen_random_uuid(), $2, 1, '2026-03-13', now(), now(), '王', '13800000000', 530823, '1 号')
     returning id`,
    [shop, room],
  )
  const { id } = one(rows)
  await db.query(
    `insert into order_lines (shop_id, order_id, line_no, sku_id, sku_version, qty, price_fen, net_g)
     select $1, $2, i, k.id, 1, q, f, k.net_g from unnest($3::int[], $4::int[], $5::int[]) with ordinality u(s, q, f, i)
     join (select id, net_g, row_number() over (order by id) - 1 as nth from skus where shop_id = $1) k on k.nth = u.s`,
    [shop, id, lines.map(({ sku }) => sku), lines.map(({ qty }) => qty), lines.map(({ fen }) => fen)],
  )
  return id
}

async function walk(item: Order): Promise<void> {
  const id = await place(item)
  for (const status of item.path) {
    await db.query(
      `update orders set status = $2, paid_at = case when $2 = 'paid' then '2026-03-14T00:00Z'::timestamptz + $3 * interval '1 hour'
         else paid_at end where id = $1`,
      [id, status, item.paidHour],
    )
  }
}

test('the kept sums equal the sums over the lines, whenever they are counted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(order, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(19), { maxLength: 6 }),
      async (orders, when) => {
        const work = orders.flatMap((item, index) => [walk(item), ...(when.includes(index) ? [count(), count()] : [])])
        await Promise.all(work)
        await count()
        await assertKeptIsSummed()
      },
    ),
    { numRuns: 30 },
  )
})

test('an order that is taken back before it was counted changes nothing', async () => {
  const kept = await db.query(KEPT)
  await walk({ shop: 1, room: 1, lines: [{ sku: 0, qty: 5, fen: 100 }], paidHour: 1, path: ['paid', 'cancelled'] })
  assert.equal(await count(), 2)
  assert.deepEqual(await db.query(KEPT), kept)
})

test('a round that fails half-way counts nothing, and the next one everything', async () => {
  await walk({ shop: 1, room: null, lines: [{ sku: 0, qty: 3, fen: 100 }], paidHour: 1, path: ['paid'] })
  const kept = await db.query(KEPT)
  const failing = async () => {
    throw new Error('the power went')
  }
  await assert.rejects(countSold(db, failing), /the power went/)
  assert.deepEqual(await db.query(KEPT), kept)
  assert.equal(await count(), 1)
  await assertKeptIsSummed()
})

test('many orders paid by one statement are each counted once', async () => {
  const ids = await Promise.all(
    Array.from({ length: 50 }, () =>
      place({ shop: 2, room: 2, lines: [{ sku: 1, qty: 1, fen: 990 }], paidHour: 0, path: [] }),
    ),
  )
  await db.query(`update orders set status = 'paid', paid_at = now() where id = any($1::bigint[])`, [ids])
  // Saying it again changes no state, so it notes nothing.
  await db.query(`update orders set status = 'paid' where id = any($1::bigint[])`, [ids])
  assert.equal(await count(), 50)
  await assertKeptIsSummed()
})

test('figures say since when they stand: until now, or until the oldest order that waits', async () => {
  const { now } = one(await db.query<{ now: Date }>('select now() as now'))
  assert.ok((await readSold(db, 'all', 0)).asOf >= now)
  await walk({ shop: 1, room: null, lines: [{ sku: 0, qty: 1, fen: 1 }], paidHour: 1, path: ['paid'] })
  const waiting = await readSold(db, 'all', 0)
  // A Date has whole milliseconds, so two may be equal within one.
  const { later } = one(await db.query<{ later: Date }>('select clock_timestamp() as later from pg_sleep(0.002)'))
  assert.ok(waiting.asOf >= now && waiting.asOf < later)
  await count()
  assert.ok((await readSold(db, 'all', 0)).asOf >= later)
})

test('a county’s page adds up in itself and stands in the list of counties', async () => {
  const county = await readCountyImpact(db, 530823)
  const grams = (items: { sold: { grams: number } }[]) => items.reduce((sum, { sold }) => sum + sold.grams, 0)
  assert.ok(county.sold.grams > 0)
  assert.equal(grams(county.byProduce), county.sold.grams)
  assert.equal(grams(county.byDay), county.sold.grams)
  assert.deepEqual(
    county.byDay
      .map(({ day }) => day)
      .toSorted()
      .toReversed(),
    county.byDay.map(({ day }) => day),
  )
  const top = await readTopCounties(db, 10)
  assert.equal(grams(top.items), top.total.grams)
  assert.deepEqual(top.items.find((item) => item.county.code === 530823)?.sold, county.sold)
  assert.deepEqual((await readCountyImpact(db, 110101)).sold, { grams: 0, fen: 0, orders: 0, packs: 0 })
})
