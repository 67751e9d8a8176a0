import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ClockMap } from './clock-map.ts'

const frameUs = 33_333

test('frames seen late keep the distance at which they were taken', () => {
  const clock = new ClockMap()
  const jitter = [9, 30, 0, 12, 55, 3, 0, 80, 4, 0, 21, 7].map((ms) => ms * 1_000)
  const mapped = jitter.map((lateUs, i) => clock.map(i * frameUs, 5_000_000 + i * frameUs + lateUs))
  const steps = mapped.slice(4).map((us, i) => us - (mapped[i + 3] ?? 0))
  assert.ok(
    steps.every((step) => Math.abs(step - frameUs) < 1_500),
    String(steps),
  )
})

test('a clock that drifts is followed, and another clock is taken at once', () => {
  const clock = new ClockMap()
  let mapped = 0
  // 100 ppm over ten minutes: 60 ms.
  for (let i = 0; i < 18_000; i++) mapped = clock.map(i * frameUs, i * frameUs * 1.0001)
  assert.ok(Math.abs(mapped - 17_999 * frameUs * 1.0001) < 10_000)
  const before = mapped
  mapped = clock.map(9_000_000_000, 600_100_000)
  assert.ok(Math.abs(mapped - Math.max(600_100_000, before)) <= 1_000)
})

test('time never goes back, whatever the stamps do', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer(), fc.integer())), (frames) => {
      const clock = new ClockMap()
      const mapped = frames.map(([stampUs, seenUs]) => clock.map(stampUs, seenUs))
      for (const [i, us] of mapped.slice(1).entries()) assert.ok(us > (mapped[i] ?? 0))
    }),
  )
})
