/** A shop's own people: from the harvest to a product on sale with real pictures, and what is told when something is wrong. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { maguan } from '../demo/counties/maguan.ts'
import { type House, journey } from './house.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import type { Visitor } from './visitor.ts'

const title = '马关高山土豆 现挖现发'

journey('a lot becomes a product with two pictures, and buyers see it in the shop', async (house) => {
  const { page } = await staffAt(house)
  await recordLot(page)
  await page.getByRole('article').filter({ hasText: '小坝子村' }).getByRole('link', { name: '装成商品' }).click()
  await page.waitForURL(/\/skus\/new/)
  await page.locator('input[type=file]').setInputFiles([await photo('potatoes', 11), await photo('field', 47)])
  await fillProduct(page)

  // 100 kg hold forty packs of 2.5 kg and no more.
  await page.getByLabel('先放几件来卖').fill('41')
  await page.getByRole('button', { name: '保存并上架' }).click()
  await page.getByRole('alert').getByText('这批收成只够装 40 件').waitFor()
  assert.match(page.url(), /\/skus\/new/)
  await page.getByLabel('先放几件来卖').fill('40')
  await until('both pictures are on the server', async () => (await page.locator('.tile progress').count()) === 0)
  await page.getByRole('button', { name: '保存并上架' }).click()
  await page.waitForURL(/\/skus$/)

  const shopId = Number(/\/studio\/(\d+)/.exec(page.url())?.[1])
  await page.goto(`/shops/${shopId}`)
  const tile = page.getByRole('link').filter({ hasText: title })
  await seePicture(tile.getByRole('img'))
  await tile.click()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await page.getByText('1 / 2').waitFor()
  await page.getByText('还有 40 份').waitFor()
  await page.getByText('小坝子村').waitFor()
})

journey('a text that says it is a picture is refused, and its neighbour is kept', async (house) => {
  const visitor = await staffAt(house)
  const { page } = visitor
  visitor.expectRefusals(/\/api\/pictures$/)
  await page.getByRole('link', { name: '商品', exact: true }).click()
  await page.getByRole('link', { name: '新建商品' }).click()
  const lie = {
    name: 'potatoes.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('these are no potatoes\n'.repeat(40)),
  }
  await page.locator('input[type=file]').setInputFiles([lie, await photo('honest', 5)])
  await page
    .getByRole('alert')
    .getByText(/名字和内容对不上/)
    .waitFor()
  await until('the honest one is on the server', async () => (await page.locator('.tile progress').count()) === 0)
  assert.equal(await page.locator('.tile').count(), 2)
  await page.getByRole('button', { name: '去掉这张' }).first().click()
  await page
    .getByRole('alert')
    .getByText(/名字和内容对不上/)
    .waitFor({ state: 'detached' })
  assert.equal(await page.locator('.tile').count(), 1)
})

/** The papaya garden's person on a phone, on the start page of the shop. */
async function staffAt(house: House): Promise<Visitor> {
  const visitor = await house.visitor({ name: 'staff', screen: 'phone' })
  await signInQuietly(visitor, 'shop101@demo.chunbo')
  await visitor.page.goto('/studio')
  await visitor.page.getByRole('link', { name: maguan.nameZh }).click()
  await visitor.page.waitForURL(/\/studio\/\d+$/)
  return visitor
}

async function recordLot(page: Page): Promise<void> {
  await page.getByRole('link', { name: '收成', exact: true }).click()
  await page.getByRole('link', { name: '登记一批收成' }).click()
  await page.getByLabel('品种').click()
  const picker = page.getByRole('dialog', { name: '选一个品种' })
  await picker.getByLabel('搜名字').fill('土豆')
  await picker
    .getByRole('button', { name: /土豆|马铃薯/ })
    .first()
    .click()
  await page.getByLabel('数量').fill('100')
  await page.getByRole('radiogroup', { name: '单位' }).getByText('公斤', { exact: true }).click()
  await page.getByText('等于 100 公斤（200 斤）').waitFor()
  await page.getByLabel('开始采收').fill('2026-11-01')
  await page.getByLabel('采收结束').fill('2026-12-20')
  await page.getByLabel('乡镇').fill('坡脚镇')
  await page.getByLabel('村', { exact: true }).fill('小坝子村')
  await page.getByRole('button', { name: '保存' }).click()
  await page.waitForURL(/\/lots$/)
}

async function fillProduct(page: Page): Promise<void> {
  await page.getByLabel('名称（中文）').fill(title)
  await page.getByLabel('名称（英文）').fill('Highland potatoes of Maguan')
  await page.getByLabel('包装（中文）').fill('一箱')
  await page.getByLabel('净重（不算箱子）').fill('2.5')
  await page.getByRole('radiogroup', { name: '单位' }).getByText('公斤', { exact: true }).click()
  await page.getByLabel('价钱（元）').fill('19.90')
  await page.getByText('合每斤 ¥3.98').waitFor()
}

/** A real JPEG as a phone would send it: noise over a colour, so that it is no trivial file. */
async function photo(name: string, hue: number) {
  const background = { r: 120 + hue, g: 90 + hue, b: 40 }
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const
  const grain = await sharp({ create: { width: 1200, height: 1600, channels: 3, background, noise } })
    .png()
    .toBuffer()
  const buffer = await sharp(grain).tint(background).jpeg({ quality: 85 }).toBuffer()
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer }
}

async function seePicture(image: ReturnType<Page['locator']>): Promise<void> {
  await until('the picture is drawn', () => image.evaluate((element) => element.complete && element.naturalWidth > 100))
}
