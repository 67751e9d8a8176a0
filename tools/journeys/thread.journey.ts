/**
 * The thread from end to end, on real input: a host schedules a room, a stream comes in, people watch it, the peas are
 * pinned, bought and paid while it runs, the order is shipped and received, the grams stand on the county's page, and after
 * the show the replay plays.
 */
import assert from 'node:assert/strict'
import type { CountyImpact } from '@chunbo/contract/impact'
import { formatTotalWeight } from '@chunbo/contract/mass'
import type { Locator, Page } from 'playwright-core'
import { JINGDONG } from '../demo/counties/demo-shop.ts'
import { jingdong } from '../demo/counties/jingdong.ts'
import { type Camera, startCamera } from './camera.ts'
import { demoPerson, type House, journey, keepPicture } from './house.ts'
import { signInByEmail, signInByPhone } from './sign-in.ts'
import { seeItPlay, until, watched } from './until.ts'

const peas = jingdong.lots[0]?.skus[0]
assert.ok(peas)
const { titleZh, titleEn, netG } = peas
const roomTitle = '豌豆开摘 从地头播到灶头'
const tracking = 'SF2026112300017'

journey('from the host who schedules a room to the replay', async (house) => {
  const host = await house.visitor({ name: 'host', screen: 'desktop' })
  const buyer = await house.visitor({ name: 'buyer', screen: 'phone' })
  const watcher = await house.visitor({ name: 'watcher', screen: 'desktop', locale: 'en' })

  const roomId = await scheduleRoom(host.page)
  await fillShelf(host.page)
  const gramsBefore = (await countyImpact(house)).sold.grams

  await buyer.page.goto(`/rooms/${roomId}`)
  await buyer.page.getByRole('heading', { name: roomTitle }).first().waitFor()
  await buyer.page.getByRole('timer').waitFor()
  const camera = await goOnAir(host.page)
  house.atEnd(() => camera.stop())

  const picture = buyer.page.locator('video[aria-label="直播画面"]')
  await seeItPlay(picture, 2)
  await watcher.page.goto(`/rooms/${roomId}`)
  await seeItPlay(watcher.page.locator('video[aria-label="Live picture"]'), 1)

  await host.page.getByRole('button', { name: `讲解 ${titleZh}` }).click()
  const [buyerCard, watcherCard] = [pinnedCard(buyer.page), pinnedCard(watcher.page)]
  await watcherCard.getByRole('heading', { name: titleEn }).waitFor()
  await buyerCard.getByRole('heading', { name: titleZh }).waitFor()
  const stock = await stockOf(buyerCard)
  assert.equal(await stockOf(watcherCard), stock)

  await buyInTheRoom(buyer.page, buyerCard, picture)
  await until('both see two packs less', async () => {
    return (await stockOf(buyerCard)) === stock - 2 && (await stockOf(watcherCard)) === stock - 2
  })
  await chatGoesAcross({ buyer: buyer.page, watcher: watcher.page, host: host.page })

  await shipTheOrder(house)
  await keepPicture(host.page, 'desk-on-air-desktop-zh')
  const orders = await buyer.tab()
  await seeTheParcel(orders)

  await until('the county has sold the two packs more, to the gram', async () => {
    return (await countyImpact(house)).sold.grams === gramsBefore + 2 * netG
  })
  await orders.goto(`/counties/${JINGDONG}`)
  await orders
    .getByText(formatTotalWeight(gramsBefore + 2 * netG, 'zh'), { exact: true })
    .first()
    .waitFor()
  await orders.close()

  await endTheShow(host.page)
  await seeItPlay(buyer.page.locator('video[aria-label="回放"]'), 2)
  await seeItPlay(watcher.page.locator('video[aria-label="Replay"]'), 2)
  await keepPicture(buyer.page, 'room-replay-phone-zh')
  await keepPicture(watcher.page, 'room-replay-desktop-en')
})

/** Signs the host in and sets a time for a room; ends on its desk. Gives the room's id. */
async function scheduleRoom(page: Page): Promise<number> {
  await signInByEmail(page, 'host@demo.chunbo', '/desk')
  await page.getByRole('link', { name: '安排一场直播' }).click()
  await page.getByLabel('标题（中文）').fill(roomTitle)
  await page.getByLabel('标题（英文）').fill('Peas from the field to the stove')
  await page.getByLabel('职务（中文）').fill('副县长')
  await page.getByLabel('职务（英文）').fill('Deputy county head')
  await page.getByLabel('哪个县').selectOption({ label: '景东彝族自治县' })
  await page.getByRole('button', { name: '保存' }).click()
  await page.waitForURL('**/desk')
  const row = page.getByRole('article').filter({ hasText: roomTitle })
  await row.getByRole('link', { name: '进中控台' }).click()
  await page.waitForURL(/\/desk\/\d+$/)
  return Number(/\d+$/.exec(page.url())?.[0])
}

/** Puts everything that the county sells on the shelf, the peas among it. */
async function fillShelf(page: Page): Promise<void> {
  await page.getByRole('button', { name: '上货' }).first().click()
  const sheet = page.getByRole('dialog', { name: '从本县在售商品里挑' })
  const goods = sheet.locator('label')
  await goods.filter({ hasText: titleZh }).click()
  await goods.filter({ hasText: '核桃' }).click()
  await sheet.getByRole('button', { name: '放上货架（2）' }).click()
  await page.getByRole('button', { name: `讲解 ${titleZh}` }).waitFor()
}

/** Reads address and key at the desk, as a host copies them into OBS, and sends a stream there. */
async function goOnAir(page: Page): Promise<Camera> {
  await page.getByRole('button', { name: '显示', exact: true }).click()
  const [url, key] = await page.getByRole('region', { name: '画面与信号' }).locator('code').allTextContents()
  assert.match(`${url}/${key}`, /^rtmp:\/\/localhost:\d+\/live\/\S{12,}$/)
  const camera = startCamera(`${url}/${key}`)
  await page.getByText('直播中', { exact: true }).first().waitFor()
  await seeItPlay(page.locator('video').first(), 1)
  return camera
}

function pinnedCard(page: Page): Locator {
  return page.getByRole('article').filter({ hasText: /讲解中|Now showing/ })
}

/** Packs that are left, as the card says it. */
async function stockOf(card: Locator): Promise<number> {
  const text = await card.locator('.stock .unseen').textContent()
  return Number((text ?? '').replace(/\D/g, ''))
}

/** A stranger taps buy, signs in within the sheet and pays two packs. The room is not left and its picture goes on. */
async function buyInTheRoom(page: Page, card: Locator, picture: Locator): Promise<void> {
  const address = page.url()
  await picture.evaluate((element) => {
    element.dataset.journey = 'same'
  })
  await card.getByRole('button', { name: '马上买' }).click()
  const sheet = page.getByRole('dialog', { name: '买这一款' })
  await sheet.waitFor()
  await signInByPhone(page, demoPerson('buyer@demo.chunbo').phone)
  await sheet.getByText('演示路 8 号院').waitFor()
  await keepPicture(page, 'room-buying-phone-zh')
  const before = await watched(picture)
  await sheet.getByRole('button', { name: '增加' }).click()
  await sheet.getByRole('button', { name: /^支付 ¥/ }).click()
  await sheet.getByRole('heading', { name: '买好了' }).waitFor()
  await sheet.getByRole('button', { name: '继续看直播' }).click()
  assert.equal(page.url(), address)
  assert.equal(await picture.getAttribute('data-journey'), 'same')
  await until('the picture went on under the sheet', async () => {
    const now = await watched(picture)
    return !now.paused && now.timeS > before.timeS + 1 && now.frames > before.frames
  })
}

async function chatGoesAcross(pages: { buyer: Page; watcher: Page; host: Page }): Promise<void> {
  await pages.buyer.getByRole('button', { name: '说点什么…' }).click()
  await pages.buyer.getByLabel('说点什么…').fill('豌豆甜不甜？')
  await pages.buyer.getByRole('button', { name: '发送' }).click()
  await pages.watcher.getByRole('log').getByText('豌豆甜不甜？').waitFor()
  await pages.host.getByRole('log').getByText('豌豆甜不甜？').waitFor()
  await pages.host.getByLabel('以主播身份说…').fill('甜，刚下过霜。')
  await pages.host.getByRole('button', { name: '发送' }).click()
  await pages.buyer.getByRole('log').getByText('甜，刚下过霜。').waitFor()
  await pages.watcher.getByRole('log').getByText('甜，刚下过霜。').waitFor()
}

/** The shop's own people find the order in their studio and send it. */
async function shipTheOrder(house: House): Promise<void> {
  const { page } = await house.visitor({ name: 'shop', screen: 'phone' })
  await signInByEmail(page, 'shop@demo.chunbo', '/studio')
  await page.getByRole('link', { name: jingdong.nameZh }).first().click()
  await page.getByRole('link', { name: '订单', exact: true }).click()
  const card = page.getByRole('article').filter({ hasText: '直播间' }).filter({ hasText: titleZh })
  await card.getByText('×2').waitFor()
  await card.getByRole('button', { name: '填单号发货' }).click()
  const sheet = page.getByRole('dialog', { name: '发货' })
  await sheet.getByText('顺丰').click()
  await sheet.getByLabel('快递单号').fill(tracking)
  await sheet.getByRole('button', { name: '确认发货' }).click()
  await card.getByText(tracking).waitFor()
}

async function seeTheParcel(page: Page): Promise<void> {
  await page.goto('/orders?status=shipped')
  await page.getByRole('article').filter({ hasText: titleZh }).getByRole('link').last().click()
  await page.waitForURL(/\/orders\/\d+\/\d+$/)
  await page.getByText(`顺丰速运 ${tracking}`).waitFor()
}

async function countyImpact(house: House): Promise<CountyImpact> {
  const response = await fetch(`${house.baseUrl}/api/impact/counties/${JINGDONG}`)
  return (await response.json()) as CountyImpact
}

/** The host ends the show, which is asked for in words. */
async function endTheShow(page: Page): Promise<void> {
  await page.getByRole('button', { name: '结束直播' }).click()
  const question = page.getByRole('alertdialog')
  await question.getByLabel('请输入“结束”来确认').fill('结束')
  await question.getByRole('button', { name: '结束直播' }).click()
  await page.getByText('直播已结束，辛苦了！').first().waitFor()
}
