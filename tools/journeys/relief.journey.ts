/**
 * The peas of Jingdong from the word to the last gram: reported from a poor phone without an account, verified by name, accepted
 * by a merchant, inspected, put on sale by the fast track, sold in the county's live room, and gone from the aid page.
 */
import assert from 'node:assert/strict'
import type { ReliefCase } from '@chunbo/contract/relief'
import type { Page } from 'playwright-core'
import { inspectGlut } from '../demo/relief-case.ts'
import { DemoSession } from '../demo/session.ts'
import { demoPerson, type House, journey, keepPicture } from './house.ts'
import { signInByPhone, signInQuietly } from './sign-in.ts'
import { seeItPlay, until } from './until.ts'

const VILLAGE = '黄草岭村'
const JIN = 400
const PACK_G = 2500
const PACKS = (JIN * 500) / PACK_G

journey('the peas of Jingdong, from the public form to the last gram', async (house) => {
  const farmer = await house.visitor({ name: 'farmer', screen: 'phone' })
  const { caseId, track } = await report(farmer.page)
  await farmer.page.goto(track)
  await farmer.page.getByText(/核实/).first().waitFor()

  const desk = await house.visitor({ name: 'desk', screen: 'desktop' })
  await signInQuietly(desk, 'relief-desk@demo.chunbo')
  await verify(desk.page, caseId)
  await accept(house, caseId)
  const people = {
    farmer: new DemoSession(house.baseUrl),
    desk: await house.session('relief-desk@demo.chunbo'),
    merchant: await house.session('merchant@demo.chunbo'),
    inspector: await house.session('inspector@demo.chunbo'),
  }
  await inspectGlut(people, caseId, { ...GLUT, tonnes: (JIN * 500) / 1_000_000 })
  const skuTitle = await list(desk.page, caseId)

  const buyer = await house.visitor({ name: 'buyer', screen: 'phone' })
  await buyer.page.goto('/aid')
  await buyer.page.getByText(VILLAGE).first().waitFor()
  await keepPicture(buyer.page, 'aid-list-phone-zh')
  await buyer.page.goto(`/aid/${caseId}`)
  await buyer.page.getByText('还剩 400 斤').first().waitFor()
  await buyInTheRoom(buyer.page, skuTitle)
  await buyTheRest(house, caseId)

  await until('the sums of order lines have taken the last pack in', async () => {
    const { leftG } = await people.farmer.send<{ leftG: number }>('GET', `/api/aid/${caseId}`)
    return leftG === 0
  })
  await buyer.page.goto(`/aid/${caseId}`)
  await buyer.page.getByText('谢谢大家，这批豌豆一件不剩').waitFor()
  await keepPicture(buyer.page, 'aid-last-gram-phone-zh', true)
  const sold = await until('the case is closed with every gram sold', async () => {
    const found = await people.desk.send<ReliefCase>('GET', `/api/relief/cases/${caseId}`)
    return found.soldG === found.listedG && found
  })
  assert.deepEqual([sold.soldG, sold.listedG], [JIN * 500, JIN * 500])
  const steps = sold.log.flatMap(({ toStage }) => toStage ?? [])
  for (const stage of ['reported', 'verified', 'offered', 'accepted', 'inspecting', 'coordinating', 'listed'] as const)
    assert.ok(steps.includes(stage), `${stage} is in the log`)
  await farmer.page.goto(track)
  await keepPicture(farmer.page, 'relief-track-sold-phone-zh', true)
})

const GLUT = {
  produceSlug: 'pea-pod',
  family: 'pod',
  countyCode: 530823,
  township: '文井镇',
  village: VILLAGE,
  lngE5: 10_083_000,
  latE5: 2_445_000,
  households: 7,
  harvestDays: [0, 7],
  floorFenPerKg: 400,
  words: '',
  farmer: { name: '李大山', phone: '13812340001' },
} as const

/** Six questions on a phone. Gives the case and the link's path. */
async function report(page: Page): Promise<{ caseId: number; track: string }> {
  const next = () => page.getByRole('button', { name: '下一步' }).click()
  await page.goto('/relief/report')
  await page.getByLabel('找一找，例如 豌豆').fill('豌豆')
  await page.getByRole('button', { name: '豌豆', exact: true }).click()
  await page.getByLabel('数量', { exact: true }).fill(String(JIN))
  await page.getByText('= 400 斤').waitFor()
  await next()
  await page.getByLabel('省（区、市）').selectOption({ label: '云南省' })
  await page.getByLabel('市（州）').selectOption({ label: '普洱市' })
  await page.getByLabel('县（市、区）').selectOption({ label: '景东彝族自治县' })
  await page.getByLabel('村（选填）').fill(VILLAGE)
  await next()
  await page.getByRole('button', { name: '还在地里、树上' }).click()
  await next()
  await page.getByRole('button', { name: '没有照片，跳过' }).click()
  await page.getByLabel('姓名').fill(GLUT.farmer.name)
  await page.getByLabel('电话').fill(GLUT.farmer.phone)
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/relief/alerts'))
  await page.getByRole('button', { name: '提交' }).click()
  const { caseId, token } = (await (await answered).json()) as { caseId: number; token: string }
  await page.getByRole('heading', { name: '收到了，谢谢您' }).waitFor()
  await keepPicture(page, 'relief-receipt-phone-zh')
  return { caseId, track: `/relief/track/${token}` }
}

async function verify(page: Page, caseId: number): Promise<void> {
  await page.goto(`/relief-desk/cases/${caseId}`)
  await page.getByLabel('依据').fill('和村里通了电话，照片和定位相符')
  await page.getByRole('button', { name: '核实无误' }).click()
  await page.getByText('已核实，可以找商家了').waitFor()
}

/** The desk chooses the merchant of the demo, who accepts on the phone. */
async function accept(house: House, caseId: number): Promise<void> {
  const desk = await house.session('relief-desk@demo.chunbo')
  const merchant = await house.session('merchant@demo.chunbo')
  const [own] = (await merchant.send<{ items: { id: number }[] }>('GET', '/api/my/merchants')).items
  assert.ok(own)
  await until('the merchant has the only offer', async () => {
    const url = `/api/relief/cases/${caseId}/offers`
    const { items } = await desk.send<{ items: { id: number; state: string; merchant: { id: number } }[] }>('GET', url)
    const open = items.filter(({ state }) => state === 'open')
    if (open.some((offer) => offer.merchant.id === own.id)) return true
    for (const { id } of open)
      await desk.send('POST', `/api/offers/${id}/cancel`, { reason: '整批给一家' }).catch(() => {})
    const acknowledged = ['lot_minimum', 'floor', 'capacity', 'life', 'window', 'reach', 'refused']
    const body = { merchantId: own.id, grams: JIN * 500, reason: '顺路带走，量小也接', acknowledged }
    await desk.send('POST', url, body).catch(() => {})
    return false
  })
  const visitor = await house.visitor({ name: 'merchant', screen: 'phone' })
  await signInQuietly(visitor, 'merchant@demo.chunbo')
  const { page } = visitor
  await page.goto('/merchant')
  const card = page.getByRole('article').filter({ hasText: VILLAGE })
  await card.getByRole('button', { name: '接单' }).click()
  await page.getByRole('dialog', { name: '接多少？' }).getByRole('button', { name: /^接下/ }).click()
  await page.getByText('已接单，验货员会去验货').waitFor()
}

/** The fast track, everything as it is filled in but price and packing. Gives the title of what is on sale. */
async function list(page: Page, caseId: number): Promise<string> {
  const next = () => page.getByRole('button', { name: '下一步' }).click()
  await page.goto(`/relief-desk/cases/${caseId}/fast-track`)
  await page.getByText('都按个案填好了').waitFor()
  await next()
  await page.getByText('最多能上架').waitFor()
  await next()
  await page.getByLabel('农户到手价').fill('6')
  await page.getByLabel('每件包装').fill('4')
  await next()
  await page.getByRole('button', { name: '上架开卖' }).click()
  await page.getByRole('heading', { name: '上架了' }).waitFor()
  const { skus } = await new DemoSession(new URL(page.url()).origin).send<{
    skus: { titleZh: string; stock: number }[]
  }>('GET', `/api/aid/${caseId}`)
  assert.equal(skus[0]?.stock, PACKS)
  return skus[0]?.titleZh ?? ''
}

/** From the harvest's page into the room that is on air, and one pack out of its bag while the picture goes on. */
async function buyInTheRoom(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: '去直播间' }).first().click()
  await page.waitForURL(/\/rooms\/\d+/)
  const picture = page.locator('video[aria-label="直播画面"]')
  await seeItPlay(picture, 1)
  await page.getByRole('button', { name: /^商品，共/ }).click()
  await keepPicture(page, 'room-bag-aid-phone-zh')
  const row = page.getByRole('dialog').getByRole('listitem').filter({ hasText: title }).last()
  await row.getByRole('button', { name: /买/ }).first().click()
  const sheet = page.getByRole('dialog', { name: '买这一款' })
  await signInByPhone(page, demoPerson('buyer@demo.chunbo').phone)
  await sheet.getByRole('button', { name: /^支付 ¥/ }).click()
  await sheet.getByRole('heading', { name: '买好了' }).waitFor()
}

/** Somebody else buys all that is left, and pays. */
async function buyTheRest(house: House, caseId: number): Promise<void> {
  const stranger = new DemoSession(house.baseUrl)
  const goods = async () =>
    (
      await stranger.send<{ skus: { shopId: number; skuId: number; stock: number; priceFen: number }[] }>(
        'GET',
        `/api/aid/${caseId}`,
      )
    ).skus[0]
  const sku = await goods()
  assert.ok(sku)
  assert.equal(sku.stock, PACKS - 1)
  const canteen = await house.session('shop@demo.chunbo')
  const { id: addressId } = await canteen.send<{ id: number }>('POST', '/api/me/addresses', {
    name: '食堂',
    phone: '13900000000',
    regionCode: 110105,
    detail: '演示路 9 号院',
    isDefault: true,
  })
  const lines = [{ shopId: sku.shopId, skuId: sku.skuId, qty: sku.stock, expectedPriceFen: sku.priceFen }]
  const { checkoutId } = await canteen.send<{ checkoutId: string }>(
    'POST',
    '/api/checkouts',
    { lines, addressId },
    { 'idempotency-key': crypto.randomUUID() },
  )
  await canteen.send('POST', `/api/checkouts/${checkoutId}/pay`, { method: 'sandbox' })
  assert.equal((await goods())?.stock, 0)
}
