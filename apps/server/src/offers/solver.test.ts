/** A solver that fails, runs out of time or does not stop: the desk is told, and what was agreed stays as it is. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DEFAULT_RULES, type Instance } from '@chunbo/matching'
import type { OffersContext } from './context.ts'
import { createMatcher } from './matcher.ts'
import { runMatch } from './run-match.ts'
import { createSolver, type SolveInWorker } from './solve-in-worker.ts'
import { createOfferWorld, type OfferWorld, TODAY, TONNE_G } from './testing/offer-world.ts'

let world: OfferWorld
before(async () => {
  world = await createOfferWorld()
})
after(() => world.close())

/** The slice's context with another solver. */
function contextWith(solve: SolveInWorker): OffersContext {
  const { platform, slices } = world.app
  return {
    platform,
    identity: slices.identity,
    merchants: slices.merchants,
    relief: slices.relief,
    solve,
    qualityOf: async () => new Map(),
    wake: () => {},
    told: () => {},
  }
}

/** 150 alerts and 120 merchants in one province, so that the best plan is not found at once. */
function bigInstance(): Instance {
  const place = (index: number) => ({
    lngE5: 10_000_000 + index * 9_173,
    latE5: 2_400_000 + ((index * 7_919) % 200_000),
  })
  return {
    version: 1,
    startDay: TODAY,
    days: 14,
    alerts: Array.from({ length: 150 }, (_, index) => ({
      id: `a${index}`,
      produce: 'pea-pod',
      family: 'vegetable/pod',
      grams: (3 + (index % 11)) * TONNE_G + index * 137,
      pickFrom: index % 5,
      pickTo: 6 + (index % 5),
      pickedOn: null,
      ambientLifeDays: 5,
      coldLifeDays: 9,
      needsCold: index % 7 === 0,
      floorFenPerKg: null,
      grade: null,
      ...place(index),
      region: 530823,
      listed: index % 2 === 0,
      households: index,
      merchantsMax: 2,
    })),
    merchants: Array.from({ length: 120 }, (_, index) => ({
      id: `m${index}`,
      produce: ['pea-pod'],
      families: [],
      grades: [],
      regions: [],
      reachKm: 900,
      capacityG: (2 + (index % 4)) * TONNE_G + index * 77,
      capTotalG: 40 * TONNE_G,
      lotMinG: TONNE_G + (index % 3) * 500_000,
      cold: index % 2 === 0,
      packingDays: 1,
      kmPerDay: 800,
      ...place(index * 3 + 1),
      offersFenPerKg: { '*': 300 },
      reliabilityPermille: 700 + index,
    })),
    frozen: [],
    excluded: [],
    rules: DEFAULT_RULES,
  }
}

test('a solver that runs out of time gives its best plan with the gap, and never holds up the server', async () => {
  const solver = createSolver(0.05)
  let ticks = 0
  const ticking = setInterval(() => ticks++, 5)
  const plan = await solver(bigInstance())
  clearInterval(ticking)
  assert.equal(plan.status, 'time_limit')
  assert.ok(plan.gap > 0 && plan.boundFen <= plan.objectiveFen)
  assert.ok(plan.flows.length > 0)
  // The event loop went on while the thread computed.
  assert.ok(ticks > 5, `${ticks} ticks`)
})

test('a solver that does not stop is ended', async () => {
  const solver = createSolver(60, -59.9)
  await assert.rejects(solver(bigInstance()), /no plan after/)
  await solver.close()
})

test('a server that closes waits for no plan, and keeps no run of it', async () => {
  const solver = createSolver(60)
  const under = assert.rejects(solver(bigInstance()), { code: 'server.closing' })
  await solver.close()
  await under
  await assert.rejects(solver(bigInstance()), { code: 'server.closing' })
  const runs = () => world.app.platform.db.query('select id from match_runs')
  const before = await runs()
  await assert.rejects(runMatch(contextWith(solver), 'test', null), { code: 'server.closing' })
  assert.deepEqual(await runs(), before)
})

test('runs that wait behind one are not begun once the matcher closes', async () => {
  const begun: string[] = []
  const matcher = createMatcher(world.app.platform.log, async (cause) => begun.push(cause))
  matcher.start()
  const first = matcher.run('first', null)
  const second = assert.rejects(matcher.run('second', null), { code: 'server.closing' })
  await first
  await Promise.all([matcher.close(), second])
  await assert.rejects(matcher.run('later', null), { code: 'server.closing' })
  assert.deepEqual(begun, ['first'])
})

test('a run out of time makes offers of what it has, and says how far from the best it may be', async () => {
  const { id } = await world.merchant()
  const caseId = await world.reliefCase()
  const real = createSolver()
  const context = contextWith(async (instance) => ({ ...(await real(instance)), status: 'time_limit', gap: 0.0321 }))
  const runId = await runMatch(context, 'test', null)
  const said = (await world.ask(world.desk, 'GET', `/api/relief/cases/${caseId}/match`)).body
  assert.deepEqual(
    (({ id: run, status, gapPermille, offersMade }) => ({ run, status, gapPermille, offersMade }))(
      said.latest as Record<string, unknown>,
    ),
    { run: runId, status: 'time_limit', gapPermille: 32, offersMade: 1 },
  )
  const offers = (await world.ask(world.desk, 'GET', `/api/relief/cases/${caseId}/offers`)).body.items
  assert.deepEqual(
    offers.map(({ merchant }) => merchant),
    [{ id, name: '鲜际' }],
  )
})

test('a solver that fails is told to the desk, and a case that nobody has goes back', async () => {
  const { id } = await world.merchant()
  const caseId = await world.reliefCase()
  const offerId = await world.offer(caseId, id, TONNE_G)
  await world.app.platform.db.query(`update offers set state = 'expired' where id = $1`, [offerId])
  const context = contextWith(() => Promise.reject(new Error('out of memory')))
  await runMatch(context, 'test', null)
  const { latest } = (await world.ask(world.desk, 'GET', `/api/relief/cases/${caseId}/match`)).body
  const { status, failure, gapPermille } = latest as Record<string, unknown>
  assert.deepEqual([status, failure, gapPermille], ['failed', 'out of memory', null])
  assert.equal(await world.stageOf(caseId), 'verified')
})
