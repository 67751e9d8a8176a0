import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkPlan } from './check-plan.ts'
import { roadKm, unitCost, unsoldFenPerTonne } from './fit.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'
import { readInstance } from './read-instance.ts'
import { greedy, solve } from './solve.ts'
import { instances, plainAlert, plainInstance, plainMerchant } from './testing/draw-instance.ts'

const sumBy = (plan: Plan, key: (flow: Plan['flows'][number]) => string) => {
  const sums = new Map<string, number>()
  for (const flow of plan.flows) sums.set(key(flow), (sums.get(key(flow)) ?? 0) + flow.grams)
  return sums
}

test('no flow breaks a condition, sums stay within supply and capacity, and no plan costs more than the greedy one', async () => {
  await fc.assert(
    fc.asyncProperty(instances, async (drawn) => {
      const instance = readInstance(drawn)
      const plan = await solve(instance, { seconds: 20 })
      assert.deepEqual(checkPlan(instance, plan), [])
      const byGreed = greedy(instance)
      assert.deepEqual(checkPlan(instance, byGreed), [])
      assert.ok(plan.objectiveFen <= byGreed.objectiveFen, `${plan.objectiveFen} > ${byGreed.objectiveFen}`)
      assert.ok(plan.boundFen <= plan.objectiveFen)
      assert.equal(plan.status === 'infeasible', plan.clashes.length > 0)
      if (plan.clashes.length > 0) return
      const soldG = sumBy(plan, ({ alertId }) => alertId)
      for (const { id, grams } of instance.alerts) assert.ok((soldG.get(id) ?? 0) <= grams)
    }),
    { numRuns: 150 },
  )
})

test('every gram is sold or unsold with a reason, and frozen flows are kept', async () => {
  await fc.assert(
    fc.asyncProperty(instances, async (instance) => {
      const plan = await solve(instance, { seconds: 20 })
      for (const { alertId, merchantId, day, grams } of instance.frozen)
        assert.ok(
          plan.flows.some(
            (flow) =>
              flow.frozen &&
              flow.alertId === alertId &&
              flow.merchantId === merchantId &&
              flow.day === day &&
              flow.grams === grams,
          ),
        )
      for (const { reasons } of plan.unsold)
        assert.equal(
          reasons.reduce((sum, { merchants }) => sum + merchants, 0),
          instance.merchants.length,
        )
      for (const { alertId, proposals } of plan.explanations)
        assert.deepEqual(
          new Set(proposals.map(({ merchantId }) => merchantId)),
          new Set(plan.flows.filter((flow) => flow.alertId === alertId).map(({ merchantId }) => merchantId)),
        )
    }),
    { numRuns: 60 },
  )
})

test('the same instance and options give the same plan', async () => {
  await fc.assert(
    fc.asyncProperty(instances, async (instance) => {
      const without = async () => ({ ...(await solve(instance, { seconds: 60 })), seconds: 0 })
      assert.deepEqual(await without(), await without())
    }),
    { numRuns: 25 },
  )
})

/** All ways to give whole tonnes of every alert to merchants on days, by counting: small instances only. */
function cheapestByCounting(
  { alerts, merchants, days }: Instance,
  costOf: (a: number, m: number, day: number) => number,
  unsoldFen: (a: number) => number,
): number {
  const left = alerts.map(({ grams }) => grams / 1e6)
  const room = merchants.map(({ capacityG }) => Array.from({ length: days }, () => Number(capacityG) / 1e6))
  const lots: Array<[a: number, m: number, day: number]> = []
  alerts.forEach((_alert, a) => {
    merchants.forEach((_merchant, m) => {
      for (let day = 0; day < days; day += 1) lots.push([a, m, day])
    })
  })
  const visit = (index: number, used: ReadonlyArray<ReadonlySet<number>>): number => {
    const lot = lots[index]
    if (lot === undefined) return left.reduce((sum, tonnes, a) => sum + tonnes * unsoldFen(a), 0)
    const [a, m, day] = lot
    let best = visit(index + 1, used)
    const slotsUsed = used[a] ?? new Set()
    if (!slotsUsed.has(m) && slotsUsed.size >= (alerts[a]?.merchantsMax ?? 0)) return best
    const mostT = Math.min(left[a] ?? 0, room[m]?.[day] ?? 0)
    for (let tonnes = (merchants[m]?.lotMinG ?? 0) / 1e6; tonnes <= mostT; tonnes += 1) {
      left[a] = (left[a] ?? 0) - tonnes
      const rooms = room[m] as number[]
      rooms[day] = (rooms[day] ?? 0) - tonnes
      best = Math.min(
        best,
        tonnes * costOf(a, m, day) +
          visit(
            index + 1,
            used.map((set, at) => (at === a ? new Set([...set, m]) : set)),
          ),
      )
      left[a] = (left[a] ?? 0) + tonnes
      rooms[day] = (rooms[day] ?? 0) + tonnes
    }
    return best
  }
  return visit(
    0,
    alerts.map(() => new Set()),
  )
}

test('small instances in whole tonnes are solved to what counting every plan gives', async () => {
  const drawn = fc.record({
    tonnes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 2 }),
    capacity: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
    lotT: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
    lng: fc.array(fc.integer({ min: 9_800_000, max: 10_600_000 }), { minLength: 4, maxLength: 4 }),
    merchantsMax: fc.integer({ min: 1, max: 2 }),
  })
  await fc.assert(
    fc.asyncProperty(drawn, async ({ tonnes, capacity, lotT, lng, merchantsMax }) => {
      const instance = plainInstance({
        days: 2,
        alerts: tonnes.map((amount, n) =>
          plainAlert({ id: `a${n}`, grams: amount * 1e6, lngE5: lng[n] ?? 0, merchantsMax }),
        ),
        merchants: capacity.map((amount, n) =>
          plainMerchant({
            id: `m${n}`,
            capacityG: amount * 1e6,
            lotMinG: (lotT[n] ?? 1) * 1e6,
            lngE5: lng[n + 2] ?? 0,
          }),
        ),
      })
      const plan = await solve(instance)
      const [a, m] = [
        (n: number) => instance.alerts[n] ?? plainAlert(),
        (n: number) => instance.merchants[n] ?? plainMerchant(),
      ]
      const wantedFen = cheapestByCounting(
        instance,
        (from, to, day) =>
          unitCost(a(from), m(to), roadKm(a(from), m(to), instance.rules), day, instance.rules).totalFen,
        (from) => unsoldFenPerTonne(a(from), instance.rules),
      )
      assert.ok(Math.abs(plan.objectiveFen - wantedFen) <= 20, `${plan.objectiveFen}, counted ${wantedFen}`)
      assert.ok(plan.boundFen <= wantedFen + 20)
      assert.equal(plan.status, 'optimal')
    }),
    { numRuns: 40 },
  )
})
