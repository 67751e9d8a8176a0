/** The invariant of this file: a commissioner acts on the truth of reports of their counties and on nothing else, and every act is refused with its reason. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { ReliefCase, ReliefStage } from '@chunbo/contract'
import { moveCase } from './move-case.ts'
import { createIntakeWorld, dayFromToday, type IntakeWorld, JINGDONG } from './testing/intake-world.ts'

const PINGSHUN = 140425
let world: IntakeWorld
let desk: number
let own: number
let foreign: number
before(async () => {
  world = await createIntakeWorld()
  desk = await world.person({ role: 'relief_desk' })
  own = await world.person({ role: 'commissioner', countyCode: JINGDONG })
  foreign = await world.person({ role: 'commissioner', countyCode: PINGSHUN })
})
after(() => world.close())

const act = async (as: number, id: number, path: string, body: object) => {
  const method = path === '' ? 'PATCH' : 'POST'
  const { status, json } = await world.ask({ method, url: `/api/relief/cases/${id}${path}`, as, body })
  return status === 200 ? 'done' : (json.code as string)
}
const read = async (id: number, as = desk) =>
  (await world.ask({ url: `/api/relief/cases/${id}`, as })).json as unknown as ReliefCase
const evidence = '和村支书通了电话'

test('a commissioner of another county may do nothing with a case', async () => {
  const { caseId } = await world.open()
  const body = { version: 1, reason: '是假的' }
  assert.equal(await act(foreign, caseId, '/verify', { version: 1, evidence }), 'identity.not_allowed')
  assert.equal(await act(foreign, caseId, '/move', { ...body, to: 'rejected' }), 'identity.not_allowed')
  assert.equal(await act(foreign, caseId, '', { version: 1, grams: 5 }), 'identity.not_allowed')
  assert.equal(await act(foreign, caseId, '/assign', { version: 1, ownerId: foreign }), 'identity.not_allowed')
  const ids = [caseId]
  const bulk = await world.ask({
    method: 'POST',
    url: '/api/relief/cases/bulk',
    as: foreign,
    body: { ids, act: 'reject', reason: '是假的' },
  })
  assert.deepEqual(
    (bulk.json.items as { code: string }[]).map(({ code }) => code),
    ['identity.not_allowed'],
  )
  for (const url of ['/api/relief/cases?q=%23', '/api/relief/cases?q=']) {
    const { json } = await world.ask({ url: `${url}${url.endsWith('%23') ? caseId : ''}`, as: foreign })
    assert.deepEqual(json.items, [])
  }
  const { json } = await world.ask({ url: '/api/relief/measures', as: foreign })
  assert.deepEqual((json.all as { cases: number }).cases, 0)
  assert.equal((await read(caseId)).version, 1)
})

test('a commissioner of the county settles whether it is true, and the desk the rest', async () => {
  const { caseId } = await world.open()
  assert.deepEqual((await read(caseId, own)).next, ['verified', 'rejected'])
  assert.deepEqual((await read(caseId, desk)).next, ['verified', 'rejected', 'expired'])
  assert.equal(
    await act(own, caseId, '/move', { version: 1, to: 'expired', reason: '来不及了' }),
    'identity.not_allowed',
  )
  assert.equal(await act(own, caseId, '/move', { version: 1, to: 'rejected', reason: '是假的' }), 'done')
  assert.equal(await act(own, caseId, '/move', { version: 2, to: 'reported', reason: '打通了' }), 'done')
  assert.equal(await act(own, caseId, '/verify', { version: 3, evidence }), 'done')
  assert.equal(
    await act(own, caseId, '/move', { version: 4, to: 'rejected', reason: '卖掉了' }),
    'identity.not_allowed',
  )
  assert.equal(await act(desk, caseId, '/move', { version: 4, to: 'rejected', reason: '卖掉了' }), 'done')
  assert.deepEqual((await read(caseId)).next, ['reported'])
})

test('evidence is the own pictures of who vouches', async () => {
  const { caseId } = await world.open()
  const { db } = world.app.platform
  const [mine, others] = [randomUUID(), randomUUID()]
  for (const [id, owner] of [
    [mine, desk],
    [others, own],
  ] as const) {
    await db.query('insert into pictures (id, owner_user_id, width, height) values ($1, $2, 800, 600)', [id, owner])
  }
  const verify = (pictures: string[]) => act(desk, caseId, '/verify', { version: 1, evidence, pictures })
  assert.equal(await verify([others]), 'relief.evidence_picture_unknown')
  assert.equal(await verify([mine]), 'done')
  assert.deepEqual((await read(caseId)).log.at(-1)?.facts.pictures, [mine])
})

test('facts that are put right set the clocks anew, once, and not of what is over', async () => {
  const { caseId } = await world.open()
  const edit = (version: number, change: object) => act(desk, caseId, '', { version, ...change })
  const moved: ReliefStage[][] = []
  world.app.slices.relief.onCaseMoved(({ from, to }) => moved.push([from, to]))
  assert.equal(await edit(1, { harvestTo: '2026-02-31' }), 'relief.day_unreal')
  assert.equal(await edit(1, { harvestTo: dayFromToday(-30) }), 'relief.day_unreal')
  assert.equal(await edit(1, { produceSlug: 'no-such-produce' }), 'relief.produce_unknown')
  assert.equal(await edit(1, { storyZh: '大山里的豌豆' }), 'done')
  assert.deepEqual(moved, [])
  const before = await read(caseId)
  // Picked today: peas live seven days cold, three of them on the road.
  assert.equal(await edit(2, { pickedOn: dayFromToday(0), floorFenPerKg: null }), 'done')
  const after = await read(caseId)
  assert.equal(after.spoilsAt?.slice(0, 10), dayFromToday(4))
  assert.ok(before.spoilsAt !== null && after.spoilsAt !== null && after.spoilsAt < before.spoilsAt)
  assert.deepEqual(moved, [['reported', 'reported']])
  assert.deepEqual(after.log.at(-1)?.facts, { changed: { pickedOn: [null, dayFromToday(0)] } })
  // The same again changes nothing.
  assert.equal(await edit(3, { pickedOn: dayFromToday(0) }), 'done')
  assert.equal((await read(caseId)).version, 3)
  assert.equal(await act(desk, caseId, '/move', { version: 3, to: 'rejected', reason: '是假的' }), 'done')
  assert.equal(await edit(4, { grams: 5 }), 'relief.case_ended')
})

test('a case goes to people of the desk or of its county, and back to everybody', async () => {
  const { caseId } = await world.open()
  const assign = (version: number, ownerId: number | null) => act(desk, caseId, '/assign', { version, ownerId })
  assert.equal(await assign(1, foreign), 'relief.owner_unfit')
  assert.equal(await assign(1, 999_999), 'relief.owner_unfit')
  assert.equal(await assign(1, own), 'done')
  assert.equal(await assign(2, desk), 'done')
  const mine = await world.ask({ url: '/api/relief/cases?owner=me', as: desk })
  assert.deepEqual(
    (mine.json.items as { id: number }[]).map(({ id }) => id),
    [caseId],
  )
  assert.equal(await assign(3, null), 'done')
  assert.equal((await read(caseId)).owner, null)
})

test('a case that has come to a merchant is closed by word only when it is on sale', async () => {
  const { caseId } = await world.open()
  const { db } = world.app.platform
  const word = async (to: ReliefStage) => {
    const { version } = await read(caseId)
    return act(desk, caseId, '/move', { version, to, reason: '说好了' })
  }
  for (const to of ['verified', 'offered', 'accepted', 'inspecting', 'coordinating', 'listed'] as const) {
    assert.equal(await word('closed'), 'relief.wrong_stage')
    await db.transaction((tx) => moveCase(tx, { caseId, to, actorId: null, now: new Date(), kind: to }))
  }
  assert.equal(await word('selling'), 'relief.not_by_word')
  assert.equal(await word('closed'), 'done')
  const closed = await read(caseId)
  assert.deepEqual([closed.spoiledG, closed.closedReason, closed.next], [closed.grams, '说好了', []])
})

test('a cursor of another order, or made up, is refused', async () => {
  const other = Buffer.from('due|1|1').toString('base64url')
  for (const cursor of [other, 'made-up', '%00']) {
    const { json } = await world.ask({ url: `/api/relief/cases?sort=urgency&cursor=${cursor}`, as: desk })
    assert.equal(json.code, 'relief.cursor_invalid')
  }
})
