import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deriveKey } from './auth-secret.ts'
import { createPassChecker, openPass, PASS_LIFETIME_MS, signPass } from './session-pass.ts'

const key = deriveKey('a secret of this test that is long enough', 'pass')
const otherKey = deriveKey('another secret of this test, long enough', 'pass')
const nowMs = Date.parse('2026-03-15T12:00:00Z')
const passes = fc.record({
  userId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  sessionId: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  expiresAtMs: fc.integer({ min: 1, max: 99_999_999_999 }).map((seconds) => seconds * 1000),
})

test('what was signed is read back, and no other key accepts it', () => {
  fc.assert(
    fc.property(passes, (pass) => {
      const value = signPass(key, pass)
      assert.deepEqual(openPass(key, value), { ...pass })
      assert.equal(openPass(otherKey, value), null)
    }),
  )
})

test('a pass with any character changed, cut or added is no pass', () => {
  fc.assert(
    fc.property(passes, fc.nat(), fc.string({ minLength: 1, maxLength: 3 }), (pass, place, text) => {
      const value = signPass(key, pass)
      const at = place % value.length
      const changed = value.slice(0, at) + text + value.slice(at + 1)
      if (changed !== value) assert.equal(openPass(key, changed), null)
      assert.equal(openPass(key, value.slice(0, at)), null)
      assert.equal(openPass(key, value + text), null)
    }),
  )
})

test('anything at all as a cookie is read without throwing', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (value) => openPass(key, value) === null))
})

test('a pass holds for its five minutes and not for the instant after, also when it is remembered', () => {
  const checker = createPassChecker(key)
  const value = signPass(key, { userId: 7, sessionId: 3, expiresAtMs: nowMs + PASS_LIFETIME_MS })
  assert.equal(checker.check(value, nowMs)?.userId, 7)
  assert.equal(checker.check(value, nowMs + PASS_LIFETIME_MS - 1)?.userId, 7)
  assert.equal(checker.check(value, nowMs + PASS_LIFETIME_MS), null)
})

test('ending a session refuses its passes at once, and those of other sessions go on', () => {
  const checker = createPassChecker(key)
  const ended = signPass(key, { userId: 7, sessionId: 3, expiresAtMs: nowMs + PASS_LIFETIME_MS })
  const other = signPass(key, { userId: 7, sessionId: 4, expiresAtMs: nowMs + PASS_LIFETIME_MS })
  assert.ok(checker.check(ended, nowMs))
  checker.end(3, nowMs)
  assert.equal(checker.check(ended, nowMs), null)
  assert.ok(checker.check(other, nowMs))
})

test('more visitors than are remembered are all still recognised', () => {
  const checker = createPassChecker(key)
  const values = Array.from({ length: 140_000 }, (_, index) =>
    signPass(key, { userId: index + 1, sessionId: 1, expiresAtMs: nowMs + PASS_LIFETIME_MS }),
  )
  for (const [index, value] of values.entries()) assert.equal(checker.check(value, nowMs)?.userId, index + 1)
  assert.equal(checker.check(values[0] ?? '', nowMs)?.userId, 1)
})
