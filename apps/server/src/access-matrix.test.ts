/**
 * Who may use which route: every route of the application against every role, asked over HTTP. A route without a row
 * fails, so whoever adds one says here who may use it. Allowed means that the rule lets the request through: what then
 * answers may well be that the body is wrong or that nothing is there, but never 401, 403 or an error of the server.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Role } from '@chunbo/contract'
import { type App, composeApp } from './compose.ts'
import { signSessionCookie } from './identity/index.ts'
import { readConfig } from './platform/config.ts'
import { createLog } from './platform/log.ts'
import { createTestDatabase, type TestDatabase } from './platform/testing/test-database.ts'

const SECRET = 'the secret of the access matrix, long enough'
const COUNTY_A = 530823
const COUNTY_B = 430529
const NOBODYS = 999_999_999
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString()

const EVERYBODY = ['stranger', 'buyer'] as const
const SIGNED_IN = ['buyer'] as const

/**
 * Whom a row lets in. `buyer` means everybody who is signed in, whatever else they are; `stranger` whoever is not.
 * "A" is the shop or county that the request is about, "B" another one. An operator stands in each row that names one.
 */
type Name =
  | 'stranger'
  | 'buyer'
  | 'shop A'
  | 'shop B'
  | 'host A'
  | 'host B'
  | 'commissioner A'
  | 'commissioner B'
  | 'merchant'
  | 'merchant A'
  | 'merchant B'
  | 'inspector'
  | 'inspector A'
  | 'inspector B'
  | 'relief_desk'
  | 'editor'
  | 'operator'

interface Row {
  readonly may: readonly Name[]
  /** Body that names A where the path does not; otherwise an empty one, which the allowed see refused as wrong. */
  readonly body?: object
  /** What `:id` stands for in this path; nobody's unless told. */
  readonly id?: 'shop' | 'room'
}

const TEAM_OF_ROOM: Row = { may: ['host A', 'operator'], id: 'room' }
const STAFF_OF_SHOP: Row = { may: ['shop A', 'operator'], id: 'shop' }
const OPERATORS: Row = { may: ['operator'] }
const BUYERS: Row = { may: SIGNED_IN }
const PUBLIC: Row = { may: EVERYBODY }

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
  'PUT /api/me/addresses/:id': BUYERS,
  'DELETE /api/me/addresses/:id': BUYERS,
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
  'GET /api/shops/:id': { ...PUBLIC, id: 'shop' },
  'PATCH /api/shops/:id': STAFF_OF_SHOP,
  'GET /api/my/shops': BUYERS,

  // catalogue
  'GET /api/produce': PUBLIC,
  'GET /api/skus': PUBLIC,
  'GET /api/skus/:id': PUBLIC,
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

  // live
  'GET /api/rooms': PUBLIC,
  'GET /api/rooms/:id': { ...PUBLIC, id: 'room' },
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
  'GET /api/impact/rooms/:id': { ...PUBLIC, id: 'room' },
}

interface Asker {
  readonly name: Name
  readonly cookie: string | null
}

let database: TestDatabase
let dataDir = ''
let app: App
let askers: Asker[] = []
let shopA = 0
let roomA = 0

before(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'chunbo-access-'))
  const env = { DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0', DEMO: '1', AUTH_SECRET: SECRET }
  app = await composeApp({
    config: readConfig(env),
    databaseUrl: database.url,
    log: createLog('silent'),
    runJobs: false,
  })
  const { shops } = app.slices
  shopA = await shops.open({ countyCode: COUNTY_A, nameZh: '甲店' })
  const shopB = await shops.open({ countyCode: COUNTY_B, nameZh: '乙店' })
  askers = await makeAskers(shopB)
  roomA = await openRoomA()
})
after(async () => {
  await app.close()
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** One person for each role and scope; besides, a buyer without a grant and a stranger. */
async function makeAskers(shopB: number): Promise<Asker[]> {
  const scopes: [Name, { role: Role; countyCode?: number; shopId?: number } | null][] = [
    ['buyer', null],
    ['shop A', { role: 'shop', shopId: shopA }],
    ['shop B', { role: 'shop', shopId: shopB }],
    ['host A', { role: 'host', countyCode: COUNTY_A }],
    ['host B', { role: 'host', countyCode: COUNTY_B }],
    ['commissioner A', { role: 'commissioner', countyCode: COUNTY_A }],
    ['commissioner B', { role: 'commissioner', countyCode: COUNTY_B }],
    ['merchant', { role: 'merchant' }],
    ['merchant A', { role: 'merchant', shopId: shopA }],
    ['merchant B', { role: 'merchant', shopId: shopB }],
    ['inspector', { role: 'inspector' }],
    ['inspector A', { role: 'inspector', countyCode: COUNTY_A }],
    ['inspector B', { role: 'inspector', countyCode: COUNTY_B }],
    ['relief_desk', { role: 'relief_desk' }],
    ['editor', { role: 'editor' }],
    ['operator', { role: 'operator' }],
  ]
  const { identity } = app.slices
  const made = scopes.map(async ([name, grant]): Promise<Asker> => {
    const email = `${name.replace(' ', '-').toLowerCase()}@example.cn`
    const userId = await identity.register({ name, email, password: 'peas-and-papaya' })
    if (grant) await identity.grant({ userId, ...grant })
    return { name, cookie: signSessionCookie(userId, SECRET, new Date()) }
  })
  return [{ name: 'stranger', cookie: null }, ...(await Promise.all(made))]
}

async function openRoomA(): Promise<number> {
  const host = askers.find((asker) => asker.name === 'host A')
  const answer = await ask(host, 'POST', '/api/rooms', EXPECTED['POST /api/rooms']?.body)
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json().room?.id ?? answer.json().id
}

function ask(asker: Asker | undefined, method: string, url: string, body: object | undefined) {
  return app.platform.app.inject({
    method: method as 'GET',
    url,
    headers: asker?.cookie ? { cookie: asker.cookie } : {},
    ...(method === 'GET' || method === 'DELETE' ? {} : { payload: body ?? {} }),
  })
}

function routesOfApp(): string[] {
  return Object.values(app.slices).flatMap((slice) => slice.routes.map(({ method, url }) => `${method} ${url}`))
}

function pathOf(url: string, row: Row): string {
  const id = { shop: shopA, room: roomA, nobody: NOBODYS }[row.id ?? 'nobody']
  const values: Record<string, number | string> = { id, shopId: shopA, roomId: roomA, code: COUNTY_A, file: '400.webp' }
  return url.replace(/:(\w+)/g, (_, name: string) => String(values[name] ?? NOBODYS)).replace('*', 'live.m3u8')
}

function isAllowed(row: Row, name: Name): boolean {
  if (row.may.includes(name)) return true
  return name !== 'stranger' && row.may.includes('buyer')
}

test('every route has a row and every row a route', () => {
  assert.deepEqual(Object.keys(EXPECTED).sort(), routesOfApp().sort())
})

test('the API document has no operation outside of the tables', async () => {
  const document = (await app.platform.app.inject('/api/openapi.json')).json()
  const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replace('{*}', '*').replace(/\{(\w+)\}/g, ':$1')}`,
    ),
  )
  assert.deepEqual(
    documented.filter((operation) => !routesOfApp().includes(operation)),
    [],
  )
})

for (const [route, row] of Object.entries(EXPECTED)) {
  test(`${route}: ${row.may.join(', ')}`, async () => {
    const [method = '', url = ''] = route.split(' ')
    const wrong: string[] = []
    for (const asker of askers) {
      const answer = await ask(asker, method, pathOf(url, row), row.body)
      const { statusCode: status } = answer
      const fits = isAllowed(row, asker.name)
        ? status < 500 && ![401, 403, 429].includes(status)
        : status === (asker.name === 'stranger' ? 401 : 403)
      if (!fits) wrong.push(`${asker.name}: ${status} ${answer.body.slice(0, 200)}`)
    }
    assert.deepEqual(wrong, [])
  })
}
