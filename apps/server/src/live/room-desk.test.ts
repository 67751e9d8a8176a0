import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomCard } from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld, ZHENYUAN } from './testing/live-world.ts'

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

const items = (...goods: { shopId: number; skuId: number }[]) => ({ items: goods })

test('a host schedules a room and finds it; its key is for the team alone', async () => {
  const room = await world.room()
  assert.equal(room.status, 'scheduled')
  assert.match(room.ingest.url, /^rtmp:\/\/localhost:\d+\/live$/)
  assert.match(room.ingest.streamKey, /^[a-z0-9]{26}$/)
  assert.equal(room.county.county, '景东彝族自治县')
  const page = await world.page(room.id)
  assert.ok(!JSON.stringify(page).includes(room.ingest.streamKey))
  assert.deepEqual([page.shelf, page.pinned, page.hasReplay, page.holdS], [[], null, false, 300])
  assert.deepEqual(page.video, { ways: ['socket', 'llhls'], url: `/media/${room.id}/live.m3u8` })
  const mine = await world.desk('GET', '/api/my/rooms')
  assert.ok((mine as unknown as { items: RoomCard[] }).items.some((card) => card.id === room.id))
  const upcoming = await world.ask<{ items: RoomCard[] }>('GET', '/api/rooms?status=scheduled')
  assert.ok(upcoming.body.items.some((card) => card.id === room.id))
})

test('only the host team of the county may touch a room', async () => {
  const { id } = await world.room()
  const neighbour = await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN })
  const buyer = await world.person('买家')
  const operator = await world.person('运营', { role: 'operator' })
  const doors: [string, string, object?][] = [
    ['GET', `/api/rooms/${id}/desk`],
    ['PATCH', `/api/rooms/${id}`, { titleZh: '抢来的' }],
    ['PUT', `/api/rooms/${id}/shelf`, items()],
    ['PUT', `/api/rooms/${id}/pin`, { shopId: 1, skuId: 1 }],
    ['DELETE', `/api/rooms/${id}/pin`],
    ['POST', `/api/rooms/${id}/stream-key`],
    ['POST', `/api/rooms/${id}/end`],
  ]
  for (const [method, path, body] of doors) {
    const sent = body ? { body } : {}
    assert.equal(await world.refusal(method, path, sent), 'identity.sign_in_needed', `${method} ${path}`)
    for (const as of [neighbour, buyer])
      assert.equal(await world.refusal(method, path, { as, ...sent }), 'identity.not_allowed', `${method} ${path}`)
  }
  assert.equal((await world.ask('GET', `/api/rooms/${id}/desk`, { as: operator })).status, 200)
  const foreign = { countyCode: ZHENYUAN, titleZh: '不行', hostName: '李', scheduledAt: new Date().toISOString() }
  assert.equal(await world.refusal('POST', '/api/rooms', { as: world.hostId, body: foreign }), 'identity.not_allowed')
  assert.equal(await world.refusal('GET', '/api/rooms/999999/desk', { as: world.hostId }), 'live.room_not_found')
  assert.equal(await world.refusal('GET', '/api/rooms/999999'), 'live.room_not_found')
})

test('what is scheduled must be possible', async () => {
  const ask = (more: object) =>
    world.refusal('POST', '/api/rooms', {
      as: world.hostId,
      body: { countyCode: JINGDONG, titleZh: '豌豆', hostName: '李', scheduledAt: new Date().toISOString(), ...more },
    })
  assert.equal(await ask({ scheduledAt: '2020-01-01T00:00:00Z' }), 'live.scheduled_out_of_range')
  assert.equal(await ask({ scheduledAt: '2999-01-01T00:00:00Z' }), 'live.scheduled_out_of_range')
  assert.equal(await ask({ scheduledAt: 'soon' }), 'request.invalid')
  assert.equal(await ask({ titleZh: '' }), 'request.invalid')
  assert.equal(await ask({ titleZh: '长'.repeat(41) }), 'request.invalid')
  assert.equal(await ask({ coverPictureId: '00000000-0000-4000-8000-000000000000' }), 'live.cover_unknown')
})

test('the shelf takes goods on sale of the county, in order, and nothing twice', async () => {
  const { id } = await world.room()
  const [peas, papaya, draft, foreign] = await Promise.all([
    world.goods(),
    world.goods(),
    world.goods({ onSale: false }),
    world.goods({ countyCode: ZHENYUAN }),
  ])
  const path = `/api/rooms/${id}/shelf`
  const refused = (...goods: { shopId: number; skuId: number }[]) =>
    world.refusal('PUT', path, { as: world.hostId, body: items(...goods) })
  assert.equal(await refused(draft), 'live.sku_not_for_shelf')
  assert.equal(await refused(foreign), 'live.sku_not_for_shelf')
  assert.equal(await refused({ ...peas, shopId: papaya.shopId }), 'live.sku_not_for_shelf')
  assert.equal(await refused(peas, peas), 'live.sku_twice')
  assert.equal(await refused(...Array(101).fill(peas)), 'request.invalid')
  const order = async () => (await world.page(id)).shelf.map((item) => item.sku.skuId)
  await world.desk('PUT', path, items(peas, papaya))
  assert.deepEqual(await order(), [peas.skuId, papaya.skuId])
  await world.desk('PUT', path, items(papaya, peas))
  assert.deepEqual(await order(), [papaya.skuId, peas.skuId])
  const { catalogue } = world.app.slices
  await catalogue.editSku(peas.shopId, peas.skuId, { version: 2, status: 'off' }, world.hostId)
  assert.deepEqual(await order(), [papaya.skuId], 'what is off sale is not shown')
  const desk = await world.desk('PUT', path, items(peas, papaya))
  assert.deepEqual(
    desk.shelf.map((item) => item.sku.skuId),
    [peas.skuId, papaya.skuId],
    'the desk still sees it, and it may stay',
  )
  assert.equal(desk.goods, 1)
  await world.desk('PUT', path, items())
  assert.deepEqual(await order(), [])
})

test('one is explained at a time, each with its segment, and two desks at once do not break that', async () => {
  const { id } = await world.room()
  const first = await world.goods()
  const goods = [first, await world.goods(), await world.goods()]
  const pin = (sku: object) => world.ask('PUT', `/api/rooms/${id}/pin`, { as: world.hostId, body: sku })
  assert.equal(
    await world.refusal('PUT', `/api/rooms/${id}/pin`, { as: world.hostId, body: first }),
    'live.sku_not_on_shelf',
  )
  await world.desk('PUT', `/api/rooms/${id}/shelf`, items(...goods))
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => pin(goods[index % 3] as object)))
  for (const { status } of answers) assert.equal(status, 200)
  const { db } = world.app.platform
  const open = await db.query('select id from room_pins where room_id = $1 and unpinned_at is null', [id])
  assert.equal(open.length, 1)
  const wrong = await db.query(
    `select a.id from room_pins a join room_pins b on b.room_id = a.room_id and b.id > a.id
     where a.room_id = $1 and a.unpinned_at > b.pinned_at`,
    [id],
  )
  assert.equal(wrong.length, 0, 'segments do not overlap')
  const before = await db.query('select id from room_pins where room_id = $1', [id])
  const pinned = (await world.page(id)).pinned
  assert.ok(pinned)
  await pin({ shopId: pinned.shopId, skuId: pinned.skuId })
  assert.equal((await db.query('select id from room_pins where room_id = $1', [id])).length, before.length)
  await world.desk('PUT', `/api/rooms/${id}/shelf`, items())
  assert.equal((await world.page(id)).pinned, null, 'what leaves the shelf is no longer explained')
})

test('a new key ends the old one, and an ended room takes nothing', async () => {
  const room = await world.room()
  const path = `/api/rooms/${room.id}`
  const rotated = await world.desk('POST', `${path}/stream-key`)
  assert.notEqual(rotated.ingest.streamKey, room.ingest.streamKey)
  const edited = await world.desk('PATCH', path, { titleEn: 'Peas tonight', hostOffice: '县长' })
  assert.deepEqual([edited.titleZh, edited.titleEn, edited.hostOffice], ['景东豌豆专场', 'Peas tonight', '县长'])
  const ended = await world.desk('POST', `${path}/end`)
  assert.equal(ended.status, 'ended')
  const again = await world.desk('POST', `${path}/end`)
  assert.equal(again.endedAt, ended.endedAt, 'ending is idempotent')
  const doors: [string, string, object?][] = [
    ['PATCH', path, { titleZh: '再来' }],
    ['PUT', `${path}/shelf`, items()],
    ['PUT', `${path}/pin`, { shopId: 1, skuId: 1 }],
    ['DELETE', `${path}/pin`],
    ['POST', `${path}/stream-key`],
  ]
  for (const [method, at, body] of doors)
    assert.equal(await world.refusal(method, at, { as: world.hostId, ...(body ? { body } : {}) }), 'live.room_ended')
})

test('lists are paged without a hole, and a cursor of another list is refused', async () => {
  const county = { as: world.hostId }
  for (let index = 0; index < 5; index += 1)
    await world.room({ scheduledAt: new Date(Date.now() + 86_400_000 * (index % 3)).toISOString() })
  const seen: number[] = []
  let cursor = ''
  do {
    const answer = await world.ask<{ items: RoomCard[]; next: string | null }>(
      'GET',
      `/api/rooms?status=scheduled&county=${JINGDONG}&limit=2${cursor}`,
      county,
    )
    seen.push(...answer.body.items.map((card) => card.id))
    cursor = answer.body.next === null ? '' : `&cursor=${answer.body.next}`
    if (answer.body.next !== null)
      assert.equal(
        await world.refusal('GET', `/api/rooms?status=ended${cursor}`),
        'live.cursor_invalid',
        'of another list',
      )
  } while (cursor !== '')
  const whole = await world.ask<{ items: RoomCard[] }>(
    'GET',
    `/api/rooms?status=scheduled&county=${JINGDONG}&limit=100`,
  )
  assert.deepEqual(
    seen,
    whole.body.items.map((card) => card.id),
  )
  assert.equal(new Set(seen).size, seen.length)
  assert.equal(await world.refusal('GET', '/api/rooms?cursor=nonsense'), 'live.cursor_invalid')
  assert.equal(await world.refusal('GET', '/api/my/rooms?cursor=x', county), 'live.cursor_invalid')
})
