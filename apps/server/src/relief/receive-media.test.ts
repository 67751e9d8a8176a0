import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signMedia } from './media-key.ts'
import { createIntakeWorld, type IntakeWorld, peas } from './testing/intake-world.ts'

let world: IntakeWorld
let desk: number
let key: string
let senderId: number
before(async () => {
  world = await createIntakeWorld()
  desk = await world.person({ role: 'relief_desk' })
  const made = await world.ask({
    method: 'POST',
    url: '/api/relief/media-senders',
    as: desk,
    body: { name: '云南日报' },
  })
  key = made.json.key as string
  senderId = made.json.id as number
})
after(() => world.close())

const article = (change: object = {}) => {
  const { pictures: _, contact: __, ...rest } = peas()
  return { ...rest, key: 'yn-2026-11-24-001', link: 'https://news.example.cn/a/1', words: '七万亩豌豆待销', ...change }
}
const inSeconds = (fromNow = 0) => String(Math.floor(Date.now() / 1000) + fromNow)

/** Sends a report as a monitor does; each part of the proof can be made wrong. */
function send(body: object, wrong: { key?: string; timestamp?: string; signature?: string; sent?: string } = {}) {
  const text = JSON.stringify(body)
  const timestamp = wrong.timestamp ?? inSeconds()
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${wrong.key ?? key}`,
    'x-chunbo-timestamp': timestamp,
    'x-chunbo-signature': wrong.signature ?? signMedia(wrong.key ?? key, timestamp, Buffer.from(text)),
  }
  return world.ask({ method: 'POST', url: '/api/relief/media', headers, body: wrong.sent ?? text })
}

test('the same report a hundred times, many at once, opens one case', async () => {
  const answers = []
  for (let round = 0; round < 5; round++) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, () => send(article())))))
  }
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
  assert.equal(new Set(answers.map(({ json }) => json.caseId)).size, 1)
  assert.equal(answers.filter(({ json }) => !json.replayed).length, 1)
  const rows = await world.app.platform.db.query(
    `select source_name as name, words from relief_alerts where source = 'media'`,
  )
  assert.deepEqual(rows, [{ name: `云南日报 (${senderId})`, words: '七万亩豌豆待销\nhttps://news.example.cn/a/1' }])
})

test('a body changed after signing, a wrong key, a wrong or missing signature are refused', async () => {
  const changed = JSON.stringify(article({ key: 'other', quantity: { amount: '9', unit: '万斤' } }))
  for (const wrong of [
    { sent: changed },
    { key: `cbm_${'x'.repeat(43)}` },
    { signature: 'sha256=00' },
    { signature: '' },
  ]) {
    const { status, json } = await send(article({ key: 'other' }), wrong)
    assert.deepEqual([status, json.code], [401, 'relief.media_unsigned'])
  }
  const bare = await world.ask({ method: 'POST', url: '/api/relief/media', body: article() })
  assert.equal(bare.json.code, 'relief.media_unsigned')
})

test('a captured request is worth nothing after five minutes, and none from the future is taken', async () => {
  for (const timestamp of [inSeconds(-301), inSeconds(310), 'yesterday']) {
    assert.equal((await send(article({ key: 'late' }), { timestamp })).json.code, 'relief.media_stale', timestamp)
  }
  assert.equal((await send(article({ key: 'in-time' }), { timestamp: inSeconds(-200) })).status, 201)
})

test('what the report says is held to the same rules as the form', async () => {
  const cart = await send(article({ key: 'cart', quantity: { amount: '3', unit: '车' } }))
  assert.equal(cart.json.code, 'relief.unit_no_mass')
  assert.equal((await send({ key: 'bare' })).json.code, 'request.invalid')
})

test('a revoked key lets nobody in, and its name can be given again with another number', async () => {
  const made = await world.ask({
    method: 'POST',
    url: '/api/relief/media-senders',
    as: desk,
    body: { name: '农民日报' },
  })
  const other = made.json.key as string
  const again = await world.ask({
    method: 'POST',
    url: '/api/relief/media-senders',
    as: desk,
    body: { name: '农民日报' },
  })
  assert.equal(again.json.code, 'relief.media_sender_taken')
  assert.equal((await send(article({ key: 'n1' }), { key: other })).status, 201)
  const remove = { method: 'DELETE' as 'POST', url: `/api/relief/media-senders/${made.json.id}`, as: desk }
  assert.equal((await world.ask(remove)).status, 204)
  assert.equal((await world.ask(remove)).json.code, 'relief.media_sender_not_found')
  assert.equal((await send(article({ key: 'n2' }), { key: other })).json.code, 'relief.media_unsigned')
  const list = await world.ask({ url: '/api/relief/media-senders', as: desk })
  assert.deepEqual(
    (list.json.items as { name: string; alerts: number }[]).map(({ name, alerts }) => [name, alerts > 0]),
    [['云南日报', true]],
  )
  assert.ok(!list.bytes.toString().includes('cbm_'))
})
