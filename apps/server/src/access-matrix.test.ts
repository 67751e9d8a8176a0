/**
 * Who may use which route: every route of the application against every role, asked over HTTP. A route without a row
 * fails, so whoever adds one says here who may use it. Allowed means that the rule lets the request through: what then
 * answers may well be that the body is wrong or that nothing is there, but never 401, 403 or an error of the server.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type AccessWorld,
  COUNTY_A,
  createAccessWorld,
  IN_AN_HOUR,
  LOT,
  NAMES,
  type Name,
} from './identity/testing/access-world.ts'

/**
 * `may` names whom a row lets in. "A" is the shop or county that the request is about, "B" another one. `buyer` stands
 * for everybody who is signed in, `stranger` for who is not. Whoever is signed in and not named gets 403; where a thing
 * is the owner's own, it does not exist for anybody else, not even for an operator: 404.
 */
interface Row {
  readonly may: readonly Name[]
  /** Body that names A where the path does not; otherwise an empty one, which the allowed see refused as wrong. */
  readonly body?: object
  /** What `:id` stands for in this path. */
  readonly id?: 'shopA' | 'roomA' | 'skuId' | 'addressId'
}

const PUBLIC: Row = { may: ['stranger', 'buyer'] }
const BUYERS: Row = { may: ['buyer'] }
const OWNER: Row = { may: ['owner'] }
const OPERATORS: Row = { may: ['operator'] }
const STAFF_OF_SHOP: Row = { may: ['shop A', 'operator'], id: 'shopA' }
const TEAM_OF_ROOM: Row = { may: ['host A', 'operator'], id: 'roomA' }

const EXPECTED: Record<string, Row> = {
  // identity
  'POST /api/auth/phone-number/send-otp': PUBLIC,
  'POST /api/auth/phone-number/verify': PUBLIC,
  'POST /api/auth/sign-up/email': PUBLIC,
  'POST /api/auth/sign-in/email': PUBLIC,
  'POST /api/auth/sign-out': PUBLIC,
  'GET /api/auth/get-session': PUBLIC,
  'GET /api/me': BUYERS,
  'PATCH /api/me': BUYERS,
  'GET /api/me/addresses': BUYERS,
  'POST /api/me/addresses': BUYERS,
  'PUT /api/me/addresses/:id': {
    ...OWNER,
    id: 'addressId',
    body: { name: '李梅', phone: '13812345678', regionCode: COUNTY_A, detail: '学校', isDefault: true },
  },
  'GET /api/grants': OPERATORS,
  'POST /api/grants': OPERATORS,
  'DELETE /api/grants/:id': OPERATORS,
  'GET /api/users': OPERATORS,
  'GET /api/demo/codes': PUBLIC,
  'GET /api/demo/logins': PUBLIC,

  // counties
  'GET /api/divisions': PUBLIC,
  'GET /api/counties': PUBLIC,
  'GET /api/counties/:code': PUBLIC,

  // shops
  'POST /api/shops': { may: ['commissioner A', 'operator'], body: { countyCode: COUNTY_A, nameZh: '新店' } },
  'GET /api/shops': PUBLIC,
  'GET /api/shops/:id': { ...PUBLIC, id: 'shopA' },
  'PATCH /api/shops/:id': STAFF_OF_SHOP,
  'GET /api/my/shops': BUYERS,

  // catalogue
  'GET /api/produce': PUBLIC,
  'GET /api/skus': PUBLIC,
  'GET /api/skus/:id': { ...PUBLIC, id: 'skuId' },
  'POST /api/pictures': {
    may: ['shop A', 'shop B', 'host A', 'host B', 'commissioner A', 'commissioner B', 'operator'],
  },
  'GET /api/pictures/:id/:file': PUBLIC,
  'GET /api/shops/:shopId/lots': STAFF_OF_SHOP,
  'POST /api/shops/:shopId/lots': STAFF_OF_SHOP,
  'PUT /api/shops/:shopId/lots/:lotId': STAFF_OF_SHOP,
  'GET /api/shops/:shopId/skus': STAFF_OF_SHOP,
  'POST /api/shops/:shopId/skus': STAFF_OF_SHOP,
  'PATCH /api/shops/:shopId/skus/:skuId': STAFF_OF_SHOP,
  'POST /api/shops/:shopId/skus/:skuId/stock': STAFF_OF_SHOP,

  // orders, payments, parcels
  'POST /api/checkouts': BUYERS,
  'GET /api/orders': BUYERS,
  'GET /api/orders/:shopId/:orderId': OWNER,
  'GET /api/shops/:shopId/orders': STAFF_OF_SHOP,
  'GET /api/payment-methods': PUBLIC,
  'POST /api/checkouts/:checkoutId/pay': { ...OWNER, body: { method: 'sandbox' } },
  'POST /api/shops/:shopId/orders/:orderId/ship': STAFF_OF_SHOP,
  'POST /api/orders/:shopId/:orderId/receive': OWNER,
  'POST /api/checkouts/:checkoutId/cancel': OWNER,

  // live
  'GET /api/rooms': PUBLIC,
  'GET /api/rooms/:id': { ...PUBLIC, id: 'roomA' },
  'GET /api/my/rooms': { may: ['host A', 'host B', 'operator'] },
  'POST /api/rooms': {
    may: ['host A', 'operator'],
    body: { countyCode: COUNTY_A, titleZh: '新房间', hostName: '李县长', scheduledAt: IN_AN_HOUR },
  },
  'GET /api/rooms/:id/desk': TEAM_OF_ROOM,
  'PATCH /api/rooms/:id': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/shelf': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/pin': TEAM_OF_ROOM,
  'DELETE /api/rooms/:id/pin': TEAM_OF_ROOM,
  'POST /api/rooms/:id/stream-key': TEAM_OF_ROOM,
  'POST /api/rooms/:id/end': TEAM_OF_ROOM,
  'GET /media/:roomId/*': PUBLIC,

  // impact
  'GET /api/impact/counties': PUBLIC,
  'GET /api/impact/counties/:code': PUBLIC,
  'GET /api/impact/rooms/:id': { ...PUBLIC, id: 'roomA' },

  // What the rows above need goes last.
  'DELETE /api/me/addresses/:id': { ...OWNER, id: 'addressId' },
}

let world: AccessWorld
before(async () => {
  world = await createAccessWorld()
})
after(() => world.close())

function routesOfApp(): string[] {
  return Object.values(world.app.slices).flatMap((slice) => slice.routes.map(({ method, url }) => `${method} ${url}`))
}

/** The path of a row, about A's things; an id that the row does not name is nobody's. */
function pathOf(url: string, row: Row): string {
  const { ids } = world
  const values: Record<string, number | string> = {
    ...ids,
    id: row.id ? ids[row.id] : 999_999_999,
    shopId: ids.shopA,
    roomId: ids.roomA,
    code: COUNTY_A,
    file: '400.webp',
  }
  return url.replace(/:(\w+)/g, (_, name: string) => String(values[name])).replace('*', 'live.m3u8')
}

/** Why an answer does not fit the row, or null. */
function objection(row: Row, name: Name, status: number): string | null {
  const isOwners = row.may.includes('owner')
  const isAllowed = row.may.includes(name) || (name !== 'stranger' && row.may.includes('buyer'))
  if (isAllowed) {
    const refused = [401, 403, 429, ...(isOwners ? [404] : [])].includes(status)
    return refused || status >= 500 ? `${name} is to be let in, and got ${status}` : null
  }
  const refusal = name === 'stranger' ? 401 : isOwners ? 404 : 403
  return status === refusal ? null : `${name} is to get ${refusal}, and got ${status}`
}

test('every route has a row here, and every row a route', () => {
  const routes = routesOfApp()
  assert.deepEqual(
    routes.filter((route) => !(route in EXPECTED)),
    [],
    'routes without a row: say above who may use them',
  )
  assert.deepEqual(
    Object.keys(EXPECTED).filter((route) => !routes.includes(route)),
    [],
    'rows without a route',
  )
})

test('the API document has no operation outside of the tables', async () => {
  const document = (await world.app.platform.app.inject('/api/openapi.json')).json()
  const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, operations]) => {
    const url = path.replace('{*}', '*').replace(/\{(\w+)\}/g, ':$1')
    return Object.keys(operations).map((method) => `${method.toUpperCase()} ${url}`)
  })
  const routes = routesOfApp()
  assert.deepEqual(
    documented.filter((operation) => !routes.includes(operation)),
    [],
  )
})

for (const [route, row] of Object.entries(EXPECTED)) {
  test(`${route}: ${row.may.join(', ')}`, async () => {
    const [method = '', url = ''] = route.split(' ')
    const objections: string[] = []
    for (const name of NAMES) {
      const answer = await world.ask(name, method, pathOf(url, row), row.body)
      const why = objection(row, name, answer.statusCode)
      if (why) objections.push(`${why}: ${answer.body.slice(0, 300)}`)
    }
    assert.deepEqual(objections, [])
  })
}

test('staff of shop B find nothing of shop A under their own shop', async () => {
  const { shopB, lotId, skuId, orderId } = world.ids
  const cases: [string, string, object][] = [
    ['PUT', `lots/${lotId}`, { ...LOT, version: 1 }],
    ['PATCH', `skus/${skuId}`, { version: 2, priceFen: 1 }],
    ['POST', `skus/${skuId}/stock`, { delta: 1 }],
    ['POST', `orders/${orderId}/ship`, { carrier: 'SF', trackingNumber: 'SF1234567890' }],
  ]
  for (const [method, path, body] of cases) {
    const answer = await world.ask('shop B', method, `/api/shops/${shopB}/${path}`, body)
    assert.equal(answer.statusCode, 404, `${method} ${path}: ${answer.body}`)
  }
})
