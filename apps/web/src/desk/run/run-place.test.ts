import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currentIndex, nextItem, overrunMs, plannedMinutes, startTimes } from './run-place.ts'

const MINUTE_MS = 60_000
const item = (id: number, minutes: number) => ({ id, titleZh: '', minutes, script: '', skuId: null, findings: [] })
const items = [item(1, 5), item(2, 10), item(3, 5)]

test('before the first item the first is next, at the end nothing is', () => {
  assert.equal(nextItem({ items, current: null })?.id, 1)
  assert.equal(nextItem({ items, current: { itemId: 2, sinceMs: 0 } })?.id, 3)
  assert.equal(nextItem({ items, current: { itemId: 3, sinceMs: 0 } }), undefined)
  assert.equal(nextItem(undefined), undefined)
  assert.equal(currentIndex({ items, current: { itemId: 9, sinceMs: 0 } }), -1)
  assert.equal(plannedMinutes(items), 20)
})

test('an item that runs over pushes what comes after it', () => {
  const onTime = startTimes({ items, current: null }, 0, 0)
  assert.deepEqual(onTime, [0, 5 * MINUTE_MS, 15 * MINUTE_MS])
  const late = startTimes({ items, current: { itemId: 2, sinceMs: 5 * MINUTE_MS } }, 0, 20 * MINUTE_MS)
  assert.deepEqual(late, [undefined, 5 * MINUTE_MS, 20 * MINUTE_MS])
  assert.equal(overrunMs(item(2, 10), 5 * MINUTE_MS, 20 * MINUTE_MS), 5 * MINUTE_MS)
})
