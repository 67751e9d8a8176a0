import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RELIEF_STAGES } from '@chunbo/contract'
import fc from 'fast-check'
import { type BoardFilter, countNarrowing, NO_FILTER, readFilter, SORTS, writeFilter } from './board-filter.ts'

const code = fc.oneof(fc.constant(0), fc.integer({ min: 110_000, max: 820_000 }))
const filter: fc.Arbitrary<BoardFilter> = fc.record(
  {
    stage: fc.constantFrom('' as const, ...RELIEF_STAGES),
    province: code,
    county: code,
    produce: fc.constantFrom('', 'garden-pea', 'navel-orange'),
    mine: fc.boolean(),
    overdue: fc.boolean(),
    listed: fc.boolean(),
    q: fc.string({ maxLength: 60 }).map((text) => text.trim()),
    sort: fc.constantFrom(...SORTS),
  },
  { noNullPrototype: true },
)

test('a filter survives the address, as it is typed, kept and opened again', () => {
  fc.assert(
    fc.property(filter, (wanted) => {
      const address = new URLSearchParams(writeFilter(wanted)).toString()
      assert.deepEqual(readFilter(Object.fromEntries(new URLSearchParams(address))), wanted)
    }),
  )
})

test('a plain board has a plain address', () => {
  assert.deepEqual(writeFilter(NO_FILTER), {})
})

test('what the address cannot mean is not asked for', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(null))),
      (query) => {
        const read = readFilter(query)
        assert.deepEqual(readFilter(writeFilter(read)), read)
      },
    ),
  )
  assert.deepEqual(readFilter({ stage: 'nowhere', province: '53', county: 'x', sort: 'best', mine: 'yes' }), NO_FILTER)
})

test('order and stage do not count as narrowing', () => {
  assert.equal(countNarrowing({ ...NO_FILTER, stage: 'reported', sort: 'due' }), 0)
  assert.equal(countNarrowing({ ...NO_FILTER, mine: true, q: '豌豆' }), 2)
})
