import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { EveningReport, ScreenFigures } from '@chunbo/contract'
import { ZHENYUAN } from '../live/testing/live-world.ts'
import { at, BEIJING, createShowWorld, type ShowWorld } from './testing/show-world.ts'

let world: ShowWorld
before(async () => {
  world = await createShowWorld()
})
after(() => world.close())

async function report(roomId: number): Promise<EveningReport> {
  const { status, body } = await world.ask<EveningReport>('GET', `/api/rooms/${roomId}/evening`, { as: world.hostId })
  assert.equal(status, 200, JSON.stringify(body))
  return body
}
const keepMinute = (roomId: number, minute: number, watchedS: number, entries: number, likes: number, chat = 0) =>
  world.app.platform.db.query(
    `insert into room_minutes (room_id, minute, writer, watched_s, viewers_max, sockets_max, entries, likes, chat)
     values ($1, $2, gen_random_uuid(), $3::int, ceil($3::int / 60.0), ceil($3::int / 60.0), $4, $5, $6)`,
    [roomId, at(minute), watchedS, entries, likes, chat],
  )

test('orders stand in the minute and the segment in which they were placed, and sums are those of the public account', async () => {
  const roomId = await world.show(20)
  const [peas, papaya] = [await world.goods(), await world.goods()]
  const [mei, hong] = [await world.buyer('小梅'), await world.buyer('小红')]
  await world.pin(roomId, peas, 2, 5)
  await world.pin(roomId, papaya, 5, 9)
  await world.pin(roomId, peas, 12, 14)
  await world.buy(roomId, peas, 2, mei, 2)
  await world.buy(roomId, peas, 1, hong, 4)
  // While something else is explained: in the total of the peas, in no segment of theirs.
  await world.buy(roomId, peas, 1, hong, 6)
  await world.buy(roomId, papaya, 5, mei, 8)
  await world.buy(roomId, peas, 4, mei, 13)
  // Before the show and after it: through the room, not on air.
  await world.buy(roomId, papaya, 1, mei, -3)
  await world.buy(roomId, peas, 1, hong, 25)
  const taken = await world.buy(roomId, peas, 9, mei, 13)
  await world.app.platform.db.query(`update orders set status = 'cancelled' where id = $1`, [taken.orderId])
  await keepMinute(roomId, 0, 600, 10, 5)
  await keepMinute(roomId, 1, 1200, 12, 9, 3)
  // The process was started again in this minute.
  await keepMinute(roomId, 1, 300, 2, 11, 3)

  const found = await report(roomId)
  // The public account counts behind the orders, in rounds of its own.
  const { impact } = world.app.slices
  while ((await impact.readSold('room', roomId)).sold.orders !== 7) await impact.countNow()
  assert.deepEqual(found.sold, (await impact.readSold('room', roomId)).sold)
  assert.deepEqual(found.sold, { orders: 7, packs: 15, grams: 7500, fen: 14850 })
  assert.deepEqual(found.soldOnAir, { orders: 5, packs: 13, grams: 6500, fen: 12870 })
  assert.deepEqual(
    found.segments.map(({ skuId, sold }) => [skuId, sold.orders, sold.packs]),
    [
      [peas.skuId, 2, 3],
      [papaya.skuId, 1, 5],
      [peas.skuId, 1, 4],
    ],
  )
  const ofPeas = found.goods.find(({ skuId }) => skuId === peas.skuId)
  assert.deepEqual(
    [ofPeas?.sold.packs, ofPeas?.soldWhileExplained.packs, ofPeas?.explainedS, ofPeas?.segments],
    [9, 7, 300, 2],
  )
  assert.equal(found.steps.length, 20)
  assert.equal(found.steps[0]?.at, at(0).toISOString())
  assert.deepEqual(
    found.steps.flatMap(({ orders }, minute) => (orders > 0 ? [[minute, orders]] : [])),
    [2, 4, 6, 8, 13].map((minute) => [minute, 1]),
  )
  assert.deepEqual(
    found.steps.slice(0, 3).map(({ viewers, entries, likes, chat }) => [viewers, entries, likes, chat]),
    [
      [10, 10, 5, 0],
      [20, 14, 6, 3],
      [0, 0, 0, 0],
    ],
    'a mean is never above the most that were seen',
  )
  assert.deepEqual([found.buyers, found.audience.entries, found.conversion], [2, 24, 2 / 24])
  assert.equal(found.gpmFen, Math.round((12870 * 1000) / 24))
  assert.deepEqual([found.lengthS, found.stepMin], [1200, 1])
  assert.deepEqual([found.questions, found.drops], [{ asked: 0, questions: 0, answered: 0 }, []])
})

test('who bought on air and orders the county’s goods again after the end is a second purchase, whichever way', async () => {
  const roomId = await world.show(10)
  const [peas, others] = [await world.goods(), await world.goods({ countyCode: ZHENYUAN })]
  const [mei, hong, late] = [await world.buyer('小梅'), await world.buyer('小红'), await world.buyer('小兰')]
  for (const buyer of [mei, hong]) await world.buy(roomId, peas, 1, buyer, 3)
  // Twice in one show is one evening; another county's goods are another county's; who came late is no buyer of the evening.
  await world.buy(roomId, peas, 1, mei, 5)
  await world.buy(null, others, 1, hong, 15)
  await world.buy(null, peas, 1, late, 15)
  assert.deepEqual((await report(roomId)).again, { buyers: 0, within30Days: 0, orders: 0, fen: 0 })
  await world.buy(null, peas, 2, mei, 20)
  const again = await world.buy(null, peas, 1, hong, 21)
  await world.app.platform.db.query(`update orders set created_at = created_at + interval '40 days' where id = $1`, [
    again.orderId,
  ])
  // The report is kept for some seconds; a new process has kept nothing.
  await world.restart()
  assert.deepEqual((await report(roomId)).again, { buyers: 2, within30Days: 1, orders: 2, fen: 2970 })
})

test('a show without sales and one that nobody watched have a report of zeros; one that has not begun has none', async () => {
  const roomId = await world.show(3)
  const found = await report(roomId)
  assert.deepEqual([found.sold.orders, found.buyers, found.conversion, found.gpmFen], [0, 0, null, null])
  assert.deepEqual([found.perBuyerFen, found.goods, found.segments, found.steps.length], [null, [], [], 3])
  const { id } = await world.room()
  assert.equal(await world.refusal('GET', `/api/rooms/${id}/evening`, { as: world.hostId }), 'evening.not_begun')
  const screen = await world.ask<ScreenFigures>('GET', `/api/rooms/${id}/screen`, { as: world.hostId })
  assert.deepEqual([screen.status, screen.body.sold.fen, screen.body.steps], [200, 0, []])
})

test('the team of another county sees neither report nor screen', async () => {
  const roomId = await world.show(3)
  const other = await world.person('外县主播', { role: 'host', countyCode: ZHENYUAN })
  for (const path of ['evening', 'evening.csv', 'evening.pdf', 'screen'])
    assert.equal((await world.ask('GET', `/api/rooms/${roomId}/${path}`, { as: other })).status, 403, path)
})

test('the screen shows what is explained with its stock, provinces and what waits to be paid, and nobody’s name', async () => {
  const roomId = await world.show()
  const peas = await world.goods({ stock: 50 })
  const mei = await world.buyer('大屏上看不到的小梅')
  await world.pin(roomId, peas, 1, null)
  await world.buy(roomId, peas, 3, mei, 2)
  const held = { lines: [{ ...peas, qty: 1, expectedPriceFen: 990 }], addressId: mei.addressId, roomId }
  const key = crypto.randomUUID()
  assert.equal((await world.ask('POST', '/api/checkouts', { as: mei.id, key, body: held })).status, 201)
  const { body } = await world.ask<ScreenFigures>('GET', `/api/rooms/${roomId}/screen`, { as: world.hostId })
  assert.deepEqual([body.sold.orders, body.sold.fen, body.waitingOrders], [1, 2970, 1])
  assert.deepEqual([body.pin?.sku.skuId, body.pin?.sku.stock, body.pin?.sold.packs], [peas.skuId, 46, 3])
  assert.deepEqual(body.provinces, [{ code: BEIJING, orders: 1, fen: 2970 }])
  assert.deepEqual([body.goods.length, body.goods[0]?.stock], [1, 46])
  assert.doesNotMatch(JSON.stringify(body), /小梅|13800000000/)
})

test('a table for a spreadsheet keeps titles whole and lets none of them be a formula', async () => {
  const roomId = await world.show(5)
  const peas = await world.goods()
  await world.app.platform.db.query(`update skus set title_zh = '=1+1,"豆"' where id = $1`, [peas.skuId])
  await world.pin(roomId, peas, 1, 3)
  const csv = async (table: string) => {
    const response = await fetch(`${world.httpUrl}/api/rooms/${roomId}/evening.csv?table=${table}`, {
      headers: { cookie: world.cookieOf(world.hostId) },
    })
    assert.match(response.headers.get('content-type') ?? '', /text\/csv/)
    return (await response.text()).split('\r\n')
  }
  assert.equal((await csv('minutes')).length, 1 + 5 + 1)
  assert.match((await csv('minutes'))[2] ?? '', new RegExp(`,${peas.skuId}$`))
  assert.match((await csv('segments'))[1] ?? '', /"'=1\+1,""豆"""/)
  assert.match((await csv('goods'))[0] ?? '', /^\uFEFF?sku,title_zh/)
  const refused = await world.ask('GET', `/api/rooms/${roomId}/evening.csv?table=people`, { as: world.hostId })
  assert.equal(refused.status, 400)
})
