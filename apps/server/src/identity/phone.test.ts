import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskEmail, normaliseEmail } from './email.ts'
import { maskPhone, normalisePhone } from './phone.ts'

test('a mainland number is one number in every way of writing it', () => {
  for (const typed of ['13812345678', '138 1234 5678', '+86 138-1234-5678', '0086 13812345678', '+8613812345678'])
    assert.equal(normalisePhone(typed), '+8613812345678', typed)
  assert.equal(normalisePhone('+1 415 555 0100'), '+14155550100')
  for (const typed of ['12812345678', '1381234567', '138123456789', '+861381234567', '+0123456789', '', '+86'])
    assert.equal(normalisePhone(typed), null, typed)
})

test('whatever is accepted fits the column and is its own normal form', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+?[0-9 -]{6,20}$/), (typed) => {
      const phone = normalisePhone(typed)
      if (phone === null) return
      assert.match(phone, /^\+[1-9][0-9]{6,14}$/)
      assert.equal(normalisePhone(phone), phone)
    }),
  )
})

test('a mask shows the ends and never the whole', () => {
  assert.equal(maskPhone('+8613812345678'), '138****5678')
  assert.equal(maskPhone('+14155550100'), '+14****0100')
  assert.equal(maskPhone('+1234567'), '+****4567')
  assert.equal(maskEmail('meimei@example.cn'), 'm***@example.cn')
  assert.equal(normaliseEmail(' MeiMei@Example.CN '), 'meimei@example.cn')
})
