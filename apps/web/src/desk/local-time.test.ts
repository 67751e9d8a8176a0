import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromLocalField, proposedStart, toLocalField } from './local-time.ts'

const MINUTE_MS = 60_000

test('a minute written into the field reads back as itself', () => {
  // Away from the hour that the clocks change, where one local time means two instants.
  const minutes = fc.integer({ min: 29_000_000, max: 31_000_000 })
  fc.assert(
    fc.property(minutes, (minute) => {
      const atMs = minute * MINUTE_MS
      const back = fromLocalField(toLocalField(atMs))
      const offsetBefore = new Date(atMs - 2 * 3_600_000).getTimezoneOffset()
      const offsetAfter = new Date(atMs + 2 * 3_600_000).getTimezoneOffset()
      if (offsetBefore === offsetAfter) assert.equal(back, atMs)
    }),
  )
})

test('an empty or half-filled field holds no instant', () => {
  assert.equal(fromLocalField(''), undefined)
  assert.equal(fromLocalField('2026-13-40T99:99'), undefined)
})

test('the proposed start is a full hour at least half an hour away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (nowMs) => {
      const start = proposedStart(nowMs)
      assert.equal(start % 3_600_000, 0)
      assert.ok(start - nowMs >= 1_800_000 && start - nowMs < 5_400_000)
    }),
  )
})
