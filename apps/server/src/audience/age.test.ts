import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bandOf, chinaDay, isPossibleBirth, leaveOf, yearsOld } from './age.ts'

const month = (index: number) => `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
const months = fc.integer({ min: 1950 * 12, max: 2040 * 12 })

test('a year of age counts when the month of birth is over, never before', () => {
  assert.equal(yearsOld('2010-03', '2026-03-31'), 15)
  assert.equal(yearsOld('2010-03', '2026-04-01'), 16)
  assert.equal(yearsOld('2026-03', '2026-03-14'), -1)
})

test('nobody is older by month than by the last day on which they can have been born', () => {
  fc.assert(
    fc.property(months, months, fc.integer({ min: 1, max: 28 }), (born, now, day) => {
      const today = `${month(now)}-${String(day).padStart(2, '0')}`
      const years = yearsOld(month(born), today)
      // Born on the last day of the month, a birthday of `years` is past on this day.
      const lastDay = new Date(Date.UTC(Math.floor(born / 12) + years, (born % 12) + 1, 0))
      assert.ok(lastDay < new Date(`${today}T23:59:59Z`), `${month(born)} on ${today}: ${years}`)
    }),
  )
})

test('what an account may do never shrinks with the years, nor with a guardian who agrees', () => {
  fc.assert(
    fc.property(months, fc.nat(600), fc.nat(600), fc.boolean(), (born, some, more, guardianConsent) => {
      const age = { birthMonth: month(born), minor: false, guardianConsent }
      const leave = leaveOf(age, `${month(born + some)}-15`)
      const later = leaveOf(age, `${month(born + some + more)}-15`)
      const agreed = leaveOf({ ...age, guardianConsent: true }, `${month(born + some)}-15`)
      for (const act of ['host', 'chat', 'draw', 'follow'] as const) {
        assert.ok(!leave[act] || later[act], act)
        assert.ok(!leave[act] || agreed[act], act)
      }
    }),
  )
})

test('the duties of each age', () => {
  const on = (birthMonth: string | null, guardianConsent = false, minor = false) => {
    const age = { birthMonth, minor, guardianConsent }
    const { host, chat } = leaveOf(age, '2026-03-14')
    return [bandOf(age, '2026-03-14'), host, chat]
  }
  assert.deepEqual(on(null), ['adult', true, true])
  assert.deepEqual(on(null, false, true), ['under_14', false, false], 'a minor of unknown age is the youngest')
  assert.deepEqual(on('2013-01'), ['under_14', false, false])
  assert.deepEqual(on('2013-01', true), ['under_14', false, true])
  assert.deepEqual(on('2011-01'), ['under_16', false, true])
  assert.deepEqual(on('2011-01', true), ['under_16', false, true])
  assert.deepEqual(on('2009-01'), ['under_18', false, true])
  assert.deepEqual(on('2009-01', true), ['under_18', true, true])
  assert.deepEqual(on('2000-01'), ['adult', true, true])
})

test('a birth that cannot be is none, and the day is that of China', () => {
  assert.equal(isPossibleBirth('2026-04', '2026-03-31'), false)
  assert.equal(isPossibleBirth('1890-01', '2026-03-31'), false)
  assert.equal(isPossibleBirth('2026-03', '2026-03-01'), true)
  assert.equal(chinaDay(new Date('2026-03-14T16:00:00Z')), '2026-03-15')
})
