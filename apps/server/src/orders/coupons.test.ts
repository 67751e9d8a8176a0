import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Checkout, PlacedOrder } from '@chunbo/order-batch'
import fc from 'fast-check'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { createClaimQueue } from './claim-queue.ts'
import { closeOffer, offerCoupons } from './coupon-offer.ts'
import { AT, findImbalances, openShopFloor, type ShopFloor } from './testing/shop-floor.ts'

/**
 * The invariant of this file: of an offer never more coupons are given than there are and one to a buyer; a coupon is in one order at a
 * time, goes back once when that order ends unpaid, and money adds up whatever happens in whatever order.
 */

let floor: ShopFloor
before(async () => {
  floor = await openShopFloor(60)
})
after(() => floor.close())

const minutes = (n: number) => new Date(AT.getTime() + n * 60_000)
const shelf = [1, 2].map((id) => ({ shopId: id, skuId: id, priceFen: 700, stock: 500, buyerLimit: 400, onSale: true }))
const offer = (dropId: number, total: number, shopId = 1) =>
  offerCoupons(floor.db, {
    dropId,
    shopId,
    offFen: 300,
    fromFen: 1000,
    total,
    closesAt: minutes(5),
    validUntil: minutes(60),
    madeBy: 1,
    madeAt: AT,
  })
const claims = (now: () => Date = () => AT, heard: (dropId: number, remaining: number) => void = () => {}) =>
  createClaimQueue(floor.db, { now }, heard)
const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : String(error))
const claimed = (queue: ReturnType<typeof claims>, dropId: number, buyerId: number) =>
  queue.claim(dropId, buyerId).then(({ couponId }) => couponId, codeOf)

const checkout = (buyerId: number, couponIds: number[], qty = 2, shops = [1]): Checkout => ({
  buyerId,
  key: crypto.randomUUID(),
  roomId: null,
  addressId: buyerId,
  couponIds,
  lines: shops.map((shop) => ({ shopId: shop, skuId: shop, qty, expectedPriceFen: 700 })),
})
const end = (status: string, at: Date, orders: readonly PlacedOrder[]) =>
  floor.db.query('select * from close_held_orders($1, $2, $3, $4)', [
    at,
    status,
    orders.map(({ shopId }) => shopId),
    orders.map(({ orderId }) => orderId),
  ])
const pay = async (buyerId: number, key: string, at: Date) =>
  one(
    await floor.db.query<{ outcome: string; fen: number | null }>(
      `select outcome, paid_fen as fen from pay_checkout($1, $2, $3, 'sandbox')`,
      [at, buyerId, key],
    ),
  )

test('thousands of taps at once, from two processes, on two drops: never more than there are, one to a buyer', async () => {
  await floor.stockUp(shelf)
  await offer(1, 37)
  await offer(2, 1000, 2)
  const left = new Map<number, number>()
  const queues = [
    claims(
      () => AT,
      (dropId, remaining) => left.set(dropId, remaining),
    ),
    claims(),
  ]
  const taps = Array.from({ length: 4000 }, (_, n) => ({ dropId: 1 + (n % 2), buyerId: 1 + (Math.floor(n / 2) % 60) }))
  const got = await Promise.all(
    taps.map(({ dropId, buyerId }, n) => claimed(queues[n % 3 === 0 ? 1 : 0] ?? claims(), dropId, buyerId)),
  )
  const of = (drop: number) => got.filter((_, n) => taps[n]?.dropId === drop)
  assert.equal(new Set(of(1).filter((each) => typeof each === 'number')).size, 37)
  assert.ok(of(1).every((each) => typeof each === 'number' || each === 'orders.coupons_gone'))
  assert.equal(new Set(of(2)).size, 60, 'each buyer is told one and the same coupon, however often they tap')
  assert.deepEqual(await findImbalances(floor.db), [])
  assert.equal(left.get(1), 0)
})

test('a drop that is closed, over or not there gives nothing, but tells who has a coupon which', async () => {
  await floor.stockUp(shelf)
  await offer(1, 5)
  const coupon = await claimed(claims(), 1, 1)
  assert.equal(
    await claimed(
      claims(() => minutes(5)),
      1,
      2,
    ),
    'orders.coupons_closed',
  )
  await closeOffer(floor.db, 1, AT)
  assert.equal(await claimed(claims(), 1, 2), 'orders.coupons_closed')
  assert.equal(await claimed(claims(), 7, 2), 'orders.no_coupon_offer')
  assert.equal(await claimed(claims(), 1, 1), coupon)
})

test('what a coupon takes off is borne by the lines, paid by nobody, and told again to who asks again', async () => {
  await floor.stockUp([
    ...shelf,
    { shopId: 1, skuId: 3, priceFen: 333, stock: 9, buyerLimit: 9, onSale: true },
    { shopId: 1, skuId: 4, priceFen: 1, stock: 9, buyerLimit: 9, onSale: true },
  ])
  await floor.giveCoupons([{ couponId: 1, buyerId: 1, shopId: 1, offFen: 100, fromFen: 1000 }])
  const wanted: Checkout = {
    ...checkout(1, [1], 1, [1, 2]),
    lines: [1, 3, 4].map((skuId) => ({ shopId: 1, skuId, qty: 1, expectedPriceFen: [0, 700, 0, 333, 1][skuId] ?? 0 })),
  }
  const withOther = { ...wanted, lines: [...wanted.lines, { shopId: 2, skuId: 2, qty: 1, expectedPriceFen: 700 }] }
  const [placed, again] = await Promise.all([floor.queue().place(withOther), floor.queue().place(withOther)])
  assert.ok('orders' in placed && 'orders' in again)
  assert.deepEqual(placed.orders, again.orders)
  assert.deepEqual(
    placed.orders.map(({ totalFen, discountFen }) => [totalFen, discountFen]),
    [
      [934, 100],
      [700, 0],
    ],
  )
  assert.deepEqual((await floor.queue().place({ ...withOther, couponIds: [] })).kind, 'key_reused')
  assert.deepEqual(await pay(1, wanted.key, AT), { outcome: 'paid', fen: 1634 })
  assert.deepEqual(await findImbalances(floor.db), [])
  const lines = await floor.db.query<{ fen: number }>(
    'select discount_fen as fen from order_lines order by order_id, line_no',
  )
  assert.deepEqual(
    lines.map(({ fen }) => fen),
    [67, 32, 1, 0],
  )
})

test('one coupon in fifty checkouts at once, through three processes: one order has it, cancelled it serves again', async () => {
  await floor.stockUp(shelf)
  await floor.giveCoupons([
    { couponId: 1, buyerId: 1, shopId: 1, offFen: 300, fromFen: 1000 },
    { couponId: 2, buyerId: 1, shopId: 2, offFen: 300, fromFen: 1000 },
  ])
  const queues = [0, 1, 2].map(() => floor.queue({ batchMax: 4 }))
  for (const round of [1, 2, 3]) {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const shops = n % 2 === 0 ? [1, 2] : [2, 1]
        return queues[n % 3]?.place(checkout(1, shops, 2, shops))
      }),
    )
    const kinds = outcomes.map((outcome) => outcome?.kind)
    assert.equal(kinds.filter((kind) => kind === 'accepted').length, 1, `round ${round}`)
    assert.equal(kinds.filter((kind) => kind === 'coupon_used').length, 49)
    const winner = outcomes.find((outcome) => outcome?.kind === 'accepted')
    assert.ok(winner && 'orders' in winner)
    // However many end it, it is given back once, and a later one does not take it from the order that has it by then.
    await Promise.all([1, 2, 3].map(() => end('cancelled', AT, winner.orders)))
    assert.deepEqual(await findImbalances(floor.db), [])
  }
})

const deed = fc.record({
  buyer: fc.integer({ min: 1, max: 4 }),
  what: fc.constantFrom('claim', 'order', 'order', 'order', 'pay', 'pay', 'cancel', 'expire', 'pass'),
  drop: fc.integer({ min: 1, max: 2 }),
  coupons: fc.integer({ min: 0, max: 3 }),
  qty: fc.integer({ min: 1, max: 3 }),
  nth: fc.nat(9),
  alone: fc.boolean(),
})

test('random claims, orders, payments, cancellations and expiries, several at a time: the books add up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40 }), async (deeds) => {
      await floor.stockUp(shelf)
      await offer(1, 3)
      await offer(2, 2, 2)
      let now = AT
      const claimQueue = claims(() => now)
      const queue = floor.queue({ now: () => now, batchMax: 3 })
      const placed: { buyer: number; key: string; orders: readonly PlacedOrder[] }[] = []
      const act = async ({ what, buyer, drop, coupons, qty, nth }: (typeof deeds)[number]): Promise<void> => {
        const mine = placed[nth % Math.max(1, placed.length)]
        if (what === 'claim') await claimed(claimQueue, drop, buyer)
        if (what === 'pass') now = new Date(now.getTime() + 4 * 60_000)
        if (what === 'pay' && mine) await pay(mine.buyer, mine.key, now)
        if (what === 'cancel' && mine) await end('cancelled', now, mine.orders)
        if (what === 'expire') await floor.db.query('select * from expire_orders($1, 100)', [now])
        if (what !== 'order') return
        const own = await floor.db.query<{ id: number }>('select id from coupons where buyer_id = $1 order by id', [
          buyer,
        ])
        const shops = coupons === 0 ? [1] : [1, 2]
        const wanted = checkout(
          buyer,
          own.slice(0, coupons).map(({ id }) => id),
          qty,
          shops,
        )
        const outcome = await queue.place(wanted)
        if ('orders' in outcome) placed.push({ buyer, key: wanted.key, orders: outcome.orders })
      }
      let together: Promise<void>[] = []
      for (const each of deeds) {
        together.push(act(each))
        if (!each.alone) continue
        await Promise.all(together)
        together = []
        assert.deepEqual(await findImbalances(floor.db), [])
      }
      await Promise.all(together)
      assert.deepEqual(await findImbalances(floor.db), [])
    }),
    { numRuns: 60 },
  )
})
