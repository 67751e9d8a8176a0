/** The relief desk with two hundred cases: found, taken over, turned down and taken back, verified, by hand and by keyboard. */
import assert from 'node:assert/strict'
import type { ReliefCase } from '@chunbo/contract/relief'
import type { Page } from 'playwright-core'
import { type House, journey, keepPicture } from './house.ts'
import { casesCsv, manyCases } from './many-cases.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import type { Visitor, VisitorOptions } from './visitor.ts'

const desk = 'relief-desk@demo.chunbo'
const cases = manyCases(200)
/** A province in which the demo world has no case of its own. */
const inGuizhou = cases.filter(({ county }) => Math.floor(county / 10_000) === 52).length

let sending: Promise<void> | undefined
/** The office's file, taken in once for all journeys of this file. */
function sendCases(visitor: Visitor): Promise<void> {
  sending ??= (async () => {
    const answer = await visitor.context.request.post('/api/relief/alerts/csv?sender=office', {
      headers: { 'content-type': 'text/csv' },
      data: Buffer.from(casesCsv(cases)),
    })
    assert.equal(answer.status(), 200, await answer.text())
    assert.equal((await answer.json()).opened, cases.length, await answer.text())
  })()
  return sending
}

async function atDesk(house: House, screen: VisitorOptions['screen']): Promise<Visitor> {
  const visitor = await house.visitor({ name: `desk-${screen}`, screen })
  await signInQuietly(visitor, desk)
  await sendCases(visitor)
  return visitor
}
const rows = (page: Page) => page.locator('[data-case]')
const rowsShown = (page: Page, count: number) =>
  until(`${count} cases are shown`, async () => (await rows(page).count()) === count)

journey('two hundred cases on the board, and a filter that survives a reload', async (house) => {
  const { page } = await atDesk(house, 'desktop')
  await page.goto('/relief-desk')
  await until('all cases are on the board', async () => (await rows(page).count()) >= cases.length)
  await keepPicture(page, 'relief-board-200')
  await page.getByLabel('省份').selectOption('520000')
  await page.waitForURL(/province=520000/)
  await rowsShown(page, inGuizhou)
  await page.reload()
  await rowsShown(page, inGuizhou)
  assert.equal(await page.getByLabel('省份').inputValue(), '520000')
  await page.getByRole('button', { name: '清除筛选' }).click()
  await until('the board is whole again', async () => (await rows(page).count()) >= cases.length)
  // A case opened and left again leads back to the same place of the board.
  const column = page.locator('[data-scroll="reported"]')
  await column.evaluate((element) => element.scrollTo({ top: 2000 }))
  await rows(page).nth(20).getByRole('link').click()
  await page.waitForURL(/\/cases\/\d+$/)
  await page.goBack()
  await until('the column stands where it stood', () => column.evaluate((element) => element.scrollTop > 1000))
})

journey('by keyboard: cases are taken over, turned down and taken back', async (house) => {
  const { page } = await atDesk(house, 'desktop')
  await page.goto('/relief-desk?stage=reported&province=520000')
  await rowsShown(page, inGuizhou)
  for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key)
  await page.getByText('选了 3 件').waitFor()
  await page.keyboard.press('a')
  await page.getByText('3 件归你负责').waitFor()
  await page.getByRole('button', { name: '我负责的' }).click()
  await page.waitForURL(/mine=1/)
  await rowsShown(page, 3)
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
  await page.getByRole('region', { name: '对选中的个案' }).getByRole('button', { name: '驳回' }).click()
  const sheet = page.getByRole('dialog', { name: '驳回 2 件' })
  await sheet.getByRole('button', { name: '驳回' }).click()
  await sheet.getByText('请写明原因').waitFor()
  await sheet.getByRole('button', { name: '已经自己卖完' }).click()
  await sheet.getByRole('button', { name: '驳回', exact: true }).click()
  await page.getByText('驳回了 2 件').waitFor()
  await rowsShown(page, 1)
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByText('已撤销 2 件').waitFor()
  await page.getByRole('button', { name: '我负责的' }).click()
  await rowsShown(page, inGuizhou)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: '快捷键' }).waitFor()
})

journey('a case is verified, and a change by somebody else is told without losing words', async (house) => {
  const visitor = await atDesk(house, 'desktop')
  const { page } = visitor
  await page.goto('/relief-desk?stage=reported&sort=due')
  await rows(page).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('v')
  await page.waitForURL(/\/cases\/\d+\?act=verify$/)
  const id = Number(/cases\/(\d+)/.exec(page.url())?.[1])
  // The key v leads to the field itself.
  await until('the evidence has the focus', () =>
    page.getByLabel('依据').evaluate((field) => field.ownerDocument.activeElement === field),
  )
  await page.getByRole('button', { name: '核实无误' }).click()
  await page.getByText('请写下依据').waitFor()
  await page.getByLabel('依据').fill('村支书电话确认，三十亩都熟了')
  await page.getByRole('button', { name: '看联系方式' }).first().click()
  await page.getByRole('button', { name: '打电话核实' }).click()
  await page.getByRole('button', { name: '看', exact: true }).click()
  await page.getByText(/^138 0000 \d{4}$/).waitFor()
  await page.getByRole('button', { name: '核实无误' }).click()
  await page.getByText('已核实，可以找商家了').waitFor()
  await page.getByText('村支书电话确认，三十亩都熟了').waitFor()
  await editStory(house, visitor, id)
  await keepPicture(page, 'relief-case', true)
})

/** Writes the story while a colleague changes the case: the page says so, keeps the words and saves them on the second try. */
async function editStory(house: House, { page, expectRefusals }: Visitor, id: number): Promise<void> {
  const colleague = await house.session('operator@demo.chunbo')
  const story = page.locator('section').filter({ has: page.getByRole('heading', { name: '爱心助农页的故事' }) })
  await story.getByRole('button', { name: '修改' }).click()
  await story.getByLabel('中文').fill('三十亩豌豆，等人来摘')
  const { version } = await colleague.send<ReliefCase>('GET', `/api/relief/cases/${id}`)
  await colleague.send('PATCH', `/api/relief/cases/${id}`, { version, households: 42 })
  expectRefusals(new RegExp(`/api/relief/cases/${id}$`))
  await story.getByRole('button', { name: '保存' }).click()
  await page.getByText(/刚被.*改过，请先看看/).waitFor()
  assert.equal(await story.getByLabel('中文').inputValue(), '三十亩豌豆，等人来摘')
  await page.getByRole('button', { name: '看过了' }).click()
  await story.getByRole('button', { name: '保存' }).click()
  await story.getByText('三十亩豌豆，等人来摘').waitFor()
  await page.getByText('42', { exact: true }).waitFor()
}

journey('on a phone: a stage by its tab, the map by province', async (house) => {
  const { page } = await atDesk(house, 'phone')
  await page.goto('/relief-desk')
  await page.getByRole('tab', { name: /待核实/ }).click()
  await page.waitForURL(/stage=reported/)
  await rows(page).first().waitFor()
  await page.getByRole('button', { name: '筛选' }).click()
  await page.getByLabel('省份').selectOption('530000')
  await page.getByRole('button', { name: '看结果' }).click()
  await page.waitForURL(/province=530000/)
  await page.getByRole('link', { name: '地图' }).click()
  await page.getByRole('button', { name: /^云南：/ }).click()
  await page.waitForURL(/map\?province=530000/)
  await page.getByRole('heading', { name: /^云南 · \d+ 件/ }).waitFor()
  await keepPicture(page, 'relief-map-phone', true)
  await page.getByRole('link', { name: '在看板里看' }).click()
  await page.waitForURL(/\/relief-desk\?province=530000/)
})

journey('a paper of a merchant is refused with a reason and then accepted', async (house) => {
  const visitor = await house.visitor({ name: 'desk-papers', screen: 'desktop' })
  await signInQuietly(visitor, desk)
  const { page } = visitor
  await page.goto('/relief-desk/merchants')
  const card = page.getByRole('listitem').filter({ hasText: '鲜际供应链' }).first()
  await card.getByText('证件齐全').waitFor()
  await card.getByRole('button', { name: /鲜际供应链/ }).click()
  const paper = card.getByRole('listitem').filter({ hasText: '营业执照' })
  await paper.getByRole('button', { name: '不合格' }).click()
  await paper.getByRole('button', { name: '不合格' }).click()
  await paper.getByText('请写明哪里不合格').waitFor()
  await paper.getByLabel('哪里不合格？').fill('照片看不清')
  await paper.getByRole('button', { name: '不合格' }).click()
  await paper.getByText('照片看不清').waitFor()
  await card.getByText('缺 营业执照').waitFor()
  await keepPicture(page, 'relief-merchants-papers')
  await paper.getByRole('button', { name: '有效' }).click()
  await card.getByText('证件齐全').waitFor()
})
