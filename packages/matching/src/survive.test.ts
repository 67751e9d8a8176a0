import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPlan } from './check-plan.ts'
import type { Alert, Frozen, Merchant } from './instance.ts'
import { readInstance } from './read-instance.ts'
import { solve } from './solve.ts'
import { plainAlert, plainInstance, plainMerchant } from './testing/draw-instance.ts'

const lot = (changes: Partial<Frozen> = {}): Frozen => ({
  alertId: 'a1',
  merchantId: 'm1',
  day: 0,
  grams: 1_000_000,
  ...changes,
})
const conditionsOf = (plan: Awaited<ReturnType<typeof solve>>) => plan.clashes.map(({ condition }) => condition).sort()

test('an infeasible instance says which conditions clash, and the rest is planned round them', async () => {
  const instance = plainInstance({
    alerts: [plainAlert({ grams: 20_000_000 }), plainAlert({ id: 'a2', merchantsMax: 1 })],
    merchants: [
      plainMerchant(),
      plainMerchant({ id: 'm2', capTotalG: 6_000_000, reachKm: 1 }),
      plainMerchant({ id: 'm3' }),
    ],
    frozen: [
      lot({ grams: 6_000_000 }),
      lot({ merchantId: 'm2', day: 1, grams: 5_000_000 }),
      lot({ merchantId: 'm2', day: 2, grams: 5_000_000 }),
      lot({ alertId: 'a2', day: 3, grams: 4_000_000 }),
      lot({ alertId: 'a2', merchantId: 'm3', day: 3, grams: 4_000_000 }),
    ],
  })
  const plan = await solve(instance)
  assert.equal(plan.status, 'infeasible')
  assert.deepEqual(conditionsOf(plan), ['cap_total', 'capacity', 'merchants_max', 'reach'])
  const capacity = plan.clashes.find(({ condition }) => condition === 'capacity')
  assert.deepEqual(
    { ...capacity, text: '' },
    { condition: 'capacity', alertId: null, merchantId: 'm1', day: 0, wanted: 6_000_000, allowed: 5_000_000, text: '' },
  )
  assert.match(capacity?.text ?? '', /m1, day 0: frozen flows ask for 6000000, the condition "capacity" allows 5000000/)
  assert.deepEqual(checkPlan(instance, plan), [])
  assert.ok(
    plan.flows.some(({ frozen, alertId }) => !frozen && alertId === 'a2'),
    'what is left of a2 is still planned',
  )
})

test('frozen flows beyond the supply clash with it; what a person overruled does not clash with the conditions of the pair', async () => {
  const tooMuch = await solve(
    plainInstance({ frozen: [lot({ grams: 5_000_000 }), lot({ day: 1, grams: 5_000_000 }), lot({ day: 2 })] }),
  )
  assert.deepEqual(conditionsOf(tooMuch), ['supply'])
  assert.equal(tooMuch.grams.unsold, 0)
  const far = plainInstance({
    merchants: [plainMerchant({ reachKm: 1, cold: false, lotMinG: 9_000_000 })],
    frozen: [lot()],
  })
  assert.deepEqual(conditionsOf(await solve(far)), ['reach'])
  assert.deepEqual(conditionsOf(await solve({ ...far, frozen: [lot({ overruled: true })] })), [])
})

test('a lot that was fetched in time is no clash when its window has passed since', async () => {
  const instance = plainInstance({ alerts: [plainAlert({ pickFrom: -5, pickTo: -1 })], frozen: [lot({ day: -2 })] })
  const plan = await solve(instance)
  assert.deepEqual(plan.clashes, [])
  assert.deepEqual(checkPlan(instance, plan), [])
})

test('a solver without time gives the best plan so far with its gap', async () => {
  const many = Array.from({ length: 120 }, (_, n) => n)
  const instance = plainInstance({
    days: 14,
    alerts: many.map((n) =>
      plainAlert({ id: `a${n}`, pickTo: 13, grams: 3_000_000 + n * 700_000, lngE5: 10_000_000 + n * 9_000 }),
    ),
    merchants: many.map((n) =>
      plainMerchant({ id: `m${n}`, capTotalG: 9_000_000, lngE5: 10_300_000 - n * 8_000, latE5: 2_400_000 + n * 2_000 }),
    ),
  })
  const start = performance.now()
  const plan = await solve(instance, { seconds: 0.001 })
  assert.ok(performance.now() - start < 5_000)
  assert.equal(plan.status, 'time_limit')
  assert.ok(plan.flows.length > 100 && plan.gap > 0 && Number.isFinite(plan.gap), `gap ${plan.gap}`)
  assert.deepEqual(checkPlan(instance, plan), [])
})

const single = async (alert: Partial<Alert>, merchant: Partial<Merchant>) => {
  const instance = readInstance(plainInstance({ alerts: [plainAlert(alert)], merchants: [plainMerchant(merchant)] }))
  const plan = await solve(instance)
  assert.deepEqual(checkPlan(instance, plan), [])
  return plan
}

test('1 g is unsold for the minimum lot, and sold to a merchant without one', async () => {
  const refused = await single({ grams: 1 }, {})
  assert.deepEqual(
    refused.unsold.map(({ grams, reasons }) => ({ grams, reasons })),
    [{ grams: 1, reasons: [{ condition: 'lot_minimum', merchants: 1 }] }],
  )
  const sold = await single({ grams: 1 }, { lotMinG: 0 })
  assert.deepEqual(
    sold.flows.map(({ grams }) => grams),
    [1],
  )
})

test('100,000 t go as far as capacity, working capital and fairness let them, to the gram', async () => {
  const grams = 100_000_000_000
  const plan = await single({ grams }, { capTotalG: 999_999_999_999, capacityG: 2_000_000_001 })
  assert.equal(plan.grams.sold, 7 * 2_000_000_001)
  assert.equal(plan.grams.sold + plan.grams.unsold, grams)
  const fair = await single({ grams }, { capTotalG: 999_999_999_999, capacityG: 90_000_000_000 })
  assert.equal(fair.grams.sold, grams / 5)
})

test('a window that ended yesterday leaves what is on the plant, not what is picked', async () => {
  const late = await single({ pickFrom: -4, pickTo: -1 }, {})
  assert.deepEqual(late.flows, [])
  assert.deepEqual(late.unsold[0]?.reasons, [{ condition: 'window', merchants: 1 }])
  const picked = await single({ pickFrom: -4, pickTo: -1, pickedOn: -1 }, {})
  assert.equal(picked.grams.unsold, 0)
  const old = await single({ pickFrom: -30, pickTo: -1, pickedOn: -20 }, {})
  assert.deepEqual(old.unsold[0]?.reasons, [{ condition: 'life', merchants: 1 }])
})

test('a merchant with no capacity gets nothing, and it is said why', async () => {
  for (const changes of [{ capacityG: 0 }, { capTotalG: 0 }, { capacityG: [0, 0, 0, 0, 0, 0, 0] }]) {
    const plan = await single({}, changes)
    assert.deepEqual(plan.unsold[0]?.reasons, [{ condition: 'capacity', merchants: 1 }])
    assert.equal(plan.explanations[0]?.excluded[0]?.condition, 'capacity')
  }
})

test('two alerts that compete for the last grams never get more than there are', async () => {
  const instance = plainInstance({
    days: 1,
    alerts: [plainAlert({ grams: 3_000_000, listed: false }), plainAlert({ id: 'a2', grams: 3_000_000 })],
    merchants: [plainMerchant({ capacityG: 3_000_001, lotMinG: 1_000_000 })],
  })
  const plan = await solve(instance)
  assert.deepEqual(checkPlan(instance, plan), [])
  // The listed county is served first; the gram that is left is no lot.
  assert.deepEqual(
    plan.flows.map(({ alertId, grams }) => [alertId, grams]),
    [['a2', 3_000_000]],
  )
  assert.deepEqual(plan.unsold[0]?.reasons, [{ condition: 'full', merchants: 1 }])
})

test('nothing to match is a plan too', async () => {
  for (const changes of [{ alerts: [] }, { merchants: [] }, { alerts: [], merchants: [] }]) {
    const plan = await solve(plainInstance(changes))
    assert.deepEqual([plan.status, plan.flows.length, plan.gap], ['optimal', 0, 0])
  }
})
