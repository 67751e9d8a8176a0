import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bestCoupon, nearestCoupon } from './best-coupon.ts'

const NOW = Date.parse('2026-03-14T02:00:00Z')
const coupon = fc.record({
  couponId: fc.nat(99),
  shopId: fc.integer({ min: 1, max: 2 }),
  offFen: fc.integer({ min: 1, max: 5 }),
  fromFen: fc.integer({ min: 6, max: 20 }),
  validUntil: fc.integer({ min: -2, max: 3 }).map((hours) => new Date(NOW + hours * 3_600_000).toISOString()),
})

test('the best coupon is usable, and none that is usable takes off more or is over sooner for the same', () => {
  fc.assert(
    fc.property(fc.array(coupon), fc.nat(25), (coupons, goodsFen) => {
      const usable = coupons.filter(
        ({ shopId, fromFen, validUntil }) => shopId === 1 && fromFen <= goodsFen && Date.parse(validUntil) > NOW,
      )
      const best = bestCoupon(coupons, 1, goodsFen, NOW)
      if (best === null) return assert.equal(usable.length, 0)
      assert.ok(usable.includes(best))
      for (const other of usable) {
        assert.ok(other.offFen <= best.offFen)
        if (other.offFen === best.offFen) assert.ok(other.validUntil >= best.validUntil)
      }
    }),
  )
})

test('the nearest coupon is the one that the next goods reach first', () => {
  fc.assert(
    fc.property(fc.array(coupon), fc.nat(25), (coupons, goodsFen) => {
      const near = nearestCoupon(coupons, 1, goodsFen, NOW)
      const later = coupons.filter(
        ({ shopId, fromFen, validUntil }) => shopId === 1 && fromFen > goodsFen && Date.parse(validUntil) > NOW,
      )
      if (near === null) return assert.equal(later.length, 0)
      assert.ok(near.missingFen > 0)
      assert.equal(goodsFen + near.missingFen, Math.min(...later.map(({ fromFen }) => fromFen)))
    }),
  )
})
