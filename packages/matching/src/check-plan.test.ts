import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPlan } from './check-plan.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'
import { solve } from './solve.ts'
import { plainAlert, plainInstance, plainMerchant } from './testing/draw-instance.ts'

const instance = plainInstance({
  alerts: [plainAlert(), plainAlert({ id: 'a2', lngE5: 10_050_000 })],
  merchants: [plainMerchant(), plainMerchant({ id: 'm2' })],
})
const plan = await solve(instance)
const rules = (changed: Instance, of: Plan = plan) => new Set(checkPlan(changed, of).map(({ rule }) => rule))

test('a sound plan passes', () => {
  assert.ok(plan.flows.length > 1)
  assert.deepEqual(checkPlan(instance, plan), [])
})

test('a plan that does not belong to the instance is found out, condition by condition', () => {
  const alerts = (changes: Parameters<typeof plainAlert>[0]) => ({
    ...instance,
    alerts: instance.alerts.map((alert) => ({ ...alert, ...changes })),
  })
  const merchants = (changes: Parameters<typeof plainMerchant>[0]) => ({
    ...instance,
    merchants: instance.merchants.map((merchant) => ({ ...merchant, ...changes })),
  })
  const excluded = plan.flows.slice(0, 1).map(({ alertId, merchantId }) => ({ alertId, merchantId, reason: 'no' }))
  const cases: Array<[string, Instance]> = [
    ['refused', { ...instance, excluded }],
    ['produce', merchants({ families: ['fruit'] })],
    ['grade', { ...merchants({ grades: ['A'] }), alerts: instance.alerts.map((alert) => ({ ...alert, grade: 'B' })) }],
    ['region', merchants({ regions: [44] })],
    ['reach', merchants({ reachKm: 10 })],
    [
      'cold',
      { ...merchants({ cold: false }), alerts: instance.alerts.map((alert) => ({ ...alert, needsCold: true })) },
    ],
    ['floor', alerts({ floorFenPerKg: 301 })],
    ['window', alerts({ pickFrom: 5 })],
    ['life', alerts({ ambientLifeDays: 0, coldLifeDays: 0 })],
    ['lot_minimum', merchants({ lotMinG: 6_000_000 })],
    ['supply', alerts({ grams: 9_999_999 })],
    ['capacity', merchants({ capacityG: 4_999_999 })],
    ['cap_total', merchants({ capTotalG: 1 })],
    ['fair_share', { ...instance, rules: { ...instance.rules, shareMaxPermille: 1, shareFreeG: 0 } }],
    ['frozen', { ...instance, frozen: [{ alertId: 'a1', merchantId: 'm1', day: 0, grams: 1 }] }],
    ['cost', { ...instance, rules: { ...instance.rules, freightFenPerTonneKm: 51 } }],
  ]
  for (const [rule, changed] of cases) assert.ok(rules(changed).has(rule), `${rule}: ${[...rules(changed)]}`)
})

test('too many merchants, lots twice, wrong sums and bounds are found out', () => {
  const [first] = plan.flows
  assert.ok(first !== undefined)
  assert.ok(rules(instance, { ...plan, flows: [...plan.flows, first] }).has('flow'))
  const spread = { ...plan, flows: instance.merchants.map(({ id }) => ({ ...first, merchantId: id })) }
  assert.ok(
    rules({ ...instance, alerts: instance.alerts.map((alert) => ({ ...alert, merchantsMax: 1 })) }, spread).has(
      'merchants_max',
    ),
  )
  assert.ok(rules(instance, { ...plan, objectiveFen: plan.objectiveFen - 1 }).has('cost'))
  assert.ok(rules(instance, { ...plan, boundFen: plan.objectiveFen + 1 }).has('bound'))
  assert.ok(rules(instance, { ...plan, unsold: [{ alertId: 'a1', grams: 5, costFen: 3, reasons: [] }] }).has('unsold'))
})
