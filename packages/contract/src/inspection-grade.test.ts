import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GRADES, PRODUCE_FAMILIES } from './catalogue.ts'
import { gradeBatch, type Measurements, RESIDUES } from './inspection-grade.ts'
import { type Defect, planOf, samplesOf } from './inspection-plan.ts'

const rank = (plan: ReturnType<typeof planOf>, measured: Measurements) => {
  const { grade, verdict } = gradeBatch(plan, measured)
  return verdict === 'fail' ? GRADES.length : GRADES.indexOf(grade)
}

const batch = fc
  .record({ family: fc.constantFrom(...PRODUCE_FAMILIES, null), grams: fc.integer({ min: 1, max: 20_000_000 }) })
  .chain(({ family, grams }) => {
    const plan = planOf(family, grams)
    const times = { minLength: plan.samples, maxLength: plan.samples }
    return fc.record({
      plan: fc.constant(plan),
      sugar: fc.array(fc.integer({ min: 60, max: 180 }), times),
      size: fc.array(fc.integer({ min: 30, max: 90 }), times),
      defects: fc.array(fc.integer({ min: 0, max: 12 }), {
        minLength: plan.defects.length,
        maxLength: plan.defects.length,
      }),
      residue: fc.constantFrom(...RESIDUES, null),
    })
  })
const measuredOf = ({
  plan,
  sugar,
  size,
  defects,
  residue,
}: typeof batch extends fc.Arbitrary<infer T> ? T : never) => ({
  sugar,
  size,
  pieces: plan.pieces,
  defects: Object.fromEntries(plan.defects.map((kind, at) => [kind, defects[at] ?? 0])) as Record<Defect, number>,
  residue,
})

test('worse measurements never give a better grade', () => {
  fc.assert(
    fc.property(batch, fc.nat({ max: 40 }), fc.nat({ max: 20 }), fc.nat(), (drawn, less, more, at) => {
      const measured = measuredOf(drawn)
      const worst = rank(drawn.plan, measured)
      const place = at % drawn.plan.samples
      const sugar = measured.sugar.map((each, n) => (n === place ? Math.max(0, each - less) : each))
      const largest = measured.size.indexOf(Math.max(...measured.size))
      const size = measured.size.map((each, n) => (n === largest ? each + more : each))
      const kind = drawn.plan.defects[at % drawn.plan.defects.length] ?? 'rot'
      const defects = { ...measured.defects, [kind]: (measured.defects[kind] ?? 0) + more }
      for (const worse of [
        { sugar },
        { size },
        { defects },
        { residue: 'positive' as const },
        { sugar, size, defects },
      ]) {
        assert.ok(rank(drawn.plan, { ...measured, ...worse }) >= worst)
      }
    }),
  )
})

test('a measure that is missing is never better than one that was taken, and untested goods are not special', () => {
  fc.assert(
    fc.property(batch, (drawn) => {
      const measured = measuredOf(drawn)
      assert.ok(rank(drawn.plan, { ...measured, sugar: measured.sugar.slice(1) }) >= rank(drawn.plan, measured))
      const untested = rank(drawn.plan, { ...measured, residue: 'not_done' })
      assert.ok(untested >= rank(drawn.plan, { ...measured, residue: 'negative' }))
      if (drawn.plan.residue) assert.ok(untested >= 1)
    }),
  )
})

test('more grams never need fewer samples, from 5 to 15', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000_000 }), fc.nat({ max: 100_000_000 }), (a, b) => {
      assert.ok(samplesOf(Math.max(a, b)) >= samplesOf(Math.min(a, b)))
    }),
  )
  assert.deepEqual([1, 1_000_000, 1_000_001, 10_000_000, 10_000_001].map(samplesOf), [5, 5, 7, 10, 15])
})
