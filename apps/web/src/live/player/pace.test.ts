import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPacer, RATE_LEAST, RATE_MOST } from './pace.ts'

const EVERY_MS = 100

/** Plays against a stream that arrives in chunks, each late by what `lateMs` says, as a player does; gives the delay behind it at each look. */
function play(
  forMs: number,
  startBehindS: number,
  lateMs: (n: number) => number,
  { hasSettled = false, chunkMs = 66, leastTargetS = undefined as number | undefined } = {},
) {
  const pacer = createPacer(hasSettled ? -10_000 : 0, leastTargetS)
  let atMs = -startBehindS * 1000
  let rate = 1
  let endMs = 0
  let n = 0
  let stops = 0
  let isStopped = false
  const behindS: number[] = []
  const rates: number[] = []
  for (let nowMs = 0; nowMs < forMs; nowMs += EVERY_MS) {
    while ((n + 1) * chunkMs + lateMs(n) <= nowMs) endMs = Math.max(endMs, ++n * chunkMs)
    const wantedMs = atMs + EVERY_MS * rate
    atMs = Math.min(endMs, wantedMs)
    if (wantedMs > endMs && nowMs > 2_000) {
      if (!isStopped) {
        stops += 1
        pacer.stalled(nowMs)
      }
      isStopped = true
    } else isStopped = false
    const pace = pacer.look((endMs - atMs) / 1000, nowMs)
    if (pace.jump) {
      atMs = endMs - pacer.targetS * 1000
      pacer.restart(nowMs)
    } else rate = pace.rate
    behindS.push((nowMs - atMs) / 1000)
    rates.push(rate)
  }
  return { behindS, rates, stops, pacer }
}

test('on an even line it stays within 0.4 s of the stream and at the rate of 1', () => {
  const { behindS, rates } = play(20_000, 0.4, () => 0)
  assert.ok(
    behindS.slice(50).every((each) => each < 0.4),
    String(behindS.slice(50, 60)),
  )
  assert.ok(rates.slice(100).every((rate) => rate === 1))
})

test('two seconds behind are played off without a jump, in steps of at most a tenth', () => {
  const { behindS, rates } = play(60_000, 2.5, () => 0, { hasSettled: true })
  const steps = behindS.slice(1).map((each, at) => (behindS[at] ?? 0) - each)
  assert.ok(Math.max(...steps) < 0.05, 'no jump')
  assert.ok((behindS.at(-1) ?? 9) < 0.45, String(behindS.at(-1)))
  assert.equal(rates.at(-1), 1)
})

test('whoever has just come is taken to now at once, and so is whoever is far behind', () => {
  assert.equal(createPacer(0).look(1.5, 100).jump, true)
  const settled = createPacer(0)
  assert.equal(settled.look(1.5, 10_000).jump, false)
  assert.equal(settled.look(9, 12_000).jump, true)
})

test('on a line that stutters it learns to keep more, and stops no longer', () => {
  const stutter = (n: number) => (n % 30 === 0 ? 400 : 0)
  const { stops, pacer, behindS } = play(120_000, 0, stutter)
  assert.ok(stops < 15, `${stops} stops`)
  assert.ok(pacer.targetS <= 1.2)
  assert.ok(Math.max(...behindS.slice(300)) < 2)
})

test('with parts of 200 ms it comes as near as two of them allow, also from a second behind, without a stop', () => {
  const { behindS, stops } = play(40_000, 1.1, (n) => (n % 7) * 10, {
    hasSettled: true,
    chunkMs: 200,
    leastTargetS: 0.4,
  })
  assert.equal(stops, 0)
  const last = behindS.slice(-50)
  assert.ok(Math.max(...last) < 0.85 && Math.min(...last) > 0.4, `${Math.min(...last)} to ${Math.max(...last)} s`)
})

test('the rate is always one of few, and calm brings the target down to the least again', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.boolean())), (looks) => {
      const pacer = createPacer(0)
      let nowMs = 0
      for (const [aheadS, isStall] of looks) {
        nowMs += EVERY_MS
        if (isStall) pacer.stalled(nowMs)
        const { rate } = pacer.look(aheadS, nowMs)
        assert.ok(rate >= RATE_LEAST && rate <= RATE_MOST)
        assert.ok(pacer.targetS > 0 && pacer.targetS <= 1.2)
      }
      for (const startMs = nowMs; nowMs < startMs + 600_000; nowMs += EVERY_MS) pacer.look(1, nowMs)
      assert.equal(pacer.targetS, createPacer(0).targetS)
    }),
    { numRuns: 30 },
  )
})
