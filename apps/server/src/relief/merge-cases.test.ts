import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  createIntakeWorld,
  dayFromToday,
  freshPhone,
  type IntakeWorld,
  JINGDONG,
  peas,
} from './testing/intake-world.ts'

let world: IntakeWorld
let desk: number
before(async () => {
  world = await createIntakeWorld()
  desk = await world.person({ role: 'relief_desk' })
})
after(() => world.close())

const post = (url: string, body?: object) => world.ask({ method: 'POST', url, as: desk, body })
const merge = (caseId: number, into: number, version = 1) =>
  post(`/api/relief/cases/${caseId}/merge`, { version, into, reason: '同一批豌豆' })
const split = (caseId: number, alertId: number) =>
  post(`/api/relief/cases/${caseId}/split`, { alertId, reason: '不是同一家' })

interface CaseRow {
  readonly stage: string
  readonly stageBefore: string | null
  readonly mergedInto: number | null
  readonly grams: number
  readonly alerts: number[]
}
async function read(caseId: number): Promise<CaseRow> {
  const [row] = await world.app.platform.db.query<CaseRow>(
    `select stage, stage_before as "stageBefore", merged_into as "mergedInto", grams,
       array(select a.id from relief_alerts a where a.case_id = c.id order by a.id) as alerts
     from relief_cases c where id = $1`,
    [caseId],
  )
  if (!row) throw new Error(`no case ${caseId}`)
  return row
}
const kinds = async (caseId: number) =>
  (
    await world.app.platform.db.query<{ kind: string }>('select kind from relief_log where case_id = $1 order by id', [
      caseId,
    ])
  ).map(({ kind }) => kind)

test('a second report of the same harvest is proposed with reasons, and dismissed for good', async () => {
  const place = { township: '太忠镇', village: '大柏村' }
  const one = await world.open(place)
  const two = await world.open(place)
  const url = `/api/relief/cases/${two.caseId}/duplicates`
  const { json } = await world.ask({ url, as: desk })
  const [item] = json.items as { caseId: number; score: number; reasons: { reason: string }[] }[]
  assert.equal(item?.caseId, one.caseId)
  assert.equal(item?.score, 950)
  assert.deepEqual(
    item?.reasons.map(({ reason }) => reason),
    ['village', 'produce', 'time'],
  )
  assert.equal((await post(`/api/relief/duplicates/${two.caseId}/${one.caseId}/dismiss`)).status, 204)
  assert.equal((await post(`/api/relief/duplicates/${one.caseId}/${two.caseId}/dismiss`)).status, 204)
  assert.deepEqual((await world.ask({ url, as: desk })).json.items, [])
  assert.deepEqual(await kinds(one.caseId), ['reported', 'duplicate_dismissed'])
  assert.equal(
    (await post(`/api/relief/duplicates/${one.caseId}/99999/dismiss`)).json.code,
    'relief.duplicate_not_found',
  )
})

test('another township, produce or season is not proposed', async () => {
  const one = await world.open({ township: '漫湾镇', village: '安召村' })
  for (const change of [
    { township: '大街镇', village: '气力村' },
    { township: '漫湾镇', village: '安召村', produceSlug: 'papaya' },
    { township: '漫湾镇', village: '安召村', harvestFrom: dayFromToday(90), harvestTo: dayFromToday(120) },
  ]) {
    const other = await world.open(change)
    const { json } = await world.ask({ url: `/api/relief/cases/${other.caseId}/duplicates`, as: desk })
    assert.ok(!(json.items as { caseId: number }[]).some(({ caseId }) => caseId === one.caseId))
  }
})

test('a merge moves the alerts, keeps the facts of the case that stays, and a split puts everything back', async () => {
  const [a, b] = [await world.open(), await world.open({ quantity: { amount: '5', unit: '吨' } })]
  const asItWas = await read(b.caseId)
  assert.equal((await merge(b.caseId, a.caseId)).status, 204)
  const stays = await read(a.caseId)
  assert.deepEqual([stays.stage, stays.grams, stays.alerts], ['reported', 15_000_000, [a.alertId, b.alertId]])
  const joined = await read(b.caseId)
  assert.deepEqual([joined.stage, joined.stageBefore, joined.mergedInto], ['merged', 'reported', a.caseId])
  const track = await world.ask({ url: `/api/relief/track/${b.token}` })
  assert.deepEqual([track.json.stage, track.json.joined, track.json.grams], ['reported', true, 5_000_000])
  assert.equal((await split(a.caseId, b.alertId)).json.caseId, b.caseId)
  assert.deepEqual(await read(b.caseId), asItWas)
  assert.deepEqual((await read(a.caseId)).alerts, [a.alertId])
  assert.deepEqual(await kinds(a.caseId), ['reported', 'took_in', 'gave_back'])
  assert.deepEqual(await kinds(b.caseId), ['reported', 'merged', 'split'])
  const { json } = await world.ask({ url: `/api/relief/cases/${b.caseId}/duplicates`, as: desk })
  assert.ok(!(json.items as { caseId: number }[]).some(({ caseId }) => caseId === a.caseId))
})

test('cases that had joined a case go on with it, and each can be taken out again', async () => {
  const [a, b, c] = [await world.open(), await world.open(), await world.open()]
  await merge(c.caseId, b.caseId)
  assert.equal((await merge(b.caseId, a.caseId, 2)).status, 204)
  assert.deepEqual((await read(a.caseId)).alerts, [a.alertId, b.alertId, c.alertId])
  assert.equal((await read(c.caseId)).mergedInto, a.caseId)
  assert.equal((await split(a.caseId, b.alertId)).status, 200)
  assert.deepEqual((await read(b.caseId)).alerts, [b.alertId])
  assert.equal((await split(a.caseId, c.alertId)).status, 200)
  assert.deepEqual((await read(c.caseId)).alerts, [c.alertId])
})

test('two cases merged into each other at once: one stays', async () => {
  for (let round = 0; round < 8; round++) {
    const [a, b] = [await world.open(), await world.open()]
    const answers = await Promise.all([merge(a.caseId, b.caseId), merge(b.caseId, a.caseId)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409])
    const stages = [(await read(a.caseId)).stage, (await read(b.caseId)).stage].sort()
    assert.deepEqual(stages, ['merged', 'reported'])
  }
})

test('one case merged into two others at once goes to one of them', async () => {
  const [a, b, c] = [await world.open(), await world.open(), await world.open()]
  const answers = await Promise.all([merge(c.caseId, a.caseId), merge(c.caseId, b.caseId)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409])
  const total = (await read(a.caseId)).alerts.length + (await read(b.caseId)).alerts.length
  assert.deepEqual([total, (await read(c.caseId)).alerts.length], [3, 0])
})

test('the same alert split off five times at once comes back once', async () => {
  const [a, b] = [await world.open(), await world.open()]
  await merge(b.caseId, a.caseId)
  const answers = await Promise.all(Array.from({ length: 5 }, () => split(a.caseId, b.alertId)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.ok(answers.every(({ status }) => status < 500))
  assert.deepEqual((await read(b.caseId)).alerts, [b.alertId])
})

test('a merge of itself, of an old version, into nothing and into what has ended is refused', async () => {
  const [a, b] = [await world.open(), await world.open()]
  assert.equal((await merge(a.caseId, a.caseId)).json.code, 'relief.merge_itself')
  assert.equal((await merge(a.caseId, b.caseId, 7)).json.code, 'relief.case_changed')
  assert.equal((await merge(a.caseId, 999_999)).json.code, 'relief.case_not_found')
  await world.app.platform.db.query(`update relief_cases set stage = 'closed' where id = $1`, [b.caseId])
  assert.equal((await merge(a.caseId, b.caseId)).json.code, 'relief.merge_into_ended')
  assert.equal((await merge(b.caseId, a.caseId)).json.code, 'relief.wrong_stage')
  assert.equal((await split(a.caseId, a.alertId)).json.code, 'relief.alert_not_merged')
  assert.equal((await split(a.caseId, 999_999)).json.code, 'relief.alert_not_found')
})

test('a contact is seen by the desk and the county with a reason, by nobody else, and every look is in the log', async () => {
  const phone = freshPhone()
  const { caseId, alertId } = await world.open(peas({ contact: { name: '李大爷', phone, relation: '种植户' } }))
  const url = `/api/relief/alerts/${alertId}/contact`
  const look = (as: number, reason = '核实数量') => world.ask({ method: 'POST', url, as, body: { reason } })
  const people = {
    desk,
    own: await world.person({ role: 'commissioner', countyCode: JINGDONG }),
    other: await world.person({ role: 'commissioner', countyCode: 430_529 }),
    inspector: await world.person({ role: 'inspector' }),
    merchant: await world.person({ role: 'merchant' }),
    buyer: await world.person(),
  }
  assert.deepEqual((await look(people.desk)).json, { name: '李大爷', phone: `+86${phone}`, relation: '种植户' })
  assert.equal((await look(people.own)).status, 200)
  for (const name of ['other', 'inspector', 'merchant', 'buyer'] as const) {
    assert.equal((await look(people[name])).json.code, 'identity.not_allowed', name)
  }
  assert.equal((await look(people.desk, '')).status, 400)
  assert.equal((await world.ask({ method: 'POST', url, body: { reason: '核实数量' } })).status, 401)
  world.app.slices.relief.addContactRule(async (userId, id) => userId === people.inspector && id === caseId)
  assert.equal((await look(people.inspector, '到现场验货')).status, 200)
  assert.equal((await look(people.merchant)).status, 403)
  const looks = await world.app.platform.db.query(
    `select actor_id as who, note from relief_log where case_id = $1 and kind = 'contact_seen' order by id`,
    [caseId],
  )
  assert.deepEqual(looks, [
    { who: people.desk, note: '核实数量' },
    { who: people.own, note: '核实数量' },
    { who: people.inspector, note: '到现场验货' },
  ])
})
