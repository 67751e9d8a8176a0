import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Address, CheckoutResult } from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld } from './testing/live-world.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** From the tap to everybody's screen: orders through the API, stock over the sockets. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

interface Goods {
  readonly shopId: number
  readonly skuId: number
}

async function buyerWithAddress(name: string): Promise<{ id: number; addressId: number }> {
  const id = await world.person(name)
  const body = { name, phone: '13800000000', regionCode: JINGDONG, detail: '锦屏镇 1 号', isDefault: true }
  const address = await world.ask<Address>('POST', '/api/me/addresses', { as: id, body })
  return { id, addressId: address.body.id }
}

async function buy(roomId: number, goods: Goods, qty: number, buyer: { id: number; addressId: number }) {
  return world.ask<CheckoutResult>('POST', '/api/checkouts', {
    as: buyer.id,
    key: crypto.randomUUID(),
    body: { lines: [{ ...goods, qty, expectedPriceFen: 990 }], addressId: buyer.addressId, roomId },
  })
}

async function stage(stock: number) {
  const { id } = await world.room()
  const goods = await world.goods({ stock })
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [goods] })
  await world.desk('PUT', `/api/rooms/${id}/pin`, goods)
  const enter = () => new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  return { id, goods, viewers: await Promise.all([enter(), enter()]) }
}

test('what one buys all see, and the desk counts what was paid', async () => {
  const { id, goods, viewers } = await stage(10)
  const buyer = await buyerWithAddress('小红')
  const checkout = await buy(id, goods, 3, buyer)
  assert.equal(checkout.status, 201)
  for (const viewer of viewers) await viewer.whenView((view) => view.shelf[0]?.stock === 7)
  const pay = { as: buyer.id, body: { method: 'sandbox' } }
  const paid = await world.ask('POST', `/api/checkouts/${checkout.body.checkoutId}/pay`, pay)
  assert.equal(paid.status, 200)
  await world.app.slices.impact.countNow()
  const { figures } = await world.desk('GET', `/api/rooms/${id}/desk`)
  assert.deepEqual([figures.orders, figures.fen, figures.grams], [1, 2970, 1500])
  for (const viewer of viewers) viewer.ws.close()
})

test('the last pack goes out as sold out, and packs that come back are seen too', async () => {
  const { id, goods, viewers } = await stage(2)
  const buyer = await buyerWithAddress('小明')
  const checkout = await buy(id, goods, 2, buyer)
  assert.equal(checkout.status, 201)
  for (const viewer of viewers) {
    await viewer.whenView((view) => view.shelf[0]?.stock === 0)
    const kinds = viewer.messages.flatMap((message) => (message.t === 'tick' ? message.events.map(({ t }) => t) : []))
    assert.ok(kinds.includes('sold_out'))
  }
  const cancelled = await world.ask('POST', `/api/checkouts/${checkout.body.checkoutId}/cancel`, { as: buyer.id })
  assert.ok(cancelled.status < 300)
  for (const viewer of viewers) {
    await viewer.whenView((view) => view.shelf[0]?.stock === 2)
    viewer.ws.close()
  }
})

test('sixteen who want the last six: every screen ends at what the database has', async () => {
  const { id, goods, viewers } = await stage(6)
  const buyers = await Promise.all(Array.from({ length: 16 }, (_, index) => buyerWithAddress(`买家${index}`)))
  const answers = await Promise.all(buyers.map((buyer) => buy(id, goods, 1, buyer)))
  assert.equal(answers.filter(({ status }) => status === 201).length, 6)
  for (const viewer of viewers) {
    await viewer.whenView((view) => view.shelf[0]?.stock === 0)
    const stocks = viewer.messages.flatMap((message) =>
      message.t === 'tick'
        ? message.events.flatMap((event) => (event.t === 'stock' ? event.items.map((item) => item.stock) : []))
        : [],
    )
    assert.deepEqual(
      stocks,
      [...stocks].sort((one, other) => other - one),
      'stock only falls',
    )
    viewer.ws.close()
  }
})
