import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type {
  Address,
  CheckoutResult,
  ClaimedCoupon,
  Coupon,
  CouponInput,
  DeskActions,
  DeskDrops,
  Order,
  RoomDrop,
} from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld } from '../live/testing/live-world.ts'
import { RoomViewer } from '../live/testing/room-viewer.ts'

/** The invariant of this file: a coupon that a room gives is worth what it says, once, to the one who took it. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

const DAY_MS = 86_400_000
const later = (ms: number) => new Date(Date.now() + ms).toISOString()

async function stage(practice = false) {
  const { id } = await world.room(practice ? { practice } : {})
  const goods = await world.goods()
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [goods] })
  const input: CouponInput = {
    shopId: goods.shopId,
    offFen: 500,
    fromFen: 1900,
    total: 3,
    seconds: 600,
    validUntil: later(DAY_MS),
  }
  const drop = (more: Partial<CouponInput> = {}) =>
    world.ask<RoomDrop>('POST', `/api/rooms/${id}/coupons`, { as: world.hostId, body: { ...input, ...more } })
  return { id, goods, input, drop }
}
const claim = (dropId: number, as: number) => world.ask<ClaimedCoupon>('POST', `/api/drops/${dropId}/claim`, { as })
const coupons = async (as: number, state: Coupon['state']) =>
  (await world.ask<{ items: Coupon[] }>('GET', `/api/my/coupons?state=${state}`, { as })).body.items

async function buyerWithAddress(name: string): Promise<{ id: number; addressId: number }> {
  const id = await world.person(name)
  const body = { name, phone: '13800000000', regionCode: JINGDONG, detail: '锦屏镇 1 号', isDefault: true }
  const address = await world.ask<Address>('POST', '/api/me/addresses', { as: id, body })
  return { id, addressId: address.body.id }
}
type Goods = { shopId: number; skuId: number }
type Buyer = Awaited<ReturnType<typeof buyerWithAddress>>
const buy = (goods: Goods, qty: number, buyer: Buyer, couponIds: number[], key: string = crypto.randomUUID()) =>
  world.ask<CheckoutResult & { code?: string; params?: object }>('POST', '/api/checkouts', {
    as: buyer.id,
    key,
    body: { lines: [{ ...goods, qty, expectedPriceFen: 990 }], addressId: buyer.addressId, couponIds },
  })

test('from the drop to the paid order: everybody sees what is left, the buyer pays less, the county counts what was paid', async () => {
  const { id, goods, drop } = await stage()
  const viewer = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  const { status, body: dropped } = await drop()
  assert.equal(status, 201)
  await viewer.whenView(({ drops }) => drops.some((each) => each.kind === 'coupon' && each.left === 3 && each.open))
  const buyer = await buyerWithAddress('小红')
  const taken = await claim(dropped.id, buyer.id)
  assert.deepEqual([taken.status, taken.body.offFen, taken.body.fromFen], [200, 500, 1900])
  assert.deepEqual((await claim(dropped.id, buyer.id)).body, taken.body, 'a second tap is told the same coupon')
  await viewer.whenView(({ drops }) => drops.some((each) => each.kind === 'coupon' && each.left === 2))
  assert.deepEqual(
    (await coupons(buyer.id, 'usable')).map(({ couponId, dropId, orderId }) => [couponId, dropId, orderId]),
    [[taken.body.couponId, dropped.id, null]],
  )

  const low = await buy(goods, 1, buyer, [taken.body.couponId])
  assert.deepEqual(
    [low.status, low.body.code, low.body.params],
    [409, 'orders.coupon_below_minimum', { couponId: taken.body.couponId, fromFen: 1900 }],
  )
  const key = crypto.randomUUID()
  const placed = await buy(goods, 2, buyer, [taken.body.couponId], key)
  assert.deepEqual([placed.status, placed.body.totalFen, placed.body.orders[0]?.discountFen], [201, 1480, 500])
  const again = await buy(goods, 2, buyer, [taken.body.couponId], key)
  assert.deepEqual([again.status, again.body.orders], [200, placed.body.orders])
  const second = await buy(goods, 2, buyer, [taken.body.couponId])
  assert.deepEqual([second.status, second.body.code], [409, 'orders.coupon_used'])
  const stranger = await buyerWithAddress('小明')
  assert.equal((await buy(goods, 2, stranger, [taken.body.couponId])).body.code, 'orders.coupon_unknown')

  const pay = { as: buyer.id, body: { method: 'sandbox' } }
  const paid = await world.ask<{ paidFen: number }>('POST', `/api/checkouts/${key}/pay`, pay)
  assert.equal(paid.body.paidFen, 1480)
  const [order] = placed.body.orders
  const seen = await world.ask<Order>('GET', `/api/orders/${order?.shopId}/${order?.orderId}`, { as: buyer.id })
  assert.deepEqual([seen.body.totalFen, seen.body.discountFen], [1480, 500])
  await world.app.slices.impact.countNow()
  assert.equal((await world.app.slices.impact.readSold('shop', goods.shopId)).sold.fen, 1480)
  assert.deepEqual(
    (await coupons(buyer.id, 'used')).map(({ orderId }) => orderId),
    [order?.orderId],
  )
  viewer.ws.close()
})

test('cancelled or unpaid, the coupon is there again', async () => {
  const { goods, drop } = await stage()
  const buyer = await buyerWithAddress('小兰')
  const { couponId } = (await claim((await drop()).body.id, buyer.id)).body
  for (const how of ['cancel', 'expire']) {
    const placed = await buy(goods, 2, buyer, [couponId])
    assert.equal(placed.status, 201)
    assert.equal((await coupons(buyer.id, 'usable')).length, 0)
    if (how === 'cancel') {
      await world.ask('POST', `/api/checkouts/${placed.body.checkoutId}/cancel`, { as: buyer.id })
    } else {
      await world.app.platform.db.query(`update orders set expires_at = now() - interval '1 s' where status = 'held'`)
      await world.app.slices.orders.expireOrders()
    }
    assert.deepEqual(
      (await coupons(buyer.id, 'usable')).map((coupon) => coupon.couponId),
      [couponId],
      how,
    )
  }
})

test('closing the drop ends the giving, for good, also by undoing it', async () => {
  const { id, drop } = await stage()
  const buyers = [await world.person('甲'), await world.person('乙')]
  const { id: dropId } = (await drop()).body
  assert.equal((await claim(dropId, buyers[0] ?? 0)).status, 200)
  const { actions } = (await world.ask<DeskActions>('GET', `/api/rooms/${id}/actions`, { as: world.hostId })).body
  const action = actions.find(({ kind }) => kind === 'coupon')
  assert.ok(action?.undoable)
  await world.ask('POST', `/api/rooms/${id}/actions/${action.id}/undo`, { as: world.hostId })
  assert.equal(
    await world.refusal('POST', `/api/drops/${dropId}/claim`, { as: buyers[1] ?? 0 }),
    'orders.coupons_closed',
  )
  const { drops } = (await world.ask<DeskDrops>('GET', `/api/rooms/${id}/drops`, { as: world.hostId })).body
  assert.deepEqual(
    drops.map(({ drop: each }) => [each.kind, each.open, each.kind === 'coupon' && each.left]),
    [['coupon', false, 2]],
  )
  assert.equal((await coupons(buyers[0] ?? 0, 'usable')).length, 1, 'what was taken stays good')
})

test('hundreds tap at once for three coupons: three have one', async () => {
  const { drop } = await stage()
  const { id: dropId } = (await drop()).body
  const buyers = await Promise.all(Array.from({ length: 20 }, (_, n) => world.person(`买家${n}`)))
  const answers = await Promise.all(buyers.flatMap((as) => [1, 2, 3, 4].map(() => claim(dropId, as))))
  const got = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.couponId))
  assert.equal(got.size, 3)
  assert.equal(answers.filter(({ status }) => status === 409).length, (20 - 3) * 4)
})

test('what a room may not give: of a shop that it does not show, more than half, for too long, in a rehearsal', async () => {
  const { drop } = await stage()
  const codeOf = async (more: Partial<CouponInput>) => (await drop(more)).body as unknown as { code: string }
  const other = await world.goods()
  assert.equal((await codeOf({ shopId: other.shopId })).code, 'show.shop_not_on_shelf')
  assert.equal((await codeOf({ offFen: 951 })).code, 'show.coupon_too_big')
  assert.equal((await codeOf({ validUntil: later(61 * DAY_MS) })).code, 'show.coupon_time')
  assert.equal((await codeOf({ validUntil: later(1000) })).code, 'show.coupon_time')
  assert.equal((await codeOf({ total: 0 })).code, 'request.invalid')
  const rehearsal = await stage(true)
  const dropped = await rehearsal.drop()
  assert.equal(dropped.status, 201)
  const refused = { as: world.hostId }
  assert.equal(
    await world.refusal('POST', `/api/drops/${dropped.body.id}/claim`, refused),
    'show.practice_gives_nothing',
  )
  const stranger = { as: await world.person('路人') }
  assert.equal(await world.refusal('POST', `/api/drops/${dropped.body.id}/claim`, stranger), 'show.drop_not_found')
})
