import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { offerExpiry, trimPickups } from './offer-term.ts'

const NOW = new Date('2026-03-09T04:00:00Z')
const inMinutes = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

test('an offer stands two hours, or half of what the produce still has, and ten minutes at least', () => {
  assert.deepEqual(offerExpiry(NOW, null), inMinutes(120))
  assert.deepEqual(offerExpiry(NOW, inMinutes(3 * 24 * 60)), inMinutes(120))
  assert.deepEqual(offerExpiry(NOW, inMinutes(90)), inMinutes(45))
  assert.deepEqual(offerExpiry(NOW, inMinutes(-60)), inMinutes(10))
})

const days = ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12']
const pickups = fc
  .array(fc.integer({ min: 1, max: 50_000_000 }), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map((grams, index) => ({ day: days[index] ?? '', grams })))

test('what is accepted is shared among the first pick-ups, to the gram and never more than was offered on a day', () => {
  fc.assert(
    fc.property(pickups, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20_000_000), (offered, share, lotMinG) => {
      const total = offered.reduce((sum, { grams }) => sum + grams, 0)
      const grams = Math.max(1, Math.floor(total * share))
      const kept = trimPickups(offered, grams, lotMinG)
      assert.equal(
        kept.reduce((sum, part) => sum + part.grams, 0),
        grams,
      )
      for (const [index, part] of kept.entries()) {
        assert.equal(part.day, offered[index]?.day)
        assert.ok(part.grams > 0 && part.grams <= (offered[index]?.grams ?? 0))
      }
    }),
  )
})

test('a last trip that would not be worth it gets what the one before can spare', () => {
  const offered = [
    { day: '2026-03-09', grams: 20 },
    { day: '2026-03-10', grams: 20 },
  ]
  assert.deepEqual(
    trimPickups(offered, 25, 10).map(({ grams }) => grams),
    [15, 10],
  )
})
