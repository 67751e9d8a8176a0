import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROLES, type Role } from '@chunbo/contract'
import fc from 'fast-check'
import { allows, type HeldGrant, isInForce, meets, scopeFits } from './grant.ts'

const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
const roles = fc.constantFrom<Role>(...ROLES)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const held: fc.Arbitrary<HeldGrant> = fc.record({
  id: fc.constant(1),
  role: roles,
  countyCode: maybe(fc.constantFrom(430529, 530823)),
  shopId: maybe(fc.constantFrom(1, 2)),
  validFrom: instants,
  validUntil: maybe(instants),
  revokedAt: maybe(instants),
})

test('a grant counts from its beginning, up to its end and its withdrawal, and at no other instant', () => {
  fc.assert(
    fc.property(held, instants, (grant, at) => {
      const begun = at >= grant.validFrom
      const over = grant.validUntil !== null && at >= grant.validUntil
      const takenBack = grant.revokedAt !== null && at >= grant.revokedAt
      assert.equal(isInForce(grant, at), begun && !over && !takenBack)
    }),
  )
})

test('a grant for one county or shop never meets a need for another', () => {
  fc.assert(
    fc.property(held, roles, (grant, role) => {
      if (grant.countyCode !== 430529) assert.equal(meets(grant, { role, countyCode: 430529 }), false)
      if (grant.shopId !== 1) assert.equal(meets(grant, { role, shopId: 1 }), false)
      if (grant.role !== role) assert.equal(meets(grant, { role }), false)
    }),
  )
})

test('nobody is allowed anything without a grant in force, and an operator in force everything', () => {
  fc.assert(
    fc.property(fc.array(held, { maxLength: 4 }), roles, instants, (grants, role, at) => {
      const inForce = grants.filter((grant) => isInForce(grant, at))
      const expected = inForce.some((grant) => grant.role === 'operator' || grant.role === role)
      assert.equal(allows(grants, [{ role }], at), expected)
      assert.equal(allows([], [{ role }], at), false)
    }),
  )
})

test('each role takes its own scope', () => {
  const countyCode = 530823
  const shopId = 1
  assert.ok(scopeFits({ role: 'shop', shopId }))
  assert.ok(!scopeFits({ role: 'shop' }))
  assert.ok(!scopeFits({ role: 'shop', shopId, countyCode }))
  for (const role of ['host', 'commissioner'] as const) {
    assert.ok(scopeFits({ role, countyCode }))
    assert.ok(!scopeFits({ role }))
    assert.ok(!scopeFits({ role, countyCode, shopId }))
  }
  for (const role of ['operator', 'editor', 'relief_desk'] as const) {
    assert.ok(scopeFits({ role }))
    assert.ok(!scopeFits({ role, countyCode }))
    assert.ok(!scopeFits({ role, shopId }))
  }
  assert.ok(scopeFits({ role: 'inspector', countyCode }) && scopeFits({ role: 'inspector' }))
  assert.ok(scopeFits({ role: 'merchant', shopId }) && scopeFits({ role: 'merchant' }))
})
