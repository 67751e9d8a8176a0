import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldText, proposedFlashFen, readFlashPrice } from './flash-price.ts'

test('reads a price as people type it and refuses one that is no offer', () => {
  assert.deepEqual(readFlashPrice('19.9', 2990), { fen: 1990 })
  assert.deepEqual(readFlashPrice('１９。９', 2990), { fen: 1990 })
  assert.deepEqual(readFlashPrice('', 2990), { trouble: 'required' })
  assert.deepEqual(readFlashPrice('abc', 2990), { trouble: 'notNumber' })
  assert.deepEqual(readFlashPrice('0', 2990), { trouble: 'notZero' })
  assert.deepEqual(readFlashPrice('29.90', 2990), { trouble: 'notLess' })
})

test('what is proposed is always an offer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100_000_000 }), (wasFen) => {
      const fen = proposedFlashFen(wasFen)
      assert.ok(fen >= 1 && fen < wasFen, `${fen} of ${wasFen}`)
    }),
  )
  assert.equal(proposedFlashFen(2990), 2690)
})

test('a discount in tenths', () => {
  assert.equal(foldText(1990, 2990), '6.7')
  assert.equal(foldText(800, 1000), '8')
})
