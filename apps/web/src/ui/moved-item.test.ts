import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { movedItem } from './moved-item.ts'

test('moves one item and keeps the order of the others', () => {
  assert.deepEqual(movedItem(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a'])
  assert.deepEqual(movedItem(['a', 'b', 'c'], 2, -5), ['c', 'a', 'b'])
  assert.deepEqual(movedItem(['a', 'b'], 7, 0), ['a', 'b'])
})

test('loses and doubles nothing, and can be undone', () => {
  const list = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(list, fc.nat(29), fc.nat(29), (items, a, b) => {
      const [from, to] = [a % items.length, b % items.length]
      const moved = movedItem(items, from, to)
      assert.equal(moved[to], items[from])
      assert.deepEqual(movedItem(moved, to, from), items)
    }),
  )
})
