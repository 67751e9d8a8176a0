import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Checkout, CheckoutOutcome } from '@chunbo/order-batch'
import fc from 'fast-check'
import { findImbalances, openShopFloor, type ShopFloor } from './testing/shop-floor.ts'

/** The invariant of this file: several processes may order at the same time, with the same keys, and nothing is sold twice. */

let floor: ShopFloor
before(async () => {
  floor = await openShopFloor(50)
})
after(() => floor.close())

const shelf = [1, 2, 3, 4].map((id) => ({
  shopId: id,
  skuId: id,
  priceFen: 100,
  stock: 300,
  buyerLimit: 40,
  onSale: true,
}))
const lineOf = (sku: number, qty: number) => ({ shopId: sku, skuId: sku, qty, expectedPriceFen: 100 })

const checkout: fc.Arbitrary<Checkout> = fc
  .record({
    buyerId: fc.integer({ min: 1, max: 50 }),
    key: fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => `00000000-0000-4000-8000-00000000000${n}`) },
      { weight: 3, arbitrary: fc.uuid() },
    ),
    roomId: fc.constant(null),
    wanted: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 4,
      selector: ([sku]) => sku,
    }),
  })
  .map(({ wanted, ...rest }) => ({
    ...rest,
    addressId: rest.buyerId,
    lines: wanted.map(([sku, qty]) => lineOf(sku, qty)),
  }))

test('three queues on one database, two batches in flight each, with keys in common', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(checkout, { minLength: 300, maxLength: 600 }), async (wanted) => {
      await floor.stockUp(shelf)
      const queues = [0, 1, 2].map(() => floor.queue({ batchMax: 20 }))
      const outcomes = await Promise.all(
        wanted.map((one, index) => queues[index % queues.length]?.place(one) as Promise<CheckoutOutcome>),
      )
      assert.deepEqual(await findImbalances(floor.db), [])
      const accepted = new Set<string>()
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.kind !== 'accepted') continue
        const id = `${wanted[index]?.buyerId} ${wanted[index]?.key}`
        assert.ok(!accepted.has(id), 'a key is accepted once')
        accepted.add(id)
      }
      for (const queue of queues) await queue.drain()
    }),
    { numRuns: 12 },
  )
})

test('one key sent fifty times at once through three queues buys once and answers all', async () => {
  await floor.stockUp(shelf)
  const queues = [0, 1, 2].map(() => floor.queue({ batchMax: 5 }))
  const key = crypto.randomUUID()
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      queues[n % 3]?.place({ buyerId: 1, key, roomId: null, addressId: 1, lines: [lineOf(n % 10 === 9 ? 2 : 1, 2)] }),
    ),
  )
  const kinds = outcomes.map((outcome) => outcome?.kind)
  assert.equal(kinds.filter((kind) => kind === 'accepted').length, 1)
  const winner = kinds.indexOf('accepted') % 10 === 9 ? 5 : 45
  assert.equal(kinds.filter((kind) => kind === 'replayed').length, winner - 1)
  assert.equal(kinds.filter((kind) => kind === 'key_reused').length, 50 - winner)
  assert.deepEqual(await findImbalances(floor.db), [])
})

test('5,000 buyers for the last 100 packs: exactly 100 are sold', async () => {
  await floor.stockUp([{ shopId: 1, skuId: 1, priceFen: 100, stock: 100, buyerLimit: 1000, onSale: true }])
  const queue = floor.queue()
  const outcomes = await Promise.all(
    Array.from({ length: 5000 }, (_, n) =>
      queue.place({
        buyerId: 1 + (n % 50),
        key: crypto.randomUUID(),
        roomId: null,
        addressId: 1 + (n % 50),
        lines: [lineOf(1, 1)],
      }),
    ),
  )
  const kinds = outcomes.map(({ kind }) => kind)
  assert.equal(kinds.filter((kind) => kind === 'accepted').length, 100)
  assert.equal(kinds.filter((kind) => kind === 'sold_out').length, 4900)
  // Two batches of 500 race for the lock; within a batch and for all behind them, who came first is served first.
  assert.ok(kinds.lastIndexOf('accepted') < 1000)
  assert.deepEqual(await findImbalances(floor.db), [])
})
