/** From a verified case to an offer and on to the next best: the solver runs in its own thread, on a real database. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CaseMatch, MatchRun, Offer } from '@chunbo/contract'
import { readRun } from './queries.ts'
import { createOfferWorld, type OfferWorld, TONNE_G } from './testing/offer-world.ts'

const TEN = 10 * TONNE_G

let world: OfferWorld
before(async () => {
  world = await createOfferWorld()
})
after(() => world.close())

async function runNow(): Promise<MatchRun> {
  const id = await world.app.slices.offers.match('test')
  const run = (await readRun(world.app.platform.db, id)) as MatchRun
  assert.equal(run.failure, '', run.failure)
  return run
}
const matchOf = async (caseId: number) =>
  (await world.ask(world.desk, 'GET', `/api/relief/cases/${caseId}/match`)).body as unknown as CaseMatch
const offersOf = async (caseId: number) =>
  (await world.ask(world.desk, 'GET', `/api/relief/cases/${caseId}/offers`)).body.items as unknown as Offer[]
const act = (staff: number, offerId: number, verb: string, body: object) =>
  world.ask(staff, 'POST', `/api/offers/${offerId}/${verb}`, body)

/** Nobody but those of the test takes anything. */
async function clearTheMarket(): Promise<void> {
  const { db } = world.app.platform
  await db.query(`update offers set state = 'cancelled' where state in ('open', 'accepted')`)
  await db.query('update merchants set active = false')
  await db.query(`update relief_cases set stage = 'closed'`)
}

test('a verified case is offered to the nearest, declined, goes on to the next, and back to the desk', async () => {
  await clearTheMarket()
  const near = await world.merchant({ name: '近仓' })
  const far = await world.merchant({
    name: '远仓',
    warehouses: [{ name: '贵阳', countyCode: 520102, lngE5: 10_663_000, latE5: 2_665_000 }],
  })
  const tooFar = await world.merchant({ name: '太远', reachKm: 10 })
  const caseId = await world.reliefCase({ grams: TEN })
  const run = (await world.ask(world.desk, 'POST', '/api/relief/match')).body
  assert.deepEqual([run.status, run.cause, run.offersMade], ['optimal', 'asked', 1])
  assert.equal(await world.stageOf(caseId), 'offered')
  const [first] = await offersOf(caseId)
  assert.ok(first)
  assert.deepEqual([first.merchant.id, first.grams, first.state, first.priceFenPerKg], [near.id, TEN, 'open', 300])
  assert.equal(Date.parse(first.expiresAt) - Date.parse(first.madeAt), 7_200_000)
  assert.equal(first.why?.nextBest?.merchant.id, far.id)
  const said = await matchOf(caseId)
  assert.equal(said.proposals[0]?.merchant.name, '近仓')
  assert.equal(said.excluded.find(({ merchant }) => merchant.id === tooFar.id)?.condition, 'reach')
  assert.equal(said.leftG, 0)

  assert.equal((await act(near.staff, first.id, 'decline', { reason: '冷库满了' })).status, 200)
  await runNow()
  const [second] = await offersOf(caseId)
  assert.ok(second)
  assert.deepEqual([second.merchant.id, second.state], [far.id, 'open'])
  assert.equal((await matchOf(caseId)).excluded.find(({ merchant }) => merchant.id === near.id)?.condition, 'refused')

  world.clock.advance(7_200_000)
  assert.equal(await world.app.slices.offers.expireDue(), 1)
  await runNow()
  assert.equal(await world.stageOf(caseId), 'verified')
  const rest = await matchOf(caseId)
  assert.equal(rest.unsold?.grams, TEN)
  assert.deepEqual(rest.unsold?.reasons.map(({ condition }) => condition).sort(), ['reach', 'refused'])
})

test('what is accepted stays frozen, fewer than offered leave the rest to another, and capacity is used up', async () => {
  await clearTheMarket()
  const a = await world.merchant({ name: '甲' })
  const caseId = await world.reliefCase({ grams: TEN })
  await runNow()
  const [offer] = await offersOf(caseId)
  assert.ok(offer)
  const few = await act(a.staff, offer.id, 'accept', { grams: offer.leastG - 1 })
  assert.deepEqual([few.status, few.body.code], [422, 'offers.too_few'])
  const accepted = await act(a.staff, offer.id, 'accept', { grams: 6 * TONNE_G })
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body))
  assert.equal(await world.stageOf(caseId), 'accepted')
  const b = await world.merchant({ name: '乙' })
  await runNow()
  const [rest] = await offersOf(caseId)
  assert.deepEqual([rest?.merchant.id, rest?.grams, rest?.state], [b.id, 4 * TONNE_G, 'open'])
  const record = (await world.ask(a.staff, 'GET', `/api/merchants/${a.id}`)).body.record as Record<string, number>
  assert.deepEqual([record.accepted, record.openOffers, record.openG, record.openFen], [1, 1, 6 * TONNE_G, 1_800_000])
})

test('a merchant who takes an acceptance back breaks a promise, and the case goes on', async () => {
  await clearTheMarket()
  const a = await world.merchant({ name: '退货的' })
  const caseId = await world.reliefCase({ grams: TEN })
  await runNow()
  const [offer] = await offersOf(caseId)
  assert.ok(offer)
  await act(a.staff, offer.id, 'accept', { grams: TEN })
  const back = await act(a.staff, offer.id, 'withdraw', { reason: '车坏了' })
  assert.equal(back.status, 200, JSON.stringify(back.body))
  assert.equal((await act(a.staff, offer.id, 'withdraw', { reason: '车坏了' })).status, 200)
  assert.equal(await world.stageOf(caseId), 'verified')
  const record = (await world.ask(a.staff, 'GET', `/api/merchants/${a.id}`)).body.record as Record<string, number>
  assert.deepEqual([record.withdrawn, record.reliabilityPermille], [1, 667])
  await world.app.platform.db.query(`update offers set state = 'accepted' where id = $1`, [offer.id])
  await world.app.platform.db.query(`update relief_cases set stage = 'inspecting' where id = $1`, [caseId])
  assert.equal((await act(a.staff, offer.id, 'withdraw', { reason: '车坏了' })).body.code, 'offers.too_late')
})

test('who lacks a paper that holds gets nothing, and the desk reads why', async () => {
  await clearTheMarket()
  const { id } = await world.merchant({ name: '证件过期' })
  await world.app.platform.db.query(
    `update merchant_papers set valid_until = '2026-03-08' where merchant_id = $1 and kind = 'food_licence'`,
    [id],
  )
  const caseId = await world.reliefCase()
  const run = await runNow()
  assert.equal(run.offersMade, 0)
  assert.deepEqual((await matchOf(caseId)).excluded, [
    { merchant: { id, name: '证件过期' }, km: (await matchOf(caseId)).excluded[0]?.km, condition: 'papers' },
  ])
  const overruled = await world.ask(world.desk, 'POST', `/api/relief/cases/${caseId}/offers`, {
    merchantId: id,
    grams: TEN,
    reason: '老客户',
    acknowledged: [],
  })
  assert.equal(overruled.body.code, 'offers.papers_lapsed')
})

test('a person overrules: every condition against it is named and has to be acknowledged', async () => {
  await clearTheMarket()
  const { id, staff } = await world.merchant({ name: '远而小', reachKm: 10, families: ['fruit'], cold: false })
  const caseId = await world.reliefCase({ floorFenPerKg: 400 })
  const ask = (acknowledged: string[]) =>
    world.ask(world.desk, 'POST', `/api/relief/cases/${caseId}/offers`, {
      merchantId: id,
      grams: 8 * TONNE_G,
      reason: '电话里谈妥了',
      acknowledged,
    })
  const refused = await ask(['reach'])
  assert.equal(refused.body.code, 'offers.conditions_speak_against')
  assert.deepEqual(refused.body.params, { conditions: ['produce', 'floor'] })
  const made = await ask(['produce', 'reach', 'floor'])
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal(await world.stageOf(caseId), 'offered')
  const offer = made.body as unknown as Offer
  assert.deepEqual(offer.overruled?.conditions, ['produce', 'reach', 'floor'])
  assert.equal((await ask(['produce', 'reach', 'floor'])).body.code, 'offers.living')
  assert.equal((await act(staff, offer.id, 'accept', { grams: 8 * TONNE_G })).status, 200)
  // What a person wanted is no contradiction.
  const run = await runNow()
  assert.deepEqual([run.status, run.clashes], ['optimal', []])
})

test('agreed offers that contradict a condition are told to the desk, and the rest is planned', async () => {
  await clearTheMarket()
  const { id, staff } = await world.merchant({ name: '减产能' })
  const caseId = await world.reliefCase({ grams: TEN })
  await runNow()
  const [offer] = await offersOf(caseId)
  assert.ok(offer)
  await act(staff, offer.id, 'accept', { grams: TEN })
  const profile = (await world.ask(staff, 'GET', `/api/merchants/${id}`)).body
  await world.app.platform.db.query('update merchants set capacity_day_g = $2 where id = $1', [id, 2 * TONNE_G])
  assert.equal(profile.capacityDayG, TEN)
  const run = await runNow()
  assert.equal(run.status, 'infeasible')
  assert.deepEqual(
    run.clashes.map(({ condition, merchant, wanted, allowed }) => [condition, merchant?.name, wanted, allowed]),
    [['capacity', '减产能', TEN, 2 * TONNE_G]],
  )
  assert.equal((await matchOf(caseId)).latest?.status, 'infeasible')
  await world.app.platform.db.query('update merchants set capacity_day_g = $2, families = $3 where id = $1', [
    id,
    TEN,
    ['fruit'],
  ])
  await world.app.platform.db.query('update relief_cases set grams = $2 where id = $1', [caseId, 7 * TONNE_G])
  assert.deepEqual((await runNow()).clashes.map(({ condition, caseId: about }) => [condition, about]).sort(), [
    ['produce', caseId],
    ['supply', caseId],
  ])
})

test('a case that ends takes its open offers along, one that moves back its accepted ones', async () => {
  await clearTheMarket()
  const { id, staff } = await world.merchant({ name: '等着的' })
  const { db } = world.app.platform
  const ended = await world.reliefCase()
  const offer = await world.offer(ended, id, TEN)
  await db.query(`update relief_cases set stage = 'rejected' where id = $1`, [ended])
  const back = await world.reliefCase()
  const accepted = await world.offer(back, id, TEN)
  assert.equal((await act(staff, accepted, 'accept', { grams: TEN })).status, 200)
  await db.query(`update relief_cases set stage = 'verified' where id = $1`, [back])
  assert.equal((await act(staff, offer, 'accept', { grams: TEN })).body.code, 'offers.case_closed')
  assert.equal(await world.app.slices.offers.endStray(), 2)
  const states = await db.query<{ state: string }>('select state from offers where id = any($1::bigint[])', [
    [offer, accepted],
  ])
  assert.deepEqual(
    states.map(({ state }) => state),
    ['cancelled', 'cancelled'],
  )
  // Its goods failed at the inspection or the case was taken from it: it is not asked again.
  await runNow()
  assert.equal((await matchOf(back)).excluded.find(({ merchant }) => merchant.id === id)?.condition, 'refused')
})

test('who lost the race for the grams is asked again when they are free again', async () => {
  await clearTheMarket()
  const [a, b] = [await world.merchant({ name: '快' }), await world.merchant({ name: '慢' })]
  const caseId = await world.reliefCase({ grams: TEN })
  const [first, second] = [await world.offer(caseId, a.id, TEN), await world.offer(caseId, b.id, TEN)]
  assert.equal((await act(a.staff, first, 'accept', { grams: TEN })).status, 200)
  const [lost] = (await offersOf(caseId)).filter(({ id }) => id === second)
  assert.deepEqual([lost?.state, lost?.reason], ['cancelled', 'all_given'])
  await act(a.staff, first, 'withdraw', { reason: '车坏了' })
  await runNow()
  const [again] = await offersOf(caseId)
  assert.deepEqual([again?.merchant.id, again?.state], [b.id, 'open'])
})

test('a case whose only point is its county lies where another of that county was pointed at', async () => {
  await clearTheMarket()
  await world.merchant({ name: '近仓', reachKm: 330 })
  const caseId = await world.reliefCase({ grams: TEN })
  await world.app.platform.db.query('update relief_cases set lng_e5 = null, lat_e5 = null where id = $1', [caseId])
  await runNow()
  // By the city of the province it would be no way at all.
  assert.ok(((await matchOf(caseId)).proposals[0]?.why.km ?? 0) > 200)
})
