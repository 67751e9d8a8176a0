/** A buyer without a room: from the front page to the paid order, and everything that can come between. */
import assert from 'node:assert/strict'
import type { SkuCard, StudioSku } from '@chunbo/contract/catalogue'
import type { Order } from '@chunbo/contract/orders'
import type { Locator, Page } from 'playwright-core'
import { chengbu } from '../demo/counties/chengbu.ts'
import type { DemoShop } from '../demo/counties/demo-shop.ts'
import { jingdong } from '../demo/counties/jingdong.ts'
import { maguan } from '../demo/counties/maguan.ts'
import { pingshun } from '../demo/counties/pingshun.ts'
import { DEMO_BUYERS } from '../demo/people.ts'
import { type House, journey } from './house.ts'
import { signInByPhone, signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import type { Visitor } from './visitor.ts'

const checkouts = /\/api\/checkouts$/

journey('a stranger fills a cart over two shops, signs in, gives an address and pays', async (house) => {
  const { page } = await house.visitor({ name: 'stranger', screen: 'phone' })
  const [peas, papaya] = [firstSku(jingdong), firstSku(maguan)]
  for (const sku of [peas, papaya]) {
    await page.goto('/')
    await page.getByRole('link').filter({ hasText: sku.titleZh }).first().click()
    await page.getByRole('heading', { name: sku.titleZh, level: 1 }).waitFor()
    await page.getByRole('button', { name: '加入购物车' }).click()
    await page.getByText('已加入购物车').waitFor()
  }
  await page
    .getByRole('link', { name: /购物车/ })
    .first()
    .click()
  await page.getByText(jingdong.nameZh).waitFor()
  await page.getByText(maguan.nameZh).waitFor()
  await page.getByRole('button', { name: '去结算（2）' }).click()

  await page.waitForURL('**/sign-in**')
  await signInByPhone(page, '13800138000')
  await page.waitForURL('**/checkout')
  await page.getByRole('button', { name: '添加收货地址' }).click()
  await fillAddress(page.getByRole('dialog', { name: '新地址' }))
  await page.getByText('南京路 8 号').waitFor()
  await payButton(page, peas.priceFen + papaya.priceFen).click()

  await page.waitForURL('**/paid/**')
  await page.getByRole('heading', { name: '支付成功' }).waitFor()
  await page.getByText(jingdong.nameZh).waitFor()
  await page.getByText(maguan.nameZh).waitFor()
  await page.goto('/orders')
  await page.getByRole('article').first().waitFor()
  assert.equal(await page.getByRole('article').filter({ hasText: '待发货' }).count(), 2)
  await page.goto('/cart')
  await page.getByText('购物车是空的').waitFor()
})

journey('a price that changed between view and buy is told, and nothing is charged', async (house) => {
  const visitor = await buyerAt(house, 0)
  const { page } = visitor
  visitor.expectRefusals(checkouts)
  const sku = firstSku(maguan)
  const staff = await shopStaff(house, maguan)
  await toCheckout(page, await staff.skuId(sku.titleZh))
  const before = await ordersOf(page)
  await staff.change(sku.titleZh, { priceFen: sku.priceFen + 300 })
  await payButton(page, sku.priceFen).click()
  await page.getByRole('alert').getByText('价格已变动').waitFor()
  await page.getByText('没有扣款').waitFor()
  await page.getByText(`原来 ¥${yuan(sku.priceFen)}`).waitFor()
  assert.equal((await ordersOf(page)).length, before.length)

  await payButton(page, sku.priceFen + 300).click()
  await page.getByRole('heading', { name: '支付成功' }).waitFor()
  const [newest] = await ordersOf(page)
  assert.equal(newest?.totalFen, sku.priceFen + 300)
})

journey('goods that sold out before the tap are told, and nothing is charged', async (house) => {
  const visitor = await buyerAt(house, 1)
  const { page } = visitor
  visitor.expectRefusals(checkouts)
  const sku = firstSku(chengbu)
  const staff = await shopStaff(house, chengbu)
  await toCheckout(page, await staff.skuId(sku.titleZh))
  const before = await ordersOf(page)
  await staff.emptyStock(sku.titleZh)
  await payButton(page, sku.priceFen).click()
  await page.getByRole('alert').getByText('库存不足').waitFor()
  await page.getByText('没有扣款').waitFor()
  assert.equal((await ordersOf(page)).length, before.length)
  await page.goto(`/goods/${await staff.skuId(sku.titleZh)}`)
  await page.getByRole('button', { name: '卖完了' }).waitFor()
  assert.ok(await page.getByRole('button', { name: '卖完了' }).isDisabled())
})

journey('a payment that fails keeps the order; cancelled, it gives its stock back', async (house) => {
  const visitor = await buyerAt(house, 2)
  const { page } = visitor
  const sku = firstSku(pingshun)
  const staff = await shopStaff(house, pingshun)
  const skuId = await staff.skuId(sku.titleZh)
  const stock = await stockOf(house, skuId)
  await toCheckout(page, skuId)
  visitor.expectRefusals(/\/pay$/)
  await page.route('**/api/checkouts/*/pay', (route) => route.abort('connectionfailed'))
  await payButton(page, sku.priceFen).click()
  await page.getByText('再点一次不会重复下单').waitFor()
  assert.equal(await stockOf(house, skuId), stock - 1)

  await page.getByRole('link', { name: '看我的订单' }).click()
  const order = page.getByRole('article').filter({ hasText: '待付款' })
  await order.getByRole('button', { name: '取消订单' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '取消订单' }).click()
  await page.getByRole('article').filter({ hasText: '已取消' }).first().waitFor()
  await until('the pack is back', async () => (await stockOf(house, skuId)) === stock)
})

journey('a sign-in that ends in mid-checkout leads through sign-in and back with nothing lost', async (house) => {
  const visitor = await buyerAt(house, 3)
  const { page } = visitor
  const sku = firstSku(jingdong)
  const staff = await shopStaff(house, jingdong)
  await toCheckout(page, await staff.skuId(sku.titleZh))
  await page.getByRole('button', { name: '增加' }).click()
  await visitor.context.clearCookies()
  visitor.expectRefusals(/\/api\//)
  await payButton(page, 2 * sku.priceFen).click()
  await page.getByRole('link', { name: '重新登录后继续' }).click()
  await page.waitForURL('**/sign-in**')
  await signInByPhone(page, buyerOf(3).phone)
  await page.waitForURL('**/checkout')
  await page.getByText('演示路 8 号院').waitFor()
  await payButton(page, 2 * sku.priceFen).click()
  await page.getByRole('heading', { name: '支付成功' }).waitFor()
  const [newest] = await ordersOf(page)
  assert.deepEqual(
    newest?.lines.map((line) => [line.titleZh, line.qty]),
    [[sku.titleZh, 2]],
  )
})

journey('two taps on pay make one order', async (house) => {
  const { page } = await buyerAt(house, 4)
  const sku = firstSku(jingdong)
  const staff = await shopStaff(house, jingdong)
  await toCheckout(page, await staff.skuId(sku.titleZh))
  const before = await ordersOf(page)
  await payButton(page, sku.priceFen).dblclick()
  await page.getByRole('heading', { name: '支付成功' }).waitFor()
  assert.equal((await ordersOf(page)).length, before.length + 1)
})

journey('the shop speaks English at a tap, and still does after a reload', async (house) => {
  const { page } = await house.visitor({ name: 'reader', screen: 'desktop' })
  const sku = firstSku(jingdong)
  await page.goto('/')
  await page.getByText(sku.titleZh).first().waitFor()
  await page.getByRole('banner').getByRole('button', { name: 'EN', exact: true }).click()
  await page.getByText(sku.titleEn).first().waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  await page.reload()
  await page.getByText(sku.titleEn).first().waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  await page.getByRole('banner').getByRole('button', { name: '中文' }).click()
  await page.getByText(sku.titleZh).first().waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
})

function firstSku(shop: DemoShop) {
  const sku = shop.lots[0]?.skus[0]
  assert.ok(sku)
  return sku
}

const yuan = (fen: number) => (fen / 100).toFixed(2)

function payButton(page: Page, totalFen: number): Locator {
  return page.getByRole('button', { name: `支付 ¥${yuan(totalFen)}` })
}

function buyerOf(index: number) {
  const person = DEMO_BUYERS[index]
  assert.ok(person)
  return person
}

/** One of the demo's buyers, who has an address on file. Each journey takes another, since buyers have limits. */
async function buyerAt(house: House, index: number): Promise<Visitor> {
  const visitor = await house.visitor({ name: `buyer-${index}`, screen: 'phone' })
  await signInQuietly(visitor, buyerOf(index).email)
  return visitor
}

/** From the product's page straight to its checkout, as far as the address. */
async function toCheckout(page: Page, skuId: number): Promise<void> {
  await page.goto(`/goods/${skuId}`)
  await page.getByRole('button', { name: '立即购买' }).click()
  await page.waitForURL('**/checkout')
  await page.getByText('演示路 8 号院').waitFor()
}

async function fillAddress(form: Locator): Promise<void> {
  await form.getByLabel('收货人').fill('林晓')
  await form.getByLabel('手机号').fill('13800138000')
  await form.getByLabel('省（区、市）').selectOption({ label: '上海市' })
  await form.getByLabel('市（州）').selectOption({ index: 1 })
  await form.getByLabel('县（市、区）').selectOption({ label: '黄浦区' })
  await form.getByLabel('街道、门牌号').fill('南京路 8 号')
  await form.getByRole('button', { name: '保存' }).click()
}

/** The signed-in buyer's orders, newest first. */
async function ordersOf(page: Page): Promise<Order[]> {
  const response = await page.request.get('/api/orders?limit=50')
  return (await response.json()).items
}

async function stockOf(house: House, skuId: number): Promise<number> {
  const response = await fetch(`${house.baseUrl}/api/skus?ids=${skuId}`)
  const { items } = (await response.json()) as { items: SkuCard[] }
  const [card] = items
  assert.ok(card)
  return card.stock
}

/** What a shop's own people do meanwhile, through the API. Products are named by their Chinese title. */
async function shopStaff(house: House, shop: DemoShop) {
  const session = await house.session(staffEmails[shop.key] ?? '')
  const { items } = await session.send<{ items: { id: number }[] }>('GET', '/api/my/shops')
  const shopId = items[0]?.id
  const find = async (title: string) => {
    const { items: skus } = await session.send<{ items: StudioSku[] }>('GET', `/api/shops/${shopId}/skus`)
    const found = skus.find((sku) => sku.titleZh === title)
    assert.ok(found, title)
    return found
  }
  return {
    skuId: async (title: string) => (await find(title)).skuId,
    async change(title: string, edit: { priceFen: number }) {
      const { skuId, version } = await find(title)
      await session.send('PATCH', `/api/shops/${shopId}/skus/${skuId}`, { version, ...edit })
    },
    async emptyStock(title: string) {
      const { skuId, stock } = await find(title)
      await session.send('POST', `/api/shops/${shopId}/skus/${skuId}/stock`, { delta: -stock })
    },
  }
}

const staffEmails: Record<string, string> = {
  jingdong: 'shop@demo.chunbo',
  maguan: 'shop101@demo.chunbo',
  chengbu: 'shop102@demo.chunbo',
  pingshun: 'shop103@demo.chunbo',
}
