import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coversMonth } from './harvest.ts'

const months = (from: string, to: string) =>
  Array.from({ length: 12 }, (_, at) => at + 1).filter((n) => coversMonth(from, to, n))

test('a harvest over the turn of the year touches both ends', () => {
  assert.deepEqual(months('2026-12-05', '2027-04-02'), [1, 2, 3, 4, 12])
})

test('a harvest within a month touches that month, one of a year or more touches all', () => {
  assert.deepEqual(months('2027-03-01', '2027-03-31'), [3])
  assert.equal(months('2026-01-01', '2028-01-01').length, 12)
})

test('days the wrong way round touch nothing', () => {
  assert.deepEqual(months('2027-03-01', '2027-02-01'), [])
})
