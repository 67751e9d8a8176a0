import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Checkout, type CheckoutOutcome, packBatch, placeBatchSql, readAnswer } from '@chunbo/order-batch'
import fc from 'fast-check'
import { one } from '../platform/database.ts'
import { type ModelAnswer, NO_LIMIT, OrderModel } from './testing/order-model.ts'
import {
  AT,
  type FloorCoupon,
  type FloorSku,
  findImbalances,
  openShopFloor,
  type ShopFloor,
} from './testing/shop-floor.ts'

/** The invariant of this file: whatever comes, in whatever batches, is answered as if one came after the other. */

let floor: ShopFloor
before(async () => {
  floor = await openShopFloor()
})
after(() => floor.close())

const skus = fc.array(
  fc.record({
    priceFen: fc.constantFrom(100, 250),
    stock: fc.nat(12),
    buyerLimit: fc.constantFrom(2, 5, NO_LIMIT),
    onSale: fc.integer({ min: 0, max: 7 }).map((n) => n > 0),
  }),
  { minLength: 4, maxLength: 4 },
)
const keys = Array.from({ length: 12 }, (_, n) => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`)
const checkout: fc.Arbitrary<Checkout> = fc
  .record({
    buyerId: fc.integer({ min: 1, max: 4 }),
    key: fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...keys) }, { weight: 2, arbitrary: fc.uuid() }),
    roomId: fc.constantFrom(null, 7),
    ownAddress: fc.integer({ min: 0, max: 19 }).map((n) => n > 0),
    lines: fc.array(
      fc.record({
        sku: fc.integer({ min: 1, max: 5 }),
        qty: fc.integer({ min: 1, max: 4 }),
        stale: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    coupons: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }),
  })
  .map(({ ownAddress, lines, coupons: numbers, ...rest }) => ({
    ...rest,
    // Mostly of one's own: a coupon's number ends in its buyer's.
    couponIds: numbers.map((number) => (number === 9 ? 99 : number * 10 + rest.buyerId)),
    addressId: ownAddress ? rest.buyerId : rest.buyerId + 1,
    lines: lines.map(({ sku, qty, stale }) => ({
      // SKU 5 is unknown; 1 and 2 are in shop 1, the others in shops of their own.
      shopId: sku <= 2 ? 1 : sku - 1,
      skuId: sku,
      qty,
      expectedPriceFen: stale === 0 ? 99 : -1,
    })),
  }))

/** Nine coupons for each of four buyers, of shops 1 to 3, some of them over. None takes off all that it asks for. */
const coupons: readonly FloorCoupon[] = Array.from({ length: 36 }, (_, n) => {
  const fromFen = [100, 200, 500][Math.floor(n / 4) % 3] ?? 100
  return {
    couponId: Math.floor(n / 4) * 10 + 1 + (n % 4),
    buyerId: 1 + (n % 4),
    shopId: 1 + (Math.floor(n / 4) % 3),
    offFen: Math.min([1, 99, 133][Math.floor(n / 12)] ?? 1, fromFen - 1),
    fromFen,
    ...(n % 7 === 3 ? { validUntil: AT } : {}),
  }
})

function answerOf(outcome: CheckoutOutcome): ModelAnswer {
  if (outcome.kind === 'coupon_below_minimum') {
    return { kind: outcome.kind, couponId: outcome.couponId, fact: outcome.fromFen }
  }
  if ('couponId' in outcome) return { kind: outcome.kind, couponId: outcome.couponId }
  if ('orders' in outcome || !('lineIndex' in outcome)) return { kind: outcome.kind }
  const { kind, lineIndex } = outcome
  if (outcome.kind === 'price_changed') return { kind, lineIndex, fact: outcome.priceFen }
  if (outcome.kind === 'over_limit' || outcome.kind === 'sold_out') return { kind, lineIndex, fact: outcome.packsLeft }
  return { kind, lineIndex }
}

async function place(batch: readonly Checkout[]): Promise<CheckoutOutcome[]> {
  const packed = packBatch(batch, AT)
  return readAnswer(packed, one(await floor.db.query(placeBatchSql, packed.values, 'place_orders')))
}

test('random batches are answered as the model answers one checkout after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      skus,
      fc.array(fc.array(checkout, { minLength: 1, maxLength: 12 }), { maxLength: 5 }),
      async (shelf, batches) => {
        const floorSkus: FloorSku[] = shelf.map((sku, index) => ({
          ...sku,
          shopId: index < 2 ? 1 : index,
          skuId: index + 1,
        }))
        await floor.stockUp(floorSkus)
        await floor.giveCoupons(coupons)
        const model = new OrderModel(floorSkus, coupons)
        const firstAnswers = new Map<string, string>()
        for (const raw of batches) {
          const batch = raw.map((one) => ({
            ...one,
            lines: one.lines.map((line) => ({
              ...line,
              expectedPriceFen:
                line.expectedPriceFen > 0 ? line.expectedPriceFen : (shelf[line.skuId - 1]?.priceFen ?? 1),
            })),
          }))
          const outcomes = await place(batch)
          assert.deepEqual(
            outcomes.map(answerOf),
            batch.map((one) => model.place(one)),
          )
          for (const [index, outcome] of outcomes.entries()) {
            if (!('orders' in outcome)) continue
            const id = `${batch[index]?.buyerId} ${batch[index]?.key}`
            const told = JSON.stringify(outcome.orders)
            assert.equal(told, firstAnswers.get(id) ?? told, 'a replay tells what was told first')
            firstAnswers.set(id, told)
          }
        }
        const left = await floor.db.query<{ sku: string; stock: number }>(
          `select shop_id || '/' || sku_id as sku, stock from sku_stock`,
        )
        assert.deepEqual(new Map(left.map(({ sku, stock }) => [sku, stock])), model.stock)
        assert.deepEqual(await findImbalances(floor.db), [])
      },
    ),
    { numRuns: 150 },
  )
})

test('what one is refused for is left for a smaller one behind it', async () => {
  await floor.stockUp([{ shopId: 1, skuId: 1, priceFen: 100, stock: 5, buyerLimit: 100, onSale: true }])
  const want = (buyerId: number, qty: number): Checkout => ({
    buyerId,
    key: crypto.randomUUID(),
    roomId: null,
    addressId: buyerId,
    lines: [{ shopId: 1, skuId: 1, qty, expectedPriceFen: 100 }],
  })
  const outcomes = await place([want(1, 3), want(2, 50), want(3, 2), want(4, 1)])
  assert.deepEqual(outcomes.map(answerOf), [
    { kind: 'accepted' },
    { kind: 'sold_out', lineIndex: 0, fact: 2 },
    { kind: 'accepted' },
    { kind: 'sold_out', lineIndex: 0, fact: 0 },
  ])
})

test('an order in a room is held for 5 minutes, any other for 15', async () => {
  await floor.stockUp([{ shopId: 1, skuId: 1, priceFen: 100, stock: 5, buyerLimit: 100, onSale: true }])
  const line = { shopId: 1, skuId: 1, qty: 1, expectedPriceFen: 100 }
  const [inRoom, inShop] = await place([
    { buyerId: 1, key: crypto.randomUUID(), roomId: 7, addressId: 1, lines: [line] },
    { buyerId: 1, key: crypto.randomUUID(), roomId: null, addressId: 1, lines: [line] },
  ])
  const until = (outcome: CheckoutOutcome | undefined) =>
    outcome && 'orders' in outcome ? new Date(outcome.orders[0]?.expiresAt ?? 0).getTime() - AT.getTime() : 0
  assert.equal(until(inRoom), 5 * 60_000)
  assert.equal(until(inShop), 15 * 60_000)
})

test('a limit that is set later counts what was bought before, and one that is lifted is forgotten', async () => {
  await floor.stockUp([{ shopId: 1, skuId: 1, priceFen: 100, stock: 50, buyerLimit: NO_LIMIT, onSale: true }])
  const want = (qty: number): Checkout => ({
    buyerId: 1,
    key: crypto.randomUUID(),
    roomId: null,
    addressId: 1,
    lines: [{ shopId: 1, skuId: 1, qty, expectedPriceFen: 100 }],
  })
  const limit = (packs: number) => floor.db.query('update sku_stock set buyer_limit = $1', [packs])
  await place([want(4)])
  await limit(5)
  assert.deepEqual((await place([want(2), want(1), want(1)])).map(answerOf), [
    { kind: 'over_limit', lineIndex: 0, fact: 1 },
    { kind: 'accepted' },
    { kind: 'over_limit', lineIndex: 0, fact: 0 },
  ])
  assert.deepEqual(await findImbalances(floor.db), [])
  await limit(NO_LIMIT)
  assert.deepEqual((await place([want(9)])).map(answerOf), [{ kind: 'accepted' }])
  assert.deepEqual(await findImbalances(floor.db), [])
})
