/**
 * Who may use which route: every route of the application against every role, asked over HTTP. A route without a row
 * fails, so whoever adds one says here who may use it. Allowed means that the rule lets the request through: what then
 * answers may well be that the body is wrong or that nothing is there, but never 401, 403 or an error of the server.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { objection, pathOf, type Row } from './identity/testing/access-row.ts'
import {
  type AccessWorld,
  COUNTY_A,
  createAccessWorld,
  IN_AN_HOUR,
  LOT,
  NAMES,
} from './identity/testing/access-world.ts'

const PUBLIC: Row = { may: ['stranger', 'buyer'] }
const BUYERS: Row = { may: ['buyer'] }
const OWNER: Row = { may: ['owner'] }
const OPERATORS: Row = { may: ['operator'] }
const DESK: Row = { may: ['relief_desk', 'operator'] }
/** The command asks whether the case is in their county. */
const HANDS: Row = { may: ['relief_desk', 'commissioner A', 'commissioner B', 'operator'] }
const INSPECTORS: Row = { may: ['inspector', 'inspector A', 'inspector B', 'operator'] }
const STAFF_OF_SHOP: Row = { may: ['shop A', 'operator'], id: 'shopA' }
const TEAM_OF_ROOM: Row = { may: ['host A', 'operator'], id: 'roomA' }
const MERCHANTS_STAFF: Row = { may: ['merchant A', 'relief_desk', 'operator'], id: 'merchantA' }
const OFFERS_STAFF: Row = { may: ['merchant A', 'relief_desk', 'operator'], id: 'offerA' }
const RELIEF_DESK: Row = { may: ['relief_desk', 'operator'] }

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
    may: [
      ...(['shop A', 'shop B', 'host A', 'host B', 'commissioner A', 'commissioner B'] as const),
      ...(['merchant', 'merchant A', 'merchant B', 'relief_desk', 'operator'] as const),
    ],
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
  'GET /api/my/coupons': BUYERS,
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
  'PUT /api/rooms/:id/publishing': TEAM_OF_ROOM,
  'POST /api/rooms/:id/handover': TEAM_OF_ROOM,
  'GET /api/rooms/:id/hosts': { ...PUBLIC, id: 'roomA' },
  'POST /api/rooms/:id/end': TEAM_OF_ROOM,
  'GET /api/rooms/:id/stream': PUBLIC,
  // Whoever knows a seat speaks from it; these know none, and are told that it is gone.
  'POST /api/rooms/:id/stream/:seat': { ...PUBLIC, body: { t: 'ping' } },
  'GET /media/:roomId/*': PUBLIC,
  // Nobody by a session: only the secret of the media cluster lets in.
  'POST /api/media-cluster/srs': { may: [] },
  'POST /api/media-cluster/mediamtx/auth': { may: [] },
  'POST /api/media-cluster/mediamtx/hook': { may: [] },
  'GET /api/rooms/:id/cluster-recordings': TEAM_OF_ROOM,
  'GET /media/:roomId/replay.mp4': TEAM_OF_ROOM,

  // audience
  'GET /api/counties/:code/follow': PUBLIC,
  'PUT /api/counties/:code/follow': BUYERS,
  'DELETE /api/counties/:code/follow': BUYERS,
  'GET /api/my/follows': BUYERS,
  'GET /api/my/notices': BUYERS,
  'POST /api/my/notices/seen': BUYERS,
  'PUT /api/rooms/:id/reminder': { ...BUYERS, id: 'roomA' },
  'DELETE /api/rooms/:id/reminder': { ...BUYERS, id: 'roomA' },
  'GET /api/rooms/:id/me': { ...BUYERS, id: 'roomA' },
  'GET /api/rooms/:id/share.png': { ...PUBLIC, id: 'roomA' },
  'GET /api/my/age': BUYERS,
  'PUT /api/my/age': BUYERS,
  'PUT /api/users/:id/age': OPERATORS,
  'GET /api/demo/reminders': PUBLIC,

  // chat
  'GET /api/rooms/:id/moderation': TEAM_OF_ROOM,
  'GET /api/rooms/:id/moderation/log': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/chat-mode': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/chat-pin': TEAM_OF_ROOM,
  'DELETE /api/rooms/:id/chat-pin': TEAM_OF_ROOM,
  'DELETE /api/rooms/:id/chat/:lineId': TEAM_OF_ROOM,
  'POST /api/rooms/:id/mutes': TEAM_OF_ROOM,
  'POST /api/rooms/:id/appeals/:muteId': TEAM_OF_ROOM,
  'POST /api/rooms/:id/reports/:lineId/settle': TEAM_OF_ROOM,
  'POST /api/rooms/:id/reports': { ...BUYERS, id: 'roomA' },
  'GET /api/my/mutes': BUYERS,
  'POST /api/mutes/:id/appeal': { ...OWNER, id: 'muteId', body: { words: '我只是问价格' } },
  'GET /api/rooms/:id/questions': TEAM_OF_ROOM,
  'POST /api/rooms/:id/questions/:qid/answer': TEAM_OF_ROOM,
  'POST /api/rooms/:id/questions/:qid/dismiss': TEAM_OF_ROOM,
  'POST /api/rooms/:id/questions/:qid/merge': TEAM_OF_ROOM,
  'GET /api/rooms/:id/questions/mine': { ...BUYERS, id: 'roomA' },
  'GET /api/skus/:id/answers': { ...PUBLIC, id: 'skuId' },
  'GET /api/chat/terms': OPERATORS,
  'PUT /api/chat/terms': OPERATORS,

  // evening
  'GET /api/rooms/:id/evening': TEAM_OF_ROOM,
  'GET /api/rooms/:id/evening.csv': TEAM_OF_ROOM,
  'GET /api/rooms/:id/evening.pdf': TEAM_OF_ROOM,
  'GET /api/rooms/:id/screen': TEAM_OF_ROOM,
  'GET /api/rooms/:id/segments': { ...PUBLIC, id: 'roomA' },
  'GET /api/skus/:id/segments': { ...PUBLIC, id: 'skuId' },

  // show
  'POST /api/rooms/:id/bags': TEAM_OF_ROOM,
  'POST /api/rooms/:id/coupons': TEAM_OF_ROOM,
  'POST /api/rooms/:id/flash': TEAM_OF_ROOM,
  'POST /api/rooms/:id/polls': TEAM_OF_ROOM,
  'POST /api/rooms/:id/notices': TEAM_OF_ROOM,
  'GET /api/rooms/:id/drops': TEAM_OF_ROOM,
  'POST /api/rooms/:id/drops/:dropId/close': TEAM_OF_ROOM,
  'GET /api/rooms/:id/drops/:dropId/winners': TEAM_OF_ROOM,
  'GET /api/rooms/:id/drops/mine': { ...BUYERS, id: 'roomA' },
  'GET /api/drops/:id': PUBLIC,
  'POST /api/drops/:id/enter': BUYERS,
  'POST /api/drops/:id/claim': BUYERS,
  'POST /api/drops/:id/vote': BUYERS,
  'POST /api/drops/:id/prize': BUYERS,
  'GET /api/rooms/:id/run': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/run': TEAM_OF_ROOM,
  'POST /api/rooms/:id/run/current': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/seat': TEAM_OF_ROOM,
  'GET /api/rooms/:id/people': TEAM_OF_ROOM,
  'GET /api/rooms/:id/actions': TEAM_OF_ROOM,
  'POST /api/rooms/:id/actions/:actionId/undo': TEAM_OF_ROOM,
  'GET /api/rooms/:id/warnings': TEAM_OF_ROOM,
  'GET /api/rooms/:id/figures': TEAM_OF_ROOM,
  'PUT /api/rooms/:id/shelf/hidden': TEAM_OF_ROOM,
  'POST /api/rooms/:id/shelf/stock': TEAM_OF_ROOM,

  // relief: how reports come in, and duplicates
  'POST /api/relief/alerts': PUBLIC,
  'POST /api/relief/pictures': PUBLIC,
  'GET /api/relief/track/:token': PUBLIC,
  // Nobody by a session: only a media monitor's key lets in.
  'POST /api/relief/media': { may: [] },
  'POST /api/relief/alerts/phone': { may: ['relief_desk', 'operator'] },
  'POST /api/relief/alerts/csv': { may: ['relief_desk', 'commissioner A', 'commissioner B', 'operator'] },
  'POST /api/relief/alerts/:id/contact': {
    may: [
      'relief_desk',
      'commissioner A',
      'commissioner B',
      'inspector',
      'inspector A',
      'inspector B',
      'merchant',
      'merchant A',
      'merchant B',
      'operator',
    ],
  },
  'GET /api/relief/media-senders': { may: ['relief_desk', 'operator'] },
  'POST /api/relief/media-senders': { may: ['relief_desk', 'operator'] },
  'DELETE /api/relief/media-senders/:id': { may: ['relief_desk', 'operator'] },
  'GET /api/demo/messages': PUBLIC,
  'GET /api/relief/cases/:id/duplicates': { may: ['relief_desk', 'commissioner A', 'commissioner B', 'operator'] },
  'POST /api/relief/cases/:id/merge': { may: ['relief_desk', 'operator'] },
  'POST /api/relief/cases/:id/split': { may: ['relief_desk', 'operator'] },
  'POST /api/relief/duplicates/:a/:b/dismiss': { may: ['relief_desk', 'operator'] },

  // relief: the board, cases and measures; commissioners only see their counties, which the slice's own tests hold
  'GET /api/relief/cases': HANDS,
  'GET /api/relief/board': HANDS,
  'GET /api/relief/cases/:id': HANDS,
  'PATCH /api/relief/cases/:id': HANDS,
  'POST /api/relief/cases/:id/verify': HANDS,
  'POST /api/relief/cases/:id/move': HANDS,
  'POST /api/relief/cases/:id/assign': DESK,
  'POST /api/relief/cases/bulk': HANDS,
  'GET /api/relief/measures': HANDS,
  'GET /api/relief/measures.csv': HANDS,

  // aid
  'GET /api/aid': PUBLIC,
  'GET /api/aid/:id': PUBLIC,
  'GET /api/relief/cases/:id/tasks': HANDS,
  'PUT /api/relief/cases/:id/tasks/:kind': HANDS,
  'POST /api/relief/cases/:id/tasks/:kind/documents': HANDS,
  'DELETE /api/relief/cases/:id/documents/:documentId': HANDS,
  'PUT /api/relief/cases/:id/freight': HANDS,
  'GET /api/relief/cases/:id/fast-track': DESK,
  'PUT /api/relief/cases/:id/fast-track': DESK,
  'POST /api/relief/cases/:id/fast-track/publish': DESK,

  // merchants, offers
  'GET /api/merchants': RELIEF_DESK,
  'POST /api/merchants': { may: ['merchant', 'merchant A', 'merchant B', 'relief_desk', 'operator'] },
  'GET /api/my/merchants': { may: ['merchant', 'merchant A', 'merchant B', 'operator'] },
  'GET /api/merchants/:id': MERCHANTS_STAFF,
  'PUT /api/merchants/:id': MERCHANTS_STAFF,
  'PUT /api/merchants/:id/prices': MERCHANTS_STAFF,
  'PUT /api/merchants/:id/staff': { ...RELIEF_DESK, id: 'merchantA' },
  'POST /api/merchants/:id/papers': MERCHANTS_STAFF,
  'POST /api/merchants/:id/papers/:paperId/check': { ...RELIEF_DESK, id: 'merchantA' },
  'GET /api/merchants/:id/offers': MERCHANTS_STAFF,
  'POST /api/relief/match': RELIEF_DESK,
  'GET /api/relief/cases/:id/match': RELIEF_DESK,
  'GET /api/relief/cases/:id/offers': RELIEF_DESK,
  'POST /api/relief/cases/:id/offers': RELIEF_DESK,
  'POST /api/offers/:id/accept': OFFERS_STAFF,
  'POST /api/offers/:id/decline': OFFERS_STAFF,
  'POST /api/offers/:id/withdraw': OFFERS_STAFF,
  'POST /api/offers/:id/cancel': { ...RELIEF_DESK, id: 'offerA' },

  // recordings
  'GET /api/recordings': OPERATORS,
  'GET /api/recordings/rules': OPERATORS,
  'PUT /api/recordings/rules/:kind': OPERATORS,
  'POST /api/recordings/:roomId/holds': OPERATORS,
  'POST /api/recordings/holds/:id/lift': OPERATORS,
  'GET /api/recordings/log': OPERATORS,
  'GET /api/recordings/store': OPERATORS,

  // inspections
  'GET /api/inspections/mine': INSPECTORS,
  'POST /api/inspections/sync': INSPECTORS,
  'PUT /api/inspections/photos/:id': INSPECTORS,
  'GET /api/relief/cases/:id/inspections': {
    may: ['relief_desk', 'commissioner A', 'commissioner B', 'inspector', 'inspector A', 'inspector B', 'operator'],
  },
  'POST /api/inspections/:id/effect': { may: ['relief_desk', 'inspector', 'inspector A', 'inspector B', 'operator'] },
  'GET /api/certificates/:number': PUBLIC,
  'GET /api/certificates/:number/print': PUBLIC,

  // impact
  'GET /api/impact/counties': PUBLIC,
  'GET /api/impact/counties/:code': PUBLIC,
  'GET /api/impact/rooms/:id': { ...PUBLIC, id: 'roomA' },

  // What the rows above need goes last.
  'DELETE /api/me/addresses/:id': { ...OWNER, id: 'addressId' },
  'DELETE /api/rooms/:id/mutes/:muteId': TEAM_OF_ROOM,
}

let world: AccessWorld
before(async () => {
  world = await createAccessWorld()
})
after(() => world.close())

function routesOfApp(): string[] {
  return Object.values(world.app.slices).flatMap((slice) => slice.routes.map(({ method, url }) => `${method} ${url}`))
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
      const answer = await world.ask(name, method, pathOf(world, url, row), row.body)
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
