import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { afterHole, aheadOf, nearEnd, removableUntil, type Spans } from './buffered.ts'

/** Pieces in order with holes between them, as a browser lists them. */
const spans: fc.Arbitrary<Spans> = fc
  .array(fc.tuple(fc.double({ min: 0.2, max: 30, noNaN: true }), fc.double({ min: 0.2, max: 30, noNaN: true })), {
    maxLength: 6,
  })
  .map((steps) => {
    let atS = 0
    return steps.map(([holeS, lengthS]): [number, number] => {
      const fromS = atS + holeS
      atS = fromS + lengthS
      return [fromS, atS]
    })
  })
const moment = fc.double({ min: 0, max: 200, noNaN: true })

test('what lies ready is counted from where it plays', () => {
  const ready: Spans = [
    [0, 2],
    [3, 5],
  ]
  assert.equal(aheadOf(ready, 0.5), 1.5)
  assert.equal(aheadOf(ready, 2.5), 0)
  assert.equal(aheadOf(ready, 2.97), 5 - 2.97)
  assert.equal(afterHole(ready, 2), 3.001)
  assert.equal(afterHole(ready, 1.5), null)
  assert.equal(afterHole(ready, 5), null)
})

test('the newest moment lies inside its piece, whose first instant a browser may look for in the hole before', () => {
  assert.equal(nearEnd([3, 5], 0.5), 4.5)
  assert.equal(nearEnd([3, 3.2], 0.5), 3.001)
})

test('a seam is no hole until the browser stops at it', () => {
  const seam: Spans = [
    [0, 2],
    [2.04, 5],
  ]
  assert.equal(afterHole(seam, 2), null)
  assert.equal(afterHole(seam, 2, true), 2.041)
  assert.equal(afterHole(seam, 2.04, true), null)
})

test('what is left of a piece before a break is given up where the browser stops in it', () => {
  // As Chromium stood at the end of a host's break: the sound of the piece went on to 4.4, its picture did not.
  const broken: Spans = [
    [0, 4.4],
    [4.661, 7.941],
  ]
  assert.equal(afterHole(broken, 4.302571), null)
  assert.equal(afterHole(broken, 4.302571, true), 4.662)
  assert.equal(afterHole(broken, 3, true), null)
})

test('a hole is jumped forward, to something that can be played', () => {
  fc.assert(
    fc.property(spans, moment, fc.boolean(), (ready, atS, isStuck) => {
      const toS = afterHole(ready, atS, isStuck)
      if (toS === null) return
      assert.ok(toS > atS)
      assert.ok(aheadOf(ready, toS) > 0)
    }),
  )
})

test('what plays and what comes is never removed, and removing is seldom', () => {
  fc.assert(
    fc.property(spans, moment, fc.boolean(), (ready, atS, isFull) => {
      const untilS = removableUntil(ready, atS, isFull)
      if (untilS === null) return
      assert.ok(untilS <= atS - 1)
      assert.ok(untilS > (ready[0]?.[0] ?? 0))
      if (!isFull) assert.ok(atS - untilS >= 8 && untilS - (ready[0]?.[0] ?? 0) >= 12)
    }),
  )
})
