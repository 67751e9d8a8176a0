/**
 * Three people run one show from three desks, with viewers in the room: what one does the others see with the name, two who pin
 * at once end up with the same goods, what was done is taken back, a drop opened on one desk runs on all, a line is deleted
 * everywhere, and whoever wrote it falls silent.
 */
import assert from 'node:assert/strict'
import type { RoomPage } from '@chunbo/contract/rooms'
import type { Locator, Page } from 'playwright-core'
import { JINGDONG } from '../demo/counties/demo-shop.ts'
import { type House, journey, keepPicture } from './house.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import type { Visitor, VisitorOptions } from './visitor.ts'

const ROOM = 1
const host = 'host@demo.chunbo'
const helper = 'operator@demo.chunbo'
const moderator = 'editor@demo.chunbo'

/** The editor joins the county's host team, so that three people and not one at three desks are there. */
let joining: Promise<void> | undefined
function joinTeam(house: House): Promise<void> {
  joining ??= (async () => {
    const operator = await house.session(helper)
    const { items } = await operator.send<{ items: { userId?: number; id?: number }[] }>(
      'GET',
      `/api/users?email=${encodeURIComponent(moderator)}`,
    )
    const userId = items[0]?.userId ?? items[0]?.id
    await operator.send('POST', '/api/grants', { userId, role: 'host', countyCode: JINGDONG })
  })()
  return joining
}

async function atDesk(house: House, email: string, screen: VisitorOptions['screen'] = 'desktop'): Promise<Visitor> {
  const visitor = await house.visitor({ name: email.split('@')[0] ?? email, screen })
  await signInQuietly(visitor, email)
  await visitor.page.goto(`/desk/${ROOM}`)
  await visitor.page.getByRole('region', { name: '货架' }).first().waitFor()
  return visitor
}
async function inRoom(house: House, name: string, email?: string): Promise<Visitor> {
  const visitor = await house.visitor({ name, screen: 'phone' })
  if (email !== undefined) await signInQuietly(visitor, email)
  await visitor.page.goto(`/rooms/${ROOM}`)
  await visitor.page.getByRole('article').getByRole('heading').first().waitFor()
  return visitor
}

const shelf = (page: Page) => page.getByRole('region', { name: '货架' })
const feed = (page: Page) => page.getByRole('region', { name: '刚才做了什么' })
const pinButtons = (page: Page) => shelf(page).getByRole('button', { name: /^讲解 / })
/** What is explained as a desk shows it, and as a viewer sees it. */
const explainedAtDesk = (page: Page) => shelf(page).locator('article strong').first()
const explainedInRoom = (page: Page) => page.getByRole('article').getByRole('heading')

async function pinnedTitle(house: House): Promise<string> {
  const room = (await (await fetch(`${house.baseUrl}/api/rooms/${ROOM}`)).json()) as RoomPage
  return room.shelf.find(({ sku }) => sku.skuId === room.pinned?.skuId)?.sku.titleZh ?? ''
}
async function allSee(house: House, desks: readonly Page[], viewers: readonly Page[], title: string): Promise<void> {
  await until(`everybody sees ${title}`, async () => {
    // A card on its way out still stands beside the one that comes in.
    const shown = await Promise.all([
      ...desks.map((page) => explainedAtDesk(page).allTextContents()),
      ...viewers.map((page) => explainedInRoom(page).allTextContents()),
    ])
    return (
      shown.every((texts) => texts.length === 1 && texts[0]?.trim() === title) && (await pinnedTitle(house)) === title
    )
  })
}
const titleOf = async (button: Locator) => ((await button.getAttribute('aria-label')) ?? '').replace(/^讲解 /, '')

journey('three desks: what one does the others see, and two pins at once end as one', async (house) => {
  await joinTeam(house)
  const [a, b, c] = [await atDesk(house, host), await atDesk(house, helper), await atDesk(house, moderator)]
  const [buyer, stranger] = [await inRoom(house, 'buyer', 'buyer@demo.chunbo'), await inRoom(house, 'stranger')]
  const desks = [a.page, b.page, c.page]
  const viewers = [buyer.page, stranger.page]

  await a.page.getByRole('button', { name: '中控台上 3 人' }).waitFor()
  await c.page.getByRole('button', { name: '中控台上 3 人' }).click()
  const people = c.page.getByRole('dialog', { name: '谁在中控台' })
  await people.getByRole('button', { name: /^场控/ }).click()
  await people.getByRole('button', { name: '关闭' }).click()
  await a.page.getByRole('button', { name: '中控台上 3 人' }).click()
  await a.page.getByRole('dialog').getByRole('listitem').filter({ hasText: '频道编辑' }).getByText('场控').waitFor()
  await a.page.keyboard.press('Escape')

  // One pins: the others see it and who did it.
  const first = await titleOf(pinButtons(a.page).nth(0))
  await pinButtons(a.page).nth(0).click()
  await allSee(house, desks, viewers, first)
  await feed(b.page).getByText(`讲解“${first}”`).first().waitFor()

  // Two pin at once, three times over: whatever comes of it, it is the same for all.
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([pinButtons(a.page).nth(0).click(), pinButtons(b.page).nth(1).click()])
    await until('both are done', async () => {
      const said = await Promise.all(desks.map((page) => explainedAtDesk(page).textContent()))
      return said.every((text) => text !== '' && text === said[0])
    })
    await allSee(house, desks, viewers, await pinnedTitle(house))
  }

  // A third one takes the last pin back.
  const before = await pinnedTitle(house)
  const wanted = await titleOf(pinButtons(a.page).last())
  await pinButtons(a.page).last().click()
  await allSee(house, desks, viewers, wanted)
  await feed(c.page)
    .getByRole('button', { name: `撤销：讲解“${wanted}”` })
    .click()
  await allSee(house, desks, viewers, before)
  await feed(a.page).getByText('撤销了').first().waitFor()
  await keepPicture(a.page, 'desk-team-desktop-zh')
})

journey('a drop opened on one desk runs on all and reaches the viewers; winners are drawn', async (house) => {
  await joinTeam(house)
  const [a, b] = [await atDesk(house, host), await atDesk(house, helper)]
  const viewer = await inRoom(house, 'winner', 'buyer@demo.chunbo')
  await a.page.keyboard.press('b')
  const sheet = a.page.getByRole('dialog', { name: '福袋' })
  await sheet.getByLabel('奖品（中文）').fill('豌豆一箱')
  await sheet.getByLabel('每份值多少钱（元）').fill('29.90')
  await sheet.getByText('点一下就行').click()
  await sheet.getByRole('button', { name: '发出去' }).click()
  await a.page.getByText('发出去了').waitFor()

  await b.page.getByRole('tab', { name: /福利/ }).click()
  const running = b.page.locator('[data-drop=bag]').first()
  await running.getByRole('timer').waitFor()
  await viewer.page.getByRole('alert').getByRole('button', { name: /福袋/ }).click()
  await viewer.page.getByRole('dialog').getByRole('button', { name: '免费参加' }).click()
  await running.getByText('1 人参加').waitFor()
  await a.page.locator('[data-drop=bag]').first().getByText('1 人参加').waitFor()

  await running.getByRole('button', { name: '提前结束：豌豆一箱' }).click()
  await b.page.getByRole('alertdialog').getByRole('button', { name: '提前结束' }).click()
  for (const page of [a.page, b.page])
    await page.locator('[data-drop=bag]').first().getByRole('button', { name: '看中奖的人' }).waitFor()
  await running.getByRole('button', { name: '看中奖的人' }).click()
  await b.page.getByRole('dialog', { name: '中奖的人' }).getByText('还没填收货地址').waitFor()
  await keepPicture(b.page, 'desk-winners-desktop-zh')
})

journey('a line is deleted everywhere and its author silenced; what many ask is one question', async (house) => {
  await joinTeam(house)
  const [a, c] = [await atDesk(house, host), await atDesk(house, moderator, 'phone')]
  const [rude, other] = [
    await inRoom(house, 'rude', 'merchant@demo.chunbo'),
    await inRoom(house, 'asker', 'commissioner@demo.chunbo'),
  ]
  await say(rude.page, '邮费多少钱？')
  await say(other.page, '请问邮费多少')
  await say(rude.page, '都别买了难吃')
  await c.page.getByRole('button', { name: /^互动|互动$/ }).click()
  const line = c.page.getByRole('log').getByRole('listitem').filter({ hasText: '都别买了难吃' })
  await line.getByRole('button', { name: /的评论$/ }).click()
  await c.page
    .getByRole('dialog')
    .getByRole('button', { name: /^删除这条/ })
    .click()
  for (const page of [a.page, c.page, rude.page, other.page])
    await page.getByRole('log').getByText('都别买了难吃').waitFor({ state: 'detached' })

  const asked = c.page.getByRole('log').getByRole('listitem').filter({ hasText: '邮费多少钱？' })
  await asked.getByRole('button', { name: /的评论$/ }).click()
  const sheet = c.page.getByRole('dialog')
  await sheet.getByRole('button', { name: /^禁言/ }).click()
  await sheet.getByText('同时删掉 TA 在这里说过的话').click()
  await keepPicture(c.page, 'desk-mute-phone-zh')
  await sheet.getByRole('button', { name: '禁言', exact: true }).click()
  await feed(a.page)
    .getByText(/^.*禁言/)
    .first()
    .waitFor()
  await write(rude.page, '我还要说')
  await rude.page
    .getByText(/你被禁言了/)
    .first()
    .waitFor()

  await a.page.getByRole('tab', { name: /提问/ }).click()
  const question = a.page.locator('[data-question]').filter({ hasText: '邮费' })
  await question.getByText('2 人问').waitFor()
  await question.getByRole('button', { name: /^口头答了/ }).click()
  await a.page.locator('[data-question]').waitFor({ state: 'detached' })
  await a.page.getByText('口头回答').first().waitFor()

  await a.page.getByRole('tab', { name: /场控/ }).click()
  await a.page.getByRole('button', { name: '解除' }).click()
  await rude.page.reload()
  await say(rude.page, '谢谢，我好好说话')
  await a.page.getByRole('tab', { name: /评论/ }).click()
  await a.page.getByRole('log').getByText('谢谢，我好好说话').waitFor()
})

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: '说点什么…' }).click()
  await page.getByLabel('说点什么…').fill(text)
  await page.getByRole('button', { name: '发送' }).click()
}
/** Writes a line and sees it in the chat. */
async function say(page: Page, text: string): Promise<void> {
  await write(page, text)
  await page.getByRole('log').getByText(text).waitFor()
}

journey(
  'the run of show: written by two at once without losing a word, and read from the host’s phone',
  async (house) => {
    await joinTeam(house)
    const [a, b] = [await atDesk(house, host), await atDesk(house, helper)]
    const phone = await house.visitor({ name: 'prompter', screen: 'phone' })
    await signInQuietly(phone, host)
    await phone.page.goto(`/desk/${ROOM}/prompter`)

    await a.page.getByRole('button', { name: '按货架生成' }).click()
    await a.page.getByLabel('口播稿').first().fill('各位乡亲，欢迎来到景东。')
    await a.page.getByRole('button', { name: '保存' }).click()
    await b.page
      .getByRole('button', { name: '从第一项开始' })
      .or(b.page.getByRole('button', { name: /^下一项/ }))
      .waitFor()

    // Both write; the second is told and keeps every word.
    for (const { page } of [a, b])
      await page.getByRole('region', { name: '流程' }).getByRole('button', { name: '修改' }).click()
    await a.page.getByLabel('口播稿').nth(1).fill('这个豌豆，早上五点摘的。')
    b.expectRefusals(new RegExp(`/api/rooms/${ROOM}/run$`))
    await b.page.getByLabel('口播稿').nth(1).fill('豌豆甜，生吃都行。')
    await a.page.getByRole('button', { name: '保存' }).click()
    await a.page.getByText('流程单已保存').waitFor()
    await b.page.getByRole('button', { name: '保存' }).click()
    await b.page.getByText(/也改了流程单/).waitFor()
    assert.equal(await b.page.getByLabel('口播稿').nth(1).inputValue(), '豌豆甜，生吃都行。')
    await b.page.getByText('这个豌豆，早上五点摘的。').waitFor()
    await b.page.getByRole('button', { name: '用我的' }).click()
    await b.page.getByRole('button', { name: '保存' }).click()
    await b.page.getByText('流程单已保存').waitFor()

    await phone.page.getByText('各位乡亲，欢迎来到景东。').waitFor()
    await a.page.keyboard.press('n')
    await phone.page.getByRole('timer').waitFor()
    await b.page.keyboard.press('n')
    await phone.page.getByText('豌豆甜，生吃都行。').waitFor()
    await keepPicture(phone.page, 'prompter-on-phone-zh')
  },
)
