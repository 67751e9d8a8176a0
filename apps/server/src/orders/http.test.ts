import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import type { CheckoutInput, CheckoutResult, Order } from '@chunbo/contract'
import { type App, composeApp } from '../compose.ts'
import { signSessionCookie } from '../identity/index.ts'
import { readConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { findImbalances, openShopFloor, type ShopFloor } from './testing/shop-floor.ts'

/** The invariant of this file: each bad order is told what is wrong with it, by code, and buys nothing. */

const SECRET = 'a-secret-for-tests-that-is-long-enough-for-hs256'
let floor: ShopFloor
let dataDir = ''
let app: App
before(async () => {
  floor = await openShopFloor()
  dataDir = await mkdtemp(join(tmpdir(), 'chunbo-orders-'))
  const config = readConfig({ DATA_DIR: dataDir, AUTH_SECRET: SECRET, PORT: '0', RTMP_PORT: '0', DEMO: '1' })
  app = await composeApp({ config, databaseUrl: floor.url, log: createLog('silent'), runJobs: false })
})
after(async () => {
  await app.close()
  await floor.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(() =>
  floor.stockUp([
    { shopId: 1, skuId: 1, priceFen: 990, stock: 10, buyerLimit: 3, onSale: true },
    { shopId: 2, skuId: 2, priceFen: 500, stock: 2, buyerLimit: 100, onSale: true },
    { shopId: 2, skuId: 3, priceFen: 500, stock: 2, buyerLimit: 100, onSale: false },
  ]),
)

interface Told<T> {
  readonly status: number
  readonly json: T & { readonly code?: string; readonly params?: Record<string, unknown> }
}

async function ask<T = object>(
  method: 'GET' | 'POST',
  url: string,
  as: number | null,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Told<T>> {
  const cookie = as === null ? {} : { cookie: signSessionCookie(as, SECRET, new Date()) }
  const response = await app.platform.app.inject({
    method,
    url,
    headers: { ...cookie, ...headers },
    ...(body ? { payload: body } : {}),
  })
  return { status: response.statusCode, json: response.json() }
}

const line = (more: object = {}) => ({ shopId: 1, skuId: 1, qty: 1, expectedPriceFen: 990, ...more })
const order = (
  body: Partial<Record<keyof CheckoutInput, unknown>> = {},
  { as = 1 as number | null, key = crypto.randomUUID() as string } = {},
) =>
  ask<CheckoutResult>(
    'POST',
    '/api/checkouts',
    as,
    { lines: [line()], addressId: 1, ...body },
    { 'idempotency-key': key },
  )

const refusals: [what: string, body: object, status: number, code: string][] = [
  ['quantity 0', { lines: [line({ qty: 0 })] }, 400, 'request.invalid'],
  ['a negative quantity', { lines: [line({ qty: -1 })] }, 400, 'request.invalid'],
  ['a huge quantity', { lines: [line({ qty: 1e12 })] }, 400, 'request.invalid'],
  ['a quantity that is text', { lines: [line({ qty: '1' })] }, 400, 'request.invalid'],
  ['half a pack', { lines: [line({ qty: 0.5 })] }, 400, 'request.invalid'],
  ['no lines', { lines: [] }, 400, 'request.invalid'],
  ['51 lines', { lines: Array.from({ length: 51 }, () => line()) }, 400, 'request.invalid'],
  ['a field that nobody knows', { coupon: 1 }, 400, 'request.invalid'],
  ['an unknown SKU', { lines: [line({ skuId: 4_000_000 })] }, 404, 'orders.unknown_sku'],
  ['a SKU of another shop', { lines: [line({ skuId: 2, expectedPriceFen: 500 })] }, 404, 'orders.unknown_sku'],
  ['a SKU off sale', { lines: [line({ shopId: 2, skuId: 3, expectedPriceFen: 500 })] }, 409, 'orders.not_on_sale'],
  ['the address of another', { addressId: 2 }, 404, 'orders.unknown_address'],
  ['an unknown room', { roomId: 4711 }, 404, 'orders.unknown_room'],
  ['more than the limit', { lines: [line({ qty: 4 })] }, 409, 'orders.over_limit'],
  [
    'more than there is',
    { lines: [line({ shopId: 2, skuId: 2, qty: 3, expectedPriceFen: 500 })] },
    409,
    'orders.sold_out',
  ],
  [
    'one line of two that cannot be',
    { lines: [line(), line({ shopId: 2, skuId: 2, qty: 3, expectedPriceFen: 500 })] },
    409,
    'orders.sold_out',
  ],
]
for (const [what, body, status, code] of refusals) {
  test(`${what} is refused with ${code}`, async () => {
    const told = await order(body)
    assert.deepEqual([told.status, told.json.code], [status, code])
    assert.deepEqual(await floor.db.query('select id from orders'), [])
    assert.deepEqual(await findImbalances(floor.db), [])
  })
}

test('a stranger and a bad key are refused', async () => {
  assert.equal((await order({}, { as: null })).json.code, 'identity.sign_in_needed')
  assert.equal((await order({}, { key: 'again' })).json.code, 'orders.idempotency_key_needed')
  assert.equal(
    (await ask('POST', '/api/checkouts', 1, { lines: [line()], addressId: 1 })).json.code,
    'orders.idempotency_key_needed',
  )
})

test('an expired session is told so', async () => {
  const cookie = signSessionCookie(1, SECRET, new Date(Date.now() - 3_600_000))
  const told = await ask(
    'POST',
    '/api/checkouts',
    null,
    { lines: [line()], addressId: 1 },
    { cookie, 'idempotency-key': crypto.randomUUID() },
  )
  assert.deepEqual([told.status, told.json.code], [401, 'identity.session_expired'])
})

test('a price that has changed is told and nothing is ordered at another', async () => {
  const told = await order({ lines: [line({ expectedPriceFen: 890 })] })
  assert.equal(told.json.code, 'orders.price_changed')
  assert.deepEqual(told.json.params, { lineIndex: 0, priceFen: 990, shopId: 1, skuId: 1 })
  assert.deepEqual(await floor.db.query('select id from orders'), [])
})

test('the same key: in turn, at the same time, with other goods', async () => {
  const key = crypto.randomUUID()
  const [one, two] = await Promise.all([order({}, { key }), order({}, { key: key.toUpperCase() })])
  assert.deepEqual([one.status, two.status].sort(), [200, 201])
  const again = await order({}, { key })
  assert.deepEqual([again.status, again.json.replayed], [200, true])
  assert.deepEqual(again.json.orders, one.json.orders)
  assert.deepEqual(two.json.orders, one.json.orders)
  const other = await order({ lines: [line({ qty: 2 })] }, { key })
  assert.deepEqual([other.status, other.json.code], [409, 'orders.idempotency_key_reused'])
  const byAnother = await order({ addressId: 2 }, { key, as: 2 })
  assert.equal(byAnother.status, 201, 'a key belongs to its buyer')
  assert.deepEqual(await floor.db.query('select count(*)::int as n from orders'), [{ n: 2 }])
})

test('a checkout over two shops: one order each, paid together, seen by its buyer and no other', async () => {
  const { status, json } = await order({
    lines: [line(), line({ shopId: 2, skuId: 2, expectedPriceFen: 500, qty: 2 })],
  })
  assert.deepEqual([status, json.totalFen, json.orders.map(({ totalFen }) => totalFen)], [201, 1990, [990, 1000]])
  const pay = () => ask<{ paidFen: number }>('POST', `/api/checkouts/${json.checkoutId}/pay`, 1, { method: 'sandbox' })
  assert.equal((await pay()).json.paidFen, 1990)
  assert.equal((await pay()).json.paidFen, 1990)
  const mine = await ask<{ items: Order[]; next: string | null }>('GET', '/api/orders?limit=1', 1)
  assert.equal(mine.json.items[0]?.status, 'paid')
  assert.equal(mine.json.items[0]?.netG, 1000)
  const rest = await ask<{ items: Order[]; next: string | null }>(
    'GET',
    `/api/orders?limit=1&cursor=${mine.json.next}`,
    1,
  )
  assert.deepEqual([rest.json.items.length, rest.json.next], [1, null])
  assert.equal(rest.json.items[0]?.address.regionName, '云南省 普洱市 景东彝族自治县')
  const { shopId, orderId } = json.orders[0] ?? { shopId: 0, orderId: 0 }
  assert.equal((await ask('GET', `/api/orders/${shopId}/${orderId}`, 1)).status, 200)
  assert.equal((await ask('GET', `/api/orders/${shopId}/${orderId}`, 2)).json.code, 'orders.not_found')
  // A cursor in the future would walk a million empty days; the others are no days of the calendar.
  for (const bad of ['zzz', '2999-12-31_5', '9999-12-31_5', '2026-02-30_5', '2026-13-01_5', '0000-01-01_5'])
    assert.equal((await ask('GET', `/api/orders?cursor=${bad}`, 1)).json.code, 'orders.bad_cursor', bad)
  assert.equal((await ask('GET', `/api/shops/${shopId}/orders`, 2)).json.code, 'identity.not_allowed')
})

test('a shop sees where to send what is paid, and not more', async () => {
  const { json } = await order()
  await app.slices.identity.grant({ userId: 3, role: 'shop', shopId: 1 })
  const list = () => ask<{ items: Order[] }>('GET', '/api/shops/1/orders', 3)
  assert.equal((await list()).json.items[0]?.address.phone, '138****8000')
  await ask('POST', `/api/checkouts/${json.checkoutId}/pay`, 1, { method: 'sandbox' })
  assert.equal((await list()).json.items[0]?.address.phone, '13800138000')
})

test('cancelling gives the packs back once and is heard of; a cancelled order cannot be paid', async () => {
  const heard: number[] = []
  app.slices.orders.onStockChange((levels) => heard.push(...levels.map(({ stock }) => stock)))
  const { json } = await order()
  const cancel = () => ask('POST', `/api/checkouts/${json.checkoutId}/cancel`, 1)
  assert.deepEqual((await Promise.all([cancel(), cancel()])).map(({ status }) => status).sort(), [200, 409])
  assert.deepEqual(heard, [9, 10])
  const paid = await ask('POST', `/api/checkouts/${json.checkoutId}/pay`, 1, { method: 'sandbox' })
  assert.equal(paid.json.code, 'payments.checkout_cancelled')
  assert.equal((await ask('POST', `/api/checkouts/${crypto.randomUUID()}/cancel`, 1)).json.code, 'orders.not_found')
  assert.deepEqual(await findImbalances(floor.db), [])
})

test('metrics tell how checkouts were decided', async () => {
  const counted = async (outcome: string): Promise<number> => {
    const { payload } = await app.platform.app.inject('/metrics')
    return Number(new RegExp(`chunbo_checkouts_total\\{outcome="${outcome}"\\} (\\d+)`).exec(payload)?.[1] ?? 0)
  }
  const before = [await counted('accepted'), await counted('sold_out')]
  await order()
  await order({ lines: [line({ shopId: 2, skuId: 2, qty: 3, expectedPriceFen: 500 })] })
  assert.deepEqual(
    [await counted('accepted'), await counted('sold_out')],
    [Number(before[0]) + 1, Number(before[1]) + 1],
  )
})
