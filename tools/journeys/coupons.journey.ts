/** A coupon on its way: dropped by the room, taken, used by itself in the checkout, switched off and on, and seen on the order. */
import assert from 'node:assert/strict'
import type { RoomCard, RoomDrop, RoomPage } from '@chunbo/contract'
import type { Page } from 'playwright-core'
import { DEMO_BUYERS } from '../demo/people.ts'
import { type House, journey } from './house.ts'
import { signInQuietly } from './sign-in.ts'

const DAY_MS = 86_400_000
const yuan = (fen: number) => (fen / 100).toFixed(2)
const payButton = (page: Page, fen: number) => page.getByRole('button', { name: `支付 ¥${yuan(fen)}` })

/** Drops coupons into the room on air, for two packs of the first of its shelf. */
async function dropCoupon(house: House) {
  const host = await house.session('host@demo.chunbo')
  const { items } = await host.send<{ items: RoomCard[] }>('GET', '/api/rooms?status=live')
  const roomId = items[0]?.id ?? 0
  const { shelf } = await host.send<RoomPage>('GET', `/api/rooms/${roomId}`)
  const sku = shelf.find(({ sku: each }) => each.stock > 10 && each.buyerLimit > 2)?.sku
  assert.ok(sku, 'the room on air has nothing to sell')
  const offFen = 300
  const drop = await host.send<RoomDrop>('POST', `/api/rooms/${roomId}/coupons`, {
    shopId: sku.shopId,
    offFen,
    fromFen: 2 * sku.priceFen,
    total: 50,
    seconds: 600,
    validUntil: new Date(Date.now() + DAY_MS).toISOString(),
  })
  return { dropId: drop.id, sku, offFen }
}

journey('a coupon of the room is used by itself, can be switched off, and stands on the order', async (house) => {
  const { dropId, sku, offFen } = await dropCoupon(house)
  const visitor = await house.visitor({ name: 'coupon-buyer', screen: 'phone' })
  const { page } = visitor
  await signInQuietly(visitor, DEMO_BUYERS[5]?.email ?? '')
  const claim = await page.request.post(`/api/drops/${dropId}/claim`)
  assert.equal(claim.status(), 200)
  await page.goto('/me/coupons')
  await page.getByText(`满 ¥${yuan(2 * sku.priceFen)} 可用`).waitFor()

  await page.goto(`/goods/${sku.skuId}`)
  await page.getByRole('button', { name: '立即购买' }).click()
  await page.waitForURL('**/checkout')
  await page.getByText(`再买 ¥${yuan(sku.priceFen)}，可减 ¥${yuan(offFen)}`).waitFor()
  await payButton(page, sku.priceFen).waitFor()
  await page.getByRole('button', { name: '增加' }).click()
  await payButton(page, 2 * sku.priceFen - offFen).waitFor()
  const use = page.getByRole('checkbox', { name: '用这张券' })
  await use.uncheck()
  await payButton(page, 2 * sku.priceFen).waitFor()
  await use.check()
  await payButton(page, 2 * sku.priceFen - offFen).click()
  await page.getByRole('heading', { name: '支付成功' }).waitFor()

  await page.goto('/me/coupons?state=used')
  await page.getByRole('link', { name: '看订单' }).click()
  await page.getByText(`−¥${yuan(offFen)}`).waitFor()
  await page.getByText(`¥${yuan(2 * sku.priceFen - offFen)}`, { exact: true }).waitFor()
})
