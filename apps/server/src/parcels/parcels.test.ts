import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createSite, type Site } from '../platform/testing/site.ts'
import { isSameParcel, readParcel } from './parcel.ts'

const JINGDONG = 530823
const PARCEL = { carrier: 'sf', trackingNumber: 'SF1234567890123' }

let site: Site
let shopId: number
let staff: number
let buyer: number
let skuId: number
let addressId: number

before(async () => {
  site = await createSite()
  const { shops, catalogue } = site.app.slices
  shopId = await shops.open({ countyCode: JINGDONG, nameZh: '景东合作社' })
  staff = await site.person({ role: 'shop', shopId })
  buyer = await site.person()
  const lotId = await catalogue.createLot(shopId, {
    produceSlug: 'pea-pod',
    countyCode: JINGDONG,
    township: '',
    village: '新民村',
    farm: '',
    harvestFrom: '2026-03-01',
    harvestTo: '2026-04-01',
    grade: 'first',
    grams: 1_000_000,
  })
  const texts = { titleZh: '豌豆', titleEn: 'Peas', packZh: '', packEn: '', storyZh: '', storyEn: '' }
  const sku = { ...texts, lotId, netG: 2500, priceFen: 3990, buyerLimit: 100, stock: 100, pictureIds: [] }
  skuId = await catalogue.createSku(shopId, sku, staff)
  await catalogue.editSku(shopId, skuId, { version: 1, status: 'on_sale' }, staff)
  const address = await site.ask({
    method: 'POST',
    url: '/api/me/addresses',
    as: buyer,
    body: { name: '王芳', phone: '13800000000', regionCode: JINGDONG, detail: '人民路 1 号', isDefault: true },
  })
  addressId = Number(address.json.id)
})
after(() => site.close())

/** An order of two packs by the buyer; paid unless told otherwise. */
async function buy(pay = true): Promise<number> {
  const placed = await site.ask({
    method: 'POST',
    url: '/api/checkouts',
    as: buyer,
    headers: { 'idempotency-key': randomUUID() },
    body: { lines: [{ shopId, skuId, qty: 2, expectedPriceFen: 3990 }], addressId },
  })
  assert.equal(placed.status, 201, JSON.stringify(placed.json))
  if (pay) {
    const url = `/api/checkouts/${placed.json.checkoutId}/pay`
    const paid = await site.ask({ method: 'POST', url, as: buyer, body: { method: 'sandbox' } })
    assert.equal(paid.status, 200, JSON.stringify(paid.json))
  }
  return (placed.json.orders as { orderId: number }[])[0]?.orderId ?? 0
}

const ship = (orderId: number, body: object = PARCEL, as = staff) =>
  site.ask({ method: 'POST', url: `/api/shops/${shopId}/orders/${orderId}/ship`, as, body })
const receive = (orderId: number, as = buyer) =>
  site.ask({ method: 'POST', url: `/api/orders/${shopId}/${orderId}/receive`, as })

test('a paid order is shipped by its shop, seen by its buyer and received', async () => {
  const orderId = await buy()
  const shipped = await ship(orderId, { carrier: ' sf ', trackingNumber: 'sf1234567890123' })
  assert.deepEqual([shipped.status, shipped.json.status], [200, 'shipped'])
  const seen = await site.ask({ url: `/api/orders/${shopId}/${orderId}`, as: buyer })
  const { carrier, trackingNumber, shippedAt } = seen.json.parcel as Record<string, string>
  assert.deepEqual({ carrier, trackingNumber }, PARCEL)
  assert.ok(!Number.isNaN(Date.parse(shippedAt ?? '')))
  assert.deepEqual(
    [(await receive(orderId)).json.status, (await receive(orderId)).json.status],
    ['received', 'received'],
  )
})

test('who ships an order again cannot read where it went', async () => {
  const orderId = await buy()
  await ship(orderId)
  await receive(orderId)
  const again = await ship(orderId)
  assert.equal(again.status, 200)
  const { phone, detail } = again.json.address as Record<string, string>
  assert.match(phone ?? '', /\*{4}/)
  assert.match(detail ?? '', /\*{3}$/)
})

test('the same parcel said twice, or twice at once, is shipped once; another one is refused', async () => {
  const orderId = await buy()
  const answers = await Promise.all([ship(orderId), ship(orderId), ship(orderId)])
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  const other = await ship(orderId, { ...PARCEL, trackingNumber: 'SF0000000000000' })
  assert.deepEqual([other.status, other.json.code], [409, 'parcels.shipped_otherwise'])
  assert.deepEqual(other.json.params, { trackingNumber: PARCEL.trackingNumber })
})

test('an unpaid order is not shipped, and one not shipped is not received', async () => {
  assert.equal((await ship(await buy(false))).json.code, 'orders.wrong_status')
  assert.equal((await receive(await buy())).json.code, 'orders.wrong_status')
})

test('other shops, other buyers and strangers reach no order', async () => {
  const orderId = await buy()
  const otherShop = await site.app.slices.shops.open({ countyCode: JINGDONG, nameZh: '邻店' })
  const neighbour = await site.person({ role: 'shop', shopId: otherShop })
  assert.equal((await ship(orderId, PARCEL, neighbour)).json.code, 'identity.not_allowed')
  const through = await site.ask({
    method: 'POST',
    url: `/api/shops/${otherShop}/orders/${orderId}/ship`,
    as: neighbour,
    body: PARCEL,
  })
  assert.equal(through.json.code, 'orders.not_found')
  await ship(orderId)
  assert.equal((await receive(orderId, neighbour)).json.code, 'orders.not_found')
  assert.equal((await site.ask({ method: 'POST', url: `/api/orders/${shopId}/${orderId}/receive` })).status, 401)
})

test('carrier and number must be ones', async () => {
  const orderId = await buy()
  for (const wrong of [
    { trackingNumber: '12345' },
    { trackingNumber: 'SF 123456' },
    { trackingNumber: '单号1234567' },
    { carrier: '' },
  ]) {
    assert.equal((await ship(orderId, { ...PARCEL, ...wrong })).json.code, 'request.invalid')
  }
  assert.equal((await ship(orderId, { ...PARCEL, carrier: ' \n ' })).json.code, 'parcels.carrier_needed')
  assert.equal((await ship(orderId)).status, 200)
})

test('what was bought here is in the public figures and in the sold packs of the product', async () => {
  const impactOf = async () =>
    (await site.ask({ url: `/api/impact/counties/${JINGDONG}` })).json.sold as Record<string, number>
  await site.app.slices.impact.countNow()
  const earlier = await impactOf()
  await ship(await buy())
  await buy(false)
  await site.app.slices.impact.countNow()
  const now = await impactOf()
  const grown = (key: string) => (now[key] ?? 0) - (earlier[key] ?? 0)
  assert.deepEqual([grown('grams'), grown('fen'), grown('orders'), grown('packs')], [5000, 7980, 1, 2])
  const sku = await site.ask({ url: `/api/skus/${skuId}` })
  assert.equal(sku.json.soldPacks, now.packs)
  const studio = await site.ask({ url: `/api/shops/${shopId}/skus`, as: staff })
  const [row] = studio.json.items as { putIn: number; stock: number; soldPacks: number; heldPacks: number }[]
  assert.equal(row?.putIn, (row?.stock ?? 0) + (row?.soldPacks ?? 0) + (row?.heldPacks ?? 0))
})

test('a parcel is written in one way whatever way it was typed', () => {
  const typed = readParcel({ carrier: '顺丰\u0000 \t速运 ', trackingNumber: 'sf-00a1' })
  assert.deepEqual(typed, { carrier: '顺丰 速运', trackingNumber: 'SF-00A1' })
  assert.ok(typed && isSameParcel(typed, { carrier: '顺丰 速运', trackingNumber: 'SF-00A1' }))
})
