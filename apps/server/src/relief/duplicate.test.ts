import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareCases, type Likeness, metresBetween, PROPOSED_FROM } from './duplicate.ts'

const PEAS: Likeness = {
  produceSlug: 'pea-pod',
  produceName: '豌豆',
  family: 'pod',
  township: '锦屏镇',
  village: '新民村',
  lngE5: 10_083_000,
  latE5: 2_445_000,
  harvestFrom: '2026-11-20',
  harvestTo: '2026-12-10',
}
const scoreOf = (other: Partial<Likeness>, samePhone = false, one: Partial<Likeness> = {}) =>
  compareCases({ ...PEAS, ...one }, { ...PEAS, ...other }, samePhone)?.score ?? 0

test('the same harvest told twice is certain, another produce or season is none', () => {
  assert.deepEqual(compareCases(PEAS, PEAS, true), {
    score: 1000,
    reasons: [{ reason: 'near', metres: 0 }, { reason: 'produce' }, { reason: 'time' }, { reason: 'phone' }],
  })
  assert.equal(scoreOf({ produceSlug: 'papaya', produceName: '木瓜', family: 'tropical' }, true), 0)
  assert.equal(scoreOf({ harvestFrom: '2027-03-01', harvestTo: '2027-04-01' }, true), 0)
})

test('the same produce in the county is proposed where no more is known of the place, and not from another township', () => {
  const nowhere = { township: '', village: '', lngE5: null, latE5: null }
  assert.ok(scoreOf(nowhere) >= PROPOSED_FROM)
  const apart = { township: '文井镇', village: '清凉村', lngE5: null, latE5: null }
  assert.ok(scoreOf(apart) < PROPOSED_FROM)
  assert.ok(scoreOf({ ...apart, lngE5: 10_113_000, latE5: 2_485_000 }) < PROPOSED_FROM)
  assert.ok(scoreOf(apart, true) >= PROPOSED_FROM)
})

test('a village is the same with and without the word for it', () => {
  const unlocated = { lngE5: null, latE5: null }
  assert.equal(scoreOf({ ...unlocated, village: '新民' }), scoreOf(unlocated))
})

test('property: order does not matter, and more likeness never lowers the score', () => {
  const likeness = fc.record<Likeness>({
    produceSlug: fc.constantFrom('pea-pod', 'bean', null),
    produceName: fc.constantFrom('豌豆', '四季豆', '甜豆'),
    family: fc.constantFrom('pod', 'leafy', null),
    township: fc.constantFrom('', '锦屏镇', '文井镇'),
    village: fc.constantFrom('', '新民村', '新民'),
    lngE5: fc.option(fc.integer({ min: 10_000_000, max: 10_200_000 })),
    latE5: fc.option(fc.integer({ min: 2_400_000, max: 2_500_000 })),
    harvestFrom: fc.constantFrom('2026-11-01', '2026-11-20'),
    harvestTo: fc.constantFrom('2026-11-25', '2026-12-20'),
  })
  fc.assert(
    fc.property(likeness, likeness, (a, b) => {
      const one = compareCases(a, b, false)
      assert.deepEqual(one, compareCases(b, a, false))
      if (one === null) return
      assert.ok(one.score >= 0 && one.score <= 1000)
      const phoned = compareCases(a, b, true)?.score ?? 0
      assert.ok(phoned >= one.score)
    }),
  )
})

test('a degree of latitude is 111 km everywhere, one of longitude shrinks to the north', () => {
  assert.ok(Math.abs(metresBetween([10_000_000, 2_400_000], [10_000_000, 2_500_000]) - 111_195) < 50)
  assert.ok(
    metresBetween([10_000_000, 5_000_000], [10_100_000, 5_000_000]) <
      metresBetween([10_000_000, 2_000_000], [10_100_000, 2_000_000]),
  )
})
