import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createWayChooser, type Fault, type Way, waysFor } from './way.ts'

const middle = () => 0.5
const all: Way[] = ['socket', 'llhls', 'native']
const ways = fc.subarray(all, { minLength: 1 })
const fault = fc.constantFrom<Fault>('unsupported', 'decoder', 'refused', 'silent', 'broke')

test('the ways are those that the server offers and the browser can play, in the order of the server', () => {
  const can = { mediaSource: true, nativeHls: false }
  assert.deepEqual(waysFor(['socket', 'llhls'], can), ['socket', 'llhls'])
  assert.deepEqual(waysFor(['llhls', 'socket'], can), ['llhls', 'socket'])
  assert.deepEqual(waysFor(['socket', 'llhls'], { mediaSource: false, nativeHls: true }), ['native'])
  assert.deepEqual(waysFor(['llhls'], { mediaSource: true, nativeHls: true }), ['llhls', 'native'])
  assert.deepEqual(waysFor(['socket', 'llhls'], { mediaSource: false, nativeHls: false }), [])
})

test('a socket that never played is left at once, one that played gets three tries', () => {
  const fresh = createWayChooser(all, middle)
  assert.deepEqual(fresh.failed('refused', 0), { way: 'llhls', waitMs: 0 })
  const proven = createWayChooser(all, middle)
  proven.worked()
  const next = [proven.failed('broke', 0), proven.failed('refused', 300), proven.failed('refused', 900)]
  assert.deepEqual(
    next.map(({ way }) => way),
    ['socket', 'socket', 'llhls'],
  )
  assert.ok(next.every(({ waitMs }) => waitMs <= 1000))
})

test('what cannot be decoded is not tried the same way again', () => {
  const chooser = createWayChooser(all, middle)
  chooser.worked()
  assert.equal(chooser.failed('decoder', 0).way, 'llhls')
})

test('a better way is tried again only after a while, and each time it fails later still', () => {
  const chooser = createWayChooser(all, middle)
  chooser.failed('refused', 0)
  chooser.worked()
  assert.equal(chooser.rise(59_000), false)
  assert.equal(chooser.rise(60_000), true)
  assert.equal(chooser.current, 'socket')
  chooser.failed('refused', 60_100)
  assert.equal(chooser.current, 'llhls')
  assert.equal(chooser.rise(120_200), false)
  assert.equal(chooser.rise(180_200), true)
})

test('whatever fails in whatever order, the current way is one that was offered and not barred, or there is none', () => {
  fc.assert(
    fc.property(ways, fc.array(fc.tuple(fault, fc.nat({ max: 90_000 }), fc.boolean())), (offered, steps) => {
      const chooser = createWayChooser(offered, middle)
      const barred = new Set<Way>()
      let nowMs = 0
      for (const [why, passMs, rises] of steps) {
        nowMs += passMs
        const before = chooser.current
        if (before === null) break
        if (why === 'unsupported') barred.add(before)
        const next = chooser.failed(why, nowMs)
        if (rises) chooser.rise(nowMs)
        else assert.equal(next.way, chooser.current)
        assert.ok(chooser.current === null ? barred.size === offered.length : offered.includes(chooser.current))
        assert.ok(chooser.current === null || !barred.has(chooser.current))
        assert.ok(next.waitMs >= 0 && next.waitMs <= 8_000)
      }
    }),
  )
})

test('when nothing works the tries grow rare: never a loop', () => {
  fc.assert(
    fc.property(
      ways,
      fc.infiniteStream(fault),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (offered, faults, r) => {
        const chooser = createWayChooser(offered, () => r)
        let nowMs = 0
        let tries = 0
        while (nowMs < 600_000 && tries < 10_000) {
          const { way, waitMs } = chooser.failed(faults.next().value, nowMs)
          if (way === null) return
          chooser.rise(nowMs)
          tries += 1
          nowMs += waitMs
        }
        // A round of three ways every four seconds at the most, once the waits have grown, and the few before that.
        assert.ok(tries <= (600_000 / 4_000) * 3 + 40, `${tries} tries in ten minutes`)
      },
    ),
  )
})
