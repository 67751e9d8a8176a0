import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { farmerFenPerKg, packPriceForNet, SHARES_PERMILLE_MAX, splitPackPrice } from './aid-price.ts'

const costs = fc
  .record({
    netG: fc.integer({ min: 10, max: 1_000_000 }),
    packingFen: fc.integer({ min: 0, max: 1_000_000 }),
    freightFenPerKg: fc.integer({ min: 0, max: 100_000 }),
    platformPermille: fc.integer({ min: 0, max: SHARES_PERMILLE_MAX }),
    reservePermille: fc.integer({ min: 0, max: SHARES_PERMILLE_MAX }),
  })
  .filter(({ platformPermille, reservePermille }) => platformPermille + reservePermille <= SHARES_PERMILLE_MAX)

test('the parts of any price add up to it, to the fen', () => {
  fc.assert(
    fc.property(costs, fc.integer({ min: 1, max: 100_000_000 }), (given, priceFen) => {
      const { farmerFen, packingFen, freightFen, platformFen, reserveFen } = splitPackPrice(priceFen, given)
      assert.equal(farmerFen + packingFen + freightFen + platformFen + reserveFen, priceFen)
      for (const part of [packingFen, freightFen, platformFen, reserveFen]) assert.ok(part >= 0)
    }),
  )
})

test('the price for a net gives the farmer at least it, and ten fen less would not', () => {
  fc.assert(
    fc.property(costs, fc.integer({ min: 1, max: 10_000_000 }), (given, net) => {
      const priceFen = packPriceForNet(net, given)
      if (priceFen === null) return
      assert.equal(priceFen % 10, 0)
      const owed = Math.ceil((net * given.netG) / 1000)
      assert.ok(splitPackPrice(priceFen, given).farmerFen >= owed)
      assert.ok(farmerFenPerKg(splitPackPrice(priceFen, given), given.netG) >= net)
      if (priceFen > 10) assert.ok(splitPackPrice(priceFen - 10, given).farmerFen < owed)
    }),
  )
})

test('a box of peas: 6 yuan a kilogram for the farmer comes to 26.70 yuan for 2.5 kg', () => {
  const given = { netG: 2500, packingFen: 350, freightFenPerKg: 240, platformPermille: 30, reservePermille: 50 }
  const priceFen = packPriceForNet(600, given)
  assert.equal(priceFen, 2670)
  assert.deepEqual(splitPackPrice(2670, given), {
    priceFen: 2670,
    farmerFen: 1507,
    packingFen: 350,
    freightFen: 600,
    platformFen: 80,
    reserveFen: 133,
  })
})

test('shares above half of the price and prices above a SKU have no answer', () => {
  const given = { netG: 1000, packingFen: 0, freightFenPerKg: 0, platformPermille: 300, reservePermille: 300 }
  assert.equal(packPriceForNet(100, given), null)
  assert.equal(
    packPriceForNet(10_000_000, { ...given, netG: 1_000_000, platformPermille: 0, reservePermille: 0 }),
    null,
  )
})
