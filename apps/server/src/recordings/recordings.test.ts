import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RecordingLogLine, RecordingRow, RecordingRule, RecordingStore } from '@chunbo/contract'
import fc from 'fast-check'
import { createLiveWorld, type LiveWorld } from '../live/testing/live-world.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS

let world: LiveWorld
let operatorId = 0
before(async () => {
  world = await createLiveWorld()
  operatorId = await world.person('运营', { role: 'operator' })
})
after(() => world.close())

const db = () => world.app.platform.db
const sweep = () => world.app.slices.recordings.removeExpired()
const asOperator = async <Body>(method: string, path: string, body?: object) => {
  const answer = await world.ask<Body>(method, path, { as: operatorId, ...(body ? { body } : {}) })
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A show that ended so long ago, with a recording. */
async function show(endedMsAgo: number, { practice = false } = {}): Promise<number> {
  const { id } = await world.room()
  const endedAt = new Date(Date.now() - endedMsAgo)
  await db().query(`update rooms set status = 'ended', started_at = $2, ended_at = $3, practice = $4 where id = $1`, [
    id,
    new Date(endedAt.getTime() - 3_600_000),
    endedAt,
    practice,
  ])
  for (const name of ['index.ndjson', 'seg-0.m4s', 'thumb-0.jpg'])
    await world.app.platform.storage.put(`recordings/${id}/${name}`, Buffer.from('x'))
  return id
}
const isThere = async (roomId: number) => (await world.app.platform.storage.list(`recordings/${roomId}`)).length === 3
const hold = (roomId: number, reason = '市监局函 2026-118') =>
  asOperator<{ id: number }>('POST', `/api/recordings/${roomId}/holds`, { reason })
const lift = async (holdId: number) => {
  const path = `/api/recordings/holds/${holdId}/lift`
  const response = await fetch(`${world.httpUrl}${path}`, {
    method: 'POST',
    headers: { cookie: world.cookieOf(operatorId), 'content-type': 'application/json' },
    body: JSON.stringify({ reason: '案件已结' }),
  })
  assert.equal(response.status, 204)
}

test('what is past its time goes, with all its files; what is within it stays, a rehearsal sooner than a show', async () => {
  const [old, young] = [await show(3 * YEAR_MS + 3 * DAY_MS), await show(3 * YEAR_MS - DAY_MS)]
  const [oldPractice, youngPractice] = [
    await show(61 * DAY_MS, { practice: true }),
    await show(59 * DAY_MS, { practice: true }),
  ]
  assert.equal(await sweep(), 2)
  assert.deepEqual(await Promise.all([old, young, oldPractice, youngPractice].map(isThere)), [false, true, false, true])
  assert.equal(await sweep(), 0)
  assert.equal((await world.page(old)).hasReplay, false)
  const { items } = await asOperator<{ items: RecordingLogLine[] }>('GET', '/api/recordings/log')
  const removed = items.filter(({ act }) => act === 'removed')
  assert.deepEqual(
    removed.map(({ roomId, by }) => [roomId, by]).sort(),
    [
      [old, null],
      [oldPractice, null],
    ].sort(),
  )
})

test('a hold keeps a recording as long as one is left, whoever lifts the other', async () => {
  const roomId = await show(4 * YEAR_MS)
  const [first, second] = [await hold(roomId), await hold(roomId, '消费者投诉 77')]
  await sweep()
  assert.ok(await isThere(roomId))
  const held = await asOperator<{ items: RecordingRow[] }>('GET', '/api/recordings?held=true')
  assert.deepEqual(
    held.items.find((row) => row.roomId === roomId)?.holds.map(({ reason, by }) => [reason, by]),
    [
      ['市监局函 2026-118', '运营'],
      ['消费者投诉 77', '运营'],
    ],
  )
  await lift(first.id)
  await sweep()
  assert.ok(await isThere(roomId))
  await lift(second.id)
  assert.equal(
    await world.refusal('POST', `/api/recordings/holds/${second.id}/lift`, {
      as: operatorId,
      body: { reason: '再解一次' },
    }),
    'recordings.hold_lifted',
  )
  await sweep()
  assert.equal(await isThere(roomId), false)
  const body = { reason: '来晚了的函' }
  const late = await world.refusal('POST', `/api/recordings/${roomId}/holds`, { as: operatorId, body })
  assert.equal(late, 'recordings.gone')
})

test('no rule can be shorter than the law, not even by the database’s own hand', async () => {
  const put = (kind: string, keepDays: number) =>
    world.refusal('PUT', `/api/recordings/rules/${kind}`, { as: operatorId, body: { keepDays } })
  assert.equal(await put('trade', 1_094), 'recordings.below_law')
  assert.equal(await put('practice', 6), 'recordings.below_law')
  await assert.rejects(
    db().query(`update recording_rules set keep_days = 1094 where kind = 'trade'`),
    /recording_rules_law/,
  )
  const { items } = await asOperator<{ items: RecordingRule[] }>('PUT', '/api/recordings/rules/trade', {
    keepDays: 1_500,
  })
  assert.deepEqual(
    items.map(({ kind, keepDays, leastDays, changedBy }) => [kind, keepDays, leastDays, changedBy]),
    [
      ['trade', 1_500, 1_095, '运营'],
      ['practice', 60, 7, null],
    ],
  )
  const roomId = await show(4 * YEAR_MS)
  await sweep()
  assert.ok(await isThere(roomId), 'the longer rule holds for what was there before')
  await asOperator('PUT', '/api/recordings/rules/trade', { keepDays: 1_095 })
  await sweep()
  assert.equal(await isThere(roomId), false)
})

test('three years are three years, leap days or not, and never less than the rule', async () => {
  const moments = fc.date({ min: new Date('2021-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(moments, fc.integer({ min: 1_095, max: 4_000 }), async (endedAt, keepDays) => {
      const [row] = await db().query<{ until: Date }>('select recording_keep_until($1, false, $2) as until', [
        endedAt,
        keepDays,
      ])
      assert.ok(row)
      const threeYears = new Date(endedAt)
      threeYears.setUTCFullYear(endedAt.getUTCFullYear() + 3)
      // 29 February of a leap year has its third anniversary on the 28th for the database and on 1 March for JavaScript.
      assert.ok(row.until.getTime() >= threeYears.getTime() - DAY_MS)
      assert.ok(row.until.getTime() >= endedAt.getTime() + 1_095 * DAY_MS)
      assert.ok(row.until.getTime() >= endedAt.getTime() + keepDays * DAY_MS)
    }),
    { numRuns: 60 },
  )
})

test('the log cannot be changed', async () => {
  for (const sql of ['update recording_log set note = $$x$$', 'delete from recording_log', 'truncate recording_log'])
    await assert.rejects(db().query(sql), /append-only/)
})

test('of a hold and a removal at the same moment one wins, and a held recording is never gone', async () => {
  for (let round = 0; round < 12; round += 1) {
    const roomId = await show(4 * YEAR_MS)
    const [placed] = await Promise.all([
      world.ask<{ code?: string }>('POST', `/api/recordings/${roomId}/holds`, {
        as: operatorId,
        body: { reason: '同一刻'.repeat(2) },
      }),
      sweep(),
    ])
    const there = await isThere(roomId)
    if (placed.status === 201) assert.ok(there, 'held and gone')
    else assert.deepEqual([placed.body.code, there], ['recordings.gone', false])
  }
})

test('files that a killed process left behind are removed by the next round', async () => {
  const roomId = await show(YEAR_MS)
  await db().query('insert into recording_removals (room_id, decided_at) values ($1, now())', [roomId])
  await sweep()
  assert.equal(await isThere(roomId), false)
  const [row] = await db().query<{ goneAt: Date | null }>(
    'select gone_at as "goneAt" from recording_removals where room_id = $1',
    [roomId],
  )
  assert.ok(row?.goneAt)
})

test('a show that was never on air is no recording to hold, and the store says how much room there is', async () => {
  const { id } = await world.room()
  const body = { reason: '没有这场' }
  assert.equal(
    await world.refusal('POST', `/api/recordings/${id}/holds`, { as: operatorId, body }),
    'recordings.not_found',
  )
  const store = await asOperator<RecordingStore>('GET', '/api/recordings/store')
  assert.equal(store.kind, 'folder')
  assert.ok((store.freeBytes ?? 0) > 0)
  const metrics = await (await fetch(`${world.httpUrl}/metrics`)).text()
  assert.match(metrics, /chunbo_storage_free_bytes \d/)
})
