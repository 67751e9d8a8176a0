import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHarvestedIn } from './season.ts'

test('a season over the new year holds both ends, a month alone itself, nothing holds nothing', () => {
  const monthsOf = (text: string) => Array.from({ length: 12 }, (_, at) => at + 1).filter((m) => isHarvestedIn(text, m))
  assert.deepEqual(monthsOf('11-2'), [1, 2, 11, 12])
  assert.deepEqual(monthsOf('3-5,9'), [3, 4, 5, 9])
  assert.deepEqual(monthsOf(''), [])
})
