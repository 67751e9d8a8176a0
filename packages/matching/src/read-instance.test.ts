import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { InstanceError, readInstance } from './read-instance.ts'
import { instances, plainAlert, plainInstance, plainMerchant } from './testing/draw-instance.ts'

const problemsOf = (value: unknown): string => {
  try {
    readInstance(value)
  } catch (error) {
    assert.ok(error instanceof InstanceError)
    assert.ok(error.problems.length > 0 && error.problems.length <= 20)
    return error.problems.join('\n')
  }
  return ''
}

test('what is drawn as an instance is one', () => {
  fc.assert(fc.property(instances, (instance) => assert.equal(problemsOf(instance), '')))
})

test('floats, negative numbers, texts for numbers and unknown fields are named by their place', () => {
  const wrong: Array<[unknown, RegExp]> = [
    [plainInstance({ alerts: [plainAlert({ grams: 1.5 })] }), /\/alerts\/0\/grams/],
    [plainInstance({ alerts: [plainAlert({ grams: -1 })] }), /\/alerts\/0\/grams/],
    [plainInstance({ alerts: [plainAlert({ grams: 0 })] }), /\/alerts\/0\/grams/],
    [plainInstance({ alerts: [plainAlert({ floorFenPerKg: Number.NaN })] }), /\/alerts\/0\/floorFenPerKg/],
    [plainInstance({ merchants: [plainMerchant({ lotMinG: 1e300 })] }), /\/merchants\/0\/lotMinG/],
    [plainInstance({ merchants: [plainMerchant({ offersFenPerKg: { pea: -3 } })] }), /\/merchants\/0\/offersFenPerKg/],
    [{ ...plainInstance(), days: '7' }, /\/days/],
    [{ ...plainInstance(), extra: 1 }, /additional/],
    [{ ...plainInstance(), version: 2 }, /\/version/],
    [{ ...plainInstance(), startDay: '2026-13-01' }, /\/startDay/],
  ]
  for (const [value, place] of wrong) assert.match(problemsOf(value), place)
})

test('names that are double or missing, wrong lists of days and windows the wrong way round are refused', () => {
  assert.match(problemsOf(plainInstance({ alerts: [plainAlert(), plainAlert()] })), /"a1" is there twice/)
  assert.match(problemsOf(plainInstance({ merchants: [plainMerchant(), plainMerchant()] })), /"m1" is there twice/)
  assert.match(problemsOf(plainInstance({ merchants: [plainMerchant({ capacityG: [1, 2] })] })), /has 2 days, not 7/)
  assert.match(problemsOf(plainInstance({ alerts: [plainAlert({ pickFrom: 3, pickTo: 2 })] })), /before pickFrom/)
  assert.match(
    problemsOf(plainInstance({ excluded: [{ alertId: 'a9', merchantId: 'm9', reason: '' }] })),
    /no alert "a9"[\s\S]*no merchant "m9"/,
  )
  assert.match(
    problemsOf(plainInstance({ frozen: [{ alertId: 'a1', merchantId: 'm1', day: 7, grams: 1 }] })),
    /after the last day/,
  )
})

test('no garbage makes it fail otherwise than by saying so', () => {
  fc.assert(fc.property(fc.anything(), (value) => assert.notEqual(problemsOf(value), '')))
  fc.assert(
    fc.property(instances, fc.anything(), fc.nat(), (instance, value, at) => {
      const keys = Object.keys(instance)
      problemsOf({ ...instance, [keys[at % keys.length] ?? 'days']: value })
    }),
  )
})
