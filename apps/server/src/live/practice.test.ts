import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomCard, RoomDesk } from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld, ZHENYUAN } from './testing/live-world.ts'
import { RoomViewer } from './testing/room-viewer.ts'

let world: LiveWorld
let practice: RoomDesk
before(async () => {
  world = await createLiveWorld()
  practice = await world.room({ practice: true, titleZh: '排练一下' })
})
after(() => world.close())

const socketUrl = (id: number) => `${world.wsUrl}/api/rooms/${id}/socket`
const outsiders = async () => [
  undefined,
  await world.person('买家'),
  await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN }),
]

test('to everybody but its team there is no practice room', async () => {
  for (const as of await outsiders()) {
    const who = as === undefined ? {} : { as }
    for (const path of [`/api/rooms/${practice.id}`, `/api/rooms/${practice.id}/hosts`])
      assert.equal(await world.refusal('GET', path, who), 'live.room_not_found', path)
    for (const file of ['live.m3u8', 'replay.m3u8', 'init-1.mp4']) {
      const answer = await world.ask<{ code: string }>('GET', `/media/${practice.id}/${file}`, who)
      assert.deepEqual([answer.status, answer.body.code], [404, 'live.room_not_found'], file)
    }
    const cookie = as === undefined ? {} : { cookie: world.cookieOf(as) }
    const viewer = await new RoomViewer(socketUrl(practice.id), cookie).when(({ refusedWith }) => refusedWith !== null)
    assert.equal(viewer.refusedWith, 404)
  }
  const neighbour = (await outsiders())[2]
  assert.ok(neighbour)
  assert.equal(
    await world.refusal('GET', `/api/rooms/${practice.id}/desk`, { as: neighbour }),
    'live.room_not_found',
    'nor does the desk say that there is one',
  )
})

test('its team sees it, speaks in it and works at its desk', async () => {
  const page = await world.ask<RoomDesk>('GET', `/api/rooms/${practice.id}`, { as: world.hostId })
  assert.deepEqual([page.status, page.body.practice], [200, true])
  const operator = await world.person('运营', { role: 'operator' })
  assert.equal((await world.ask('GET', `/api/rooms/${practice.id}`, { as: operator })).status, 200)
  const host = await new RoomViewer(socketUrl(practice.id), { cookie: world.cookieOf(world.hostId) }).whenView(
    () => true,
  )
  host.say('试一下')
  await host.whenView((view) => view.chat.some(({ text }) => text === '试一下'))
  const peas = await world.goods()
  await world.desk('PUT', `/api/rooms/${practice.id}/shelf`, { items: [peas] })
  await world.desk('PUT', `/api/rooms/${practice.id}/pin`, peas)
  await host.whenView((view) => view.pin?.skuId === peas.skuId)
  host.ws.close()
})

test('it stands in no list, and goods are not put on its shelf by themselves', async () => {
  for (const status of ['live', 'scheduled', 'ended']) {
    const { body } = await world.ask<{ items: RoomCard[] }>('GET', `/api/rooms?status=${status}&county=${JINGDONG}`)
    assert.ok(!body.items.some(({ id }) => id === practice.id), status)
  }
  const mine = await world.ask<{ items: RoomCard[] }>('GET', '/api/my/rooms', { as: world.hostId })
  assert.equal(mine.body.items.find(({ id }) => id === practice.id)?.practice, true)
  assert.notEqual((await world.app.slices.live.findNextRoom(JINGDONG))?.id, practice.id)
  assert.deepEqual(await world.app.slices.live.cardsOf([practice.id]), [])
  const html = await (await fetch(`${world.httpUrl}/rooms/${practice.id}`)).text()
  assert.ok(!html.includes('排练一下'))
})

test('a room is for practice from its beginning or never', async () => {
  const open = await world.room()
  assert.equal(open.practice, false)
  const edit = { as: world.hostId, body: { practice: true } }
  assert.equal(await world.refusal('PATCH', `/api/rooms/${open.id}`, edit), 'request.invalid')
})

test('nothing is sold in it and no stock moves', async () => {
  const peas = await world.goods({ stock: 5 })
  const address = { name: '李梅', phone: '13812345678', regionCode: JINGDONG, detail: '学校', isDefault: true }
  const order = async (as: number) => {
    const made = await world.ask<{ id: number }>('POST', '/api/me/addresses', { as, body: address })
    const body = {
      addressId: made.body.id,
      roomId: practice.id,
      lines: [{ ...peas, qty: 1, expectedPriceFen: 990 }],
    }
    return world.refusal('POST', '/api/checkouts', { as, body, key: crypto.randomUUID() })
  }
  assert.equal(await order(world.hostId), 'live.practice_sells_nothing')
  assert.equal(await order(await world.person('买家二')), 'orders.unknown_room')
  const [left] = await world.app.platform.db.query<{ stock: number }>('select stock from sku_stock where sku_id = $1', [
    peas.skuId,
  ])
  assert.equal(left?.stock, 5)
})

test('a page says the time on the server and whether it may suit minors', async () => {
  const room = await world.room({ minorsWarning: true })
  const beforeMs = Date.now()
  const page = await world.page(room.id)
  assert.ok(page.nowMs >= beforeMs && page.nowMs <= Date.now())
  assert.equal(page.minorsWarning, true)
  const edited = await world.desk('PATCH', `/api/rooms/${room.id}`, { minorsWarning: false })
  assert.equal(edited.minorsWarning, false)
})

test('one host hands over to another before all eyes, and who spoke when is kept', async () => {
  const room = await world.room()
  const path = `/api/rooms/${room.id}/handover`
  const viewer = await new RoomViewer(socketUrl(room.id)).whenView(() => true)
  const done = await world.desk('POST', path, { hostName: '王芳', hostOffice: '驻村书记' })
  assert.deepEqual([done.hostName, done.hostOffice], ['王芳', '驻村书记'])
  await viewer.whenView((view) => view.room.hostName === '王芳')
  viewer.ws.close()
  const same = { as: world.hostId, body: { hostName: '王芳', hostOffice: '驻村书记' } }
  assert.equal(await world.refusal('POST', path, same), 'live.same_host')
  assert.equal(await world.refusal('POST', path, { as: world.hostId, body: { hostName: '  ' } }), 'request.invalid')
  const { body } = await world.ask<{ items: { hostName: string; from: string | null }[] }>(
    'GET',
    `/api/rooms/${room.id}/hosts`,
  )
  assert.deepEqual(
    body.items.map(({ hostName, from }) => [hostName, from === null]),
    [
      ['李明', true],
      ['王芳', false],
    ],
  )
  await world.desk('POST', `/api/rooms/${room.id}/end`)
  assert.equal(await world.refusal('POST', path, same), 'live.room_ended')
})
