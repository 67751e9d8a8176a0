import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkPlan } from './check-plan.ts'
import { resolve } from './resolve.ts'
import { solve } from './solve.ts'
import { instances, plainAlert, plainInstance, plainMerchant } from './testing/draw-instance.ts'

const many = Array.from({ length: 60 }, (_, n) => n)
const instance = plainInstance({
  alerts: many.map((n) => plainAlert({ id: `a${n}`, grams: 2_000_000 + n * 150_000, lngE5: 9_900_000 + n * 20_000 })),
  merchants: many.map((n) =>
    plainMerchant({ id: `m${n}`, reachKm: 500, capTotalG: 5_000_000, lngE5: 9_900_000 + n * 21_000 }),
  ),
})
const lotsOf = ({
  flows,
}: {
  flows: ReadonlyArray<{ alertId: string; merchantId: string; day: number; grams: number }>
}) => flows.map(({ alertId, merchantId, day, grams }) => `${alertId} ${merchantId} ${day} ${grams}`)

test('an added alert finds its place within a second, and what is far from it stays where it is', async () => {
  const previous = await solve(instance, { seconds: 1 })
  const changed = {
    ...instance,
    alerts: [...instance.alerts, plainAlert({ id: 'new', grams: 3_000_000, lngE5: 9_900_000 })],
  }
  const start = performance.now()
  const plan = await resolve(changed, previous, { alertIds: ['new'] })
  assert.ok(performance.now() - start < 2_000)
  assert.deepEqual(checkPlan(changed, plan), [])
  assert.ok(plan.flows.some(({ alertId }) => alertId === 'new'))
  const before = new Set(lotsOf(previous))
  const kept = lotsOf(plan).filter((lot) => before.has(lot))
  assert.ok(kept.length > previous.flows.length / 3, `${kept.length} of ${previous.flows.length} lots stay`)
  assert.deepEqual(
    plan.flows.filter(({ alertId }) => alertId === 'a59').map(({ merchantId }) => merchantId),
    previous.flows.filter(({ alertId }) => alertId === 'a59').map(({ merchantId }) => merchantId),
  )
  assert.equal(plan.explanations.length, changed.alerts.length)
})

test('whatever changed between two instances, resolve gives a sound plan of the second, even when it is not told what', async () => {
  await fc.assert(
    fc.asyncProperty(instances, instances, async (first, second) => {
      const previous = await solve(first, { seconds: 5 })
      const next = { ...second, days: first.days }
      const merchants = next.merchants.map((merchant) => ({
        ...merchant,
        capacityG: Array.isArray(merchant.capacityG) ? (merchant.capacityG[0] ?? 0) : merchant.capacityG,
      }))
      const changed = { ...next, merchants, frozen: next.frozen.filter(({ day }) => day < first.days) }
      const plan = await resolve(changed, previous, {})
      assert.deepEqual(checkPlan(changed, plan), [])
    }),
    { numRuns: 60 },
  )
})

test('an alert that became dearer to leave unsold without anybody saying so is counted and explained anew', async () => {
  const first = plainInstance({ alerts: [plainAlert({ id: 'a1', grams: 1_000_000, listed: false })], merchants: [] })
  const second = { ...first, alerts: first.alerts.map((alert) => ({ ...alert, listed: true })) }
  const previous = await solve(first, { seconds: 1 })
  const plan = await resolve(second, previous, {})
  assert.deepEqual(checkPlan(second, plan), [])
  assert.ok((plan.unsold[0]?.costFen ?? 0) > (previous.unsold[0]?.costFen ?? 0))
})

test('a merchant who falls out gives the lots to others; another start day is solved as a whole', async () => {
  const previous = await solve(instance, { seconds: 1 })
  const closed = {
    ...instance,
    merchants: instance.merchants.map((merchant) => (merchant.id === 'm30' ? { ...merchant, capacityG: 0 } : merchant)),
  }
  const plan = await resolve(closed, previous, { merchantIds: ['m30'] })
  assert.deepEqual(checkPlan(closed, plan), [])
  assert.ok(plan.flows.every(({ merchantId }) => merchantId !== 'm30'))
  const tomorrow = { ...instance, startDay: '2026-10-13' }
  assert.deepEqual(checkPlan(tomorrow, await resolve(tomorrow, previous, {}, { seconds: 2 })), [])
})
