import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PlacedOrder } from '@chunbo/order-batch'
import fc from 'fast-check'
import { one } from '../platform/database.ts'
import { AT, findImbalances, openShopFloor, type ShopFloor } from './testing/shop-floor.ts'

/** The invariant of this file: a held order ends once, as paid, cancelled or expired; only what is not paid gives packs back, once. */

let floor: ShopFloor
before(async () => {
  floor = await openShopFloor()
})
after(() => floor.close())

const shelf = [1, 2].map((id) => ({ shopId: id, skuId: id, priceFen: 100, stock: 50, buyerLimit: 40, onSale: true }))
const minutes = (n: number) => new Date(AT.getTime() + n * 60_000)

async function place(buyerId: number): Promise<{ key: string; orders: readonly PlacedOrder[] }> {
  const key = crypto.randomUUID()
  const lines = shelf.map(({ shopId, skuId }) => ({ shopId, skuId, qty: 1, expectedPriceFen: 100 }))
  const outcome = await floor.queue().place({ buyerId, key, roomId: null, addressId: buyerId, lines })
  assert.ok('orders' in outcome)
  return { key, orders: outcome.orders }
}

const pay = async (buyerId: number, key: string, at: Date) =>
  one(
    await floor.db.query<{ outcome: string; paid_fen: number; paid_time: Date }>(
      `select * from pay_checkout($1, $2, $3, 'sandbox')`,
      [at, buyerId, key],
    ),
  )
const close = (status: string, orders: readonly PlacedOrder[], at: Date) =>
  floor.db.query('select * from close_held_orders($1, $2, $3, $4)', [
    at,
    status,
    orders.map(({ shopId }) => shopId),
    orders.map(({ orderId }) => orderId),
  ])
const expire = (at: Date) => floor.db.query('select * from expire_orders($1, 100)', [at])
const stock = async () =>
  (await floor.db.query<{ stock: number }>('select stock from sku_stock order by sku_id')).map((row) => row.stock)

test('an unpaid order gives its packs and its quota back when its time is over, and not before', async () => {
  await floor.stockUp(shelf)
  await place(1)
  assert.deepEqual(await stock(), [49, 49])
  assert.equal((await expire(minutes(14.99))).length, 0)
  assert.equal((await expire(minutes(15))).length, 2)
  assert.equal((await expire(minutes(16))).length, 0)
  assert.deepEqual(await stock(), [50, 50])
  assert.deepEqual(await floor.db.query('select packs from buyer_quota where packs > 0'), [])
})

test('a payment after the time is refused even when nobody has swept yet', async () => {
  await floor.stockUp(shelf)
  const { key } = await place(1)
  assert.equal((await pay(1, key, minutes(15))).outcome, 'expired')
  assert.equal((await pay(2, key, minutes(1))).outcome, 'unknown', 'the checkout of another')
  assert.equal((await pay(1, key, minutes(14))).outcome, 'paid')
  assert.equal((await expire(minutes(20))).length, 0)
})

test('paying again answers the first payment, and the ledger balances', async () => {
  await floor.stockUp(shelf)
  const { key } = await place(1)
  const [first, ...others] = await Promise.all([1, 2, 3, 4].map((n) => pay(1, key, minutes(n))))
  const outcomes = [first, ...others].map((row) => row?.outcome)
  assert.equal(outcomes.filter((outcome) => outcome === 'paid').length, 1)
  assert.equal(outcomes.filter((outcome) => outcome === 'replayed').length, 3)
  assert.equal(new Set([first, ...others].map((row) => row?.paid_time.getTime())).size, 1)
  const balances = await floor.db.query(
    'select account, sum(balance_fen)::int as fen from ledger_balances group by 1 order by 1',
  )
  assert.deepEqual(balances, [
    { account: 'buyer', fen: -200 },
    { account: 'method:sandbox', fen: 0 },
    { account: 'shop', fen: 200 },
  ])
  await assert.rejects(floor.db.query('delete from ledger_entries'), /append-only/)
})

test('pay, cancel and expire at the same moment: one of them wins, the books add up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('pay', 'cancel', 'expire'), { minLength: 2, maxLength: 5 }),
      fc.constantFrom(10, 15),
      async (deeds, minute) => {
        await floor.stockUp(shelf)
        const { key, orders } = await place(1)
        await Promise.all(
          deeds.map((deed) => {
            if (deed === 'pay') return pay(1, key, minutes(minute))
            return deed === 'cancel' ? close('cancelled', orders, minutes(minute)) : expire(minutes(minute))
          }),
        )
        const after = await floor.db.query<{ status: string; paid: boolean }>(
          'select status, paid_at is not null as paid from orders',
        )
        assert.equal(new Set(after.map(({ status }) => status)).size, 1, 'the orders of a checkout end alike')
        assert.ok(after.every(({ status, paid }) => paid === (status === 'paid')))
        assert.deepEqual(await findImbalances(floor.db), [])
      },
    ),
    { numRuns: 60 },
  )
})

test('placing, cancelling and expiring on the same goods in parallel does not deadlock', async () => {
  await floor.stockUp(shelf)
  const queue = floor.queue({ batchMax: 4 })
  const lines = shelf.map(({ shopId, skuId }) => ({ shopId, skuId, qty: 1, expectedPriceFen: 100 }))
  await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const buyerId = 1 + (n % 20)
      const turned = n % 2 === 0 ? lines : [...lines].reverse()
      const outcome = await queue.place({
        buyerId,
        key: crypto.randomUUID(),
        roomId: null,
        addressId: buyerId,
        lines: turned,
      })
      if ('orders' in outcome && n % 3 > 0)
        await (n % 3 === 1 ? close('cancelled', outcome.orders, minutes(1)) : expire(minutes(15)))
    }),
  )
  assert.deepEqual(await findImbalances(floor.db), [])
})
