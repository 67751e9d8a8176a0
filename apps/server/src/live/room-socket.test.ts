import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { ROOM_CLOSE, type RoomServerMessage } from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld, ZHENYUAN } from './testing/live-world.ts'
import { RoomViewer } from './testing/room-viewer.ts'

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

const socketUrl = (roomId: number | string) => `${world.wsUrl}/api/rooms/${roomId}/socket`
const enter = (roomId: number, options: ConstructorParameters<typeof RoomViewer>[1] = {}) =>
  new RoomViewer(socketUrl(roomId), options).whenView(() => true)
const eventsOf = (viewer: RoomViewer) =>
  viewer.messages.flatMap((message) => (message.t === 'tick' ? message.events.map((event) => event.t) : []))

test('a stranger reads; who is signed in talks, the host is marked, and all of it is written down', async () => {
  const { id } = await world.room()
  const buyer = await world.person('小红')
  const stranger = await enter(id)
  const talker = await enter(id, { cookie: world.cookieOf(buyer) })
  const host = await enter(id, { cookie: world.cookieOf(world.hostId) })
  stranger.say('我也想说')
  await stranger.when(
    ({ messages }) => messages.at(-1)?.t === 'refused' || messages.some((each) => each.t === 'refused'),
  )
  const refused = stranger.messages.find((message) => message.t === 'refused') as Extract<
    RoomServerMessage,
    { t: 'refused' }
  >
  assert.equal(refused.code, 'room.chat_sign_in')
  talker.say('这豌豆甜吗？')
  await stranger.whenView((view) => view.chat.some((line) => line.text === '这豌豆甜吗？' && line.name === '小红'))
  host.say('甜，今早摘的')
  await stranger.whenView((view) => view.chat.some((line) => line.from === 'host' && line.name === '李主播'))
  assert.deepEqual(
    stranger.view?.chat.map((line) => line.from),
    ['viewer', 'host'],
  )
  for (const viewer of [stranger, talker, host]) viewer.ws.close()
  const { db } = world.app.platform
  let stored: { body: string; user_id: number }[] = []
  while (stored.length < 2)
    stored = await db.query('select body, user_id from room_chat where room_id = $1 order by id', [id])
  assert.deepEqual(
    stored.map((row) => [row.body, row.user_id]),
    [
      ['这豌豆甜吗？', buyer],
      ['甜，今早摘的', world.hostId],
    ],
  )
})

test('a host of another county is a viewer here', async () => {
  const { id } = await world.room()
  const neighbour = await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN })
  const viewer = await enter(id, { cookie: world.cookieOf(neighbour) })
  viewer.say('我是主播！')
  await viewer.whenView((view) => view.chat[0]?.from === 'viewer')
  viewer.ws.close()
})

test('shelf, pin, edits, prices and the end reach everyone; the shelf with the cards that are new', async () => {
  const { id } = await world.room()
  const viewer = await enter(id)
  const peas = await world.goods({ stock: 50 })
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [peas] })
  await viewer.whenView((view) => view.shelf[0]?.stock === 50)
  const cards = viewer.messages.flatMap((message) =>
    message.t === 'tick' ? message.events.flatMap((event) => (event.t === 'shelf' ? event.cards : [])) : [],
  )
  assert.deepEqual(
    cards.map((card) => [card.skuId, card.titleZh]),
    [[peas.skuId, '甜豌豆']],
  )
  await world.desk('PUT', `/api/rooms/${id}/pin`, peas)
  await viewer.whenView((view) => view.pin?.skuId === peas.skuId)
  const late = await enter(id)
  assert.equal(late.view?.pin?.skuId, peas.skuId)
  assert.deepEqual(late.view?.shelf, viewer.view?.shelf)
  await world.desk('PATCH', `/api/rooms/${id}`, { titleZh: '今晚豌豆半价' })
  await viewer.whenView((view) => view.room.titleZh === '今晚豌豆半价')
  await world.app.slices.catalogue.editSku(peas.shopId, peas.skuId, { version: 2, priceFen: 495 }, world.hostId)
  await viewer.whenView((view) => view.shelf[0]?.priceFen === 495 && view.shelf[0].version === 3)
  await world.app.slices.catalogue.editSku(peas.shopId, peas.skuId, { version: 3, status: 'off' }, world.hostId)
  await viewer.whenView((view) => view.shelf.length === 0 && view.pin === null)
  await world.desk('POST', `/api/rooms/${id}/end`)
  await viewer.whenView((view) => view.room.status === 'ended' && view.room.endedAt !== null)
  viewer.ws.close()
  late.ws.close()
})

test('stock that orders report ticks down for all, and the last pack goes out at once', async () => {
  const { id } = await world.room()
  const peas = await world.goods({ stock: 3 })
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [peas] })
  const viewers = await Promise.all([enter(id), enter(id)])
  world.app.slices.live.stockChanged([{ ...peas, stock: 2 }])
  for (const viewer of viewers) await viewer.whenView((view) => view.shelf[0]?.stock === 2)
  world.app.slices.live.stockChanged([{ ...peas, stock: 0 }])
  for (const viewer of viewers) {
    await viewer.whenView((view) => view.shelf[0]?.stock === 0)
    assert.ok(eventsOf(viewer).includes('sold_out'))
    viewer.ws.close()
  }
})

test('stock that changed without a report is found by reading again', async () => {
  const { id } = await world.room()
  const peas = await world.goods({ stock: 30 })
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [peas] })
  const viewer = await enter(id)
  await world.app.platform.db.query('update sku_stock set stock = 7 where shop_id = $1 and sku_id = $2', [
    peas.shopId,
    peas.skuId,
  ])
  await viewer.whenView((view) => view.shelf[0]?.stock === 7)
  viewer.ws.close()
})

test('whoever comes back gets what was missed', async () => {
  const { id } = await world.room()
  const host = await enter(id, { cookie: world.cookieOf(world.hostId) })
  const viewer = await enter(id)
  viewer.ws.terminate()
  await viewer.when(({ closedWith }) => closedWith !== null)
  host.say('你刚才没听到这句')
  await host.whenView((view) => view.chat.length === 1)
  const back = new RoomViewer(socketUrl(id), { known: viewer.view })
  await back.whenView((view) => view.chat.some((line) => line.text === '你刚才没听到这句'))
  assert.equal(back.messages[0]?.t, 'resumed')
  host.ws.close()
  back.ws.close()
})

test('another site, a room that is not there, a path that is none: no socket', async () => {
  const { id } = await world.room()
  const foreign = await new RoomViewer(socketUrl(id), { origin: 'https://evil.example' }).when(
    ({ refusedWith }) => refusedWith !== null,
  )
  assert.equal(foreign.refusedWith, 403)
  const own = await new RoomViewer(socketUrl(id), { origin: world.httpUrl }).whenView(() => true)
  own.ws.close()
  for (const path of ['999999', '0', '-1', '1e3', '99999999999999999999', '1;drop']) {
    const none = await new RoomViewer(socketUrl(path)).when(({ refusedWith }) => refusedWith !== null)
    assert.equal(none.refusedWith, 404, path)
  }
})

test('a false cookie makes nobody a host', async () => {
  const { id } = await world.room()
  const forged = world.cookieOf(world.hostId).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  const viewer = await enter(id, { cookie: forged })
  viewer.say('我是主播')
  await viewer.when(({ messages }) => messages.some((message) => message.t === 'refused'))
  viewer.ws.close()
})

test('what is no message ends the session with a code', async () => {
  const { id } = await world.room()
  const cases: [string | Buffer, number][] = [
    ['{"t":"pin","shopId":1,"skuId":1}', ROOM_CLOSE.badMessage],
    [Buffer.from([1, 2, 3]), ROOM_CLOSE.badMessage],
    ['x'.repeat(2_100), 1009],
  ]
  for (const [message, code] of cases) {
    const viewer = await enter(id)
    viewer.ws.send(message)
    await viewer.when(({ closedWith }) => closedWith !== null)
    assert.equal(viewer.closedWith, code)
  }
  const flooder = await enter(id)
  for (let index = 0; index < 200; index += 1) flooder.ws.send('{"t":"ping"}')
  await flooder.when(({ closedWith }) => closedWith !== null)
  assert.equal(flooder.closedWith, ROOM_CLOSE.tooMany)
})

test('an upgrade that vanishes half way gives its place back', async () => {
  const { id } = await world.room()
  const { port } = world.app.address()
  const before = await socketsNow()
  for (let index = 0; index < 20; index += 1) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `GET /api/rooms/${id}/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    socket.destroy()
  }
  while ((await socketsNow()) > before) await new Promise((resolve) => setImmediate(resolve))
})

async function socketsNow(): Promise<number> {
  const text = await (await fetch(`${world.httpUrl}/metrics`)).text()
  return Number(/^chunbo_room_sockets (\d+)/m.exec(text)?.[1])
}

test('the list of rooms and the desk count the viewers', async () => {
  const { id } = await world.room({ countyCode: JINGDONG })
  const viewers = await Promise.all([enter(id), enter(id), enter(id)])
  const desk = await world.desk('GET', `/api/rooms/${id}/desk`)
  assert.deepEqual([desk.viewers, desk.figures.viewers, desk.figures.viewersPeak], [3, 3, 3])
  for (const viewer of viewers) viewer.ws.close()
})

test('a restart sends everyone away with 1012, and shelf, pin and chat are there when they come back', async () => {
  const { id } = await world.room()
  const peas = await world.goods({ stock: 9 })
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [peas] })
  await world.desk('PUT', `/api/rooms/${id}/pin`, peas)
  const viewer = await enter(id, { cookie: world.cookieOf(world.hostId) })
  viewer.say('马上回来')
  await viewer.when(({ messages }) => messages.some((message) => message.t === 'accepted'))
  await world.restart()
  await viewer.when(({ closedWith }) => closedWith !== null)
  assert.equal(viewer.closedWith, ROOM_CLOSE.standardRestart)
  const back = await new RoomViewer(socketUrl(id), { known: viewer.view }).when(({ messages }) => messages.length > 0)
  assert.equal(back.messages[0]?.t, 'snapshot', 'another epoch: everything anew')
  assert.deepEqual(
    back.view?.chat.map((line) => line.text),
    ['马上回来'],
  )
  assert.deepEqual([back.view?.pin?.skuId, back.view?.shelf[0]?.stock], [peas.skuId, 9])
  back.ws.close()
})
