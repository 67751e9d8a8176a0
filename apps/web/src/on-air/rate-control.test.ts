import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RateControl } from './rate-control.ts'

const range = { leastBps: 300_000, mostBps: 2_500_000 }

/** A network that carries so many bits a second, and what the control makes of it, twice a second. */
function run(control: RateControl, carriesBps: number, seconds: number, start = { nowMs: 0, waitingBits: 0 }) {
  let { nowMs, waitingBits } = start
  for (let i = 0; i < seconds * 2; i++) {
    nowMs += 500
    waitingBits = Math.max(0, waitingBits + (control.bps - carriesBps) / 2)
    // What does not fit is dropped before it is encoded, as the publisher does.
    waitingBits = Math.min(waitingBits, control.bps)
    const waitingMs = (waitingBits * 1000) / control.bps
    control.look({ nowMs, lagMs: 80 + waitingMs, waitingMs })
  }
  return { nowMs, waitingBits }
}

test('a good network gets all of it, a weak one what it carries, and one that mends gets it back', () => {
  const control = new RateControl(range)
  let at = run(control, 10_000_000, 10)
  assert.deepEqual([control.bps, control.state], [range.mostBps, 'good'])
  at = run(control, 800_000, 20, at)
  assert.ok(control.bps < 1_000_000 && control.bps >= 400_000, String(control.bps))
  at = run(control, 10_000_000, 90, at)
  assert.deepEqual([control.bps, control.state], [range.mostBps, 'good'])
})

test('when even the least is too much, every second frame goes, and comes back first', () => {
  const control = new RateControl(range)
  let at = run(control, 50_000, 25)
  assert.deepEqual([control.bps, control.isHalved, control.state], [range.leastBps, true, 'weak'])
  at = run(control, 10_000_000, 6, at)
  assert.deepEqual([control.bps, control.isHalved], [range.leastBps, false])
})

test('the bitrate stays in its range, whatever is seen', () => {
  const look = fc.record({ lagMs: fc.double({ min: -1e6, max: 1e9 }), waitingMs: fc.double({ min: 0, max: 1e9 }) })
  fc.assert(
    fc.property(fc.array(look, { maxLength: 80 }), (looks) => {
      const control = new RateControl(range)
      for (const [i, seen] of looks.entries()) {
        control.look({ nowMs: i * 500, ...seen })
        assert.ok(control.bps >= range.leastBps && control.bps <= range.mostBps)
      }
    }),
  )
})
