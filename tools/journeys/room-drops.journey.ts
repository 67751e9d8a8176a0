/**
 * A viewer on a phone while the host's team drops things into the show: a bag is entered and drawn, a poll voted in, a coupon taken and used,
 * a question answered, a line taken down, a comment pinned, and what is said is silenced and appealed.
 */
import assert from 'node:assert/strict'
import type { RoomServerMessage, RoomView } from '@chunbo/contract/room-events'
import type { RoomDrop } from '@chunbo/contract/room-parts'
import type { RoomPage } from '@chunbo/contract/rooms'
import type { Page } from 'playwright-core'
import type { DemoSession } from '../demo/session.ts'
import { type House, journey, keepPicture } from './house.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import type { Visitor } from './visitor.ts'

interface Show {
  readonly team: DemoSession
  readonly roomId: number
  readonly room: RoomPage
}

/** The room that is on air in the demo, and a session of its host team. */
async function findShow(house: House): Promise<Show> {
  const team = await house.session('host@demo.chunbo')
  const { items } = await team.send<{ items: { id: number }[] }>('GET', '/api/rooms?status=live')
  const roomId = items[0]?.id
  assert.ok(roomId, 'the demo has no room on air')
  return { team, roomId, room: await team.send<RoomPage>('GET', `/api/rooms/${roomId}`) }
}

async function watch(house: House, { roomId }: Show, name: string): Promise<Visitor> {
  const visitor = await house.visitor({ name, screen: 'phone' })
  await signInQuietly(visitor, 'buyer@demo.chunbo')
  await visitor.page.goto(`/rooms/${roomId}`)
  await visitor.page.getByRole('button', { name: '说点什么…' }).waitFor()
  return visitor
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: '说点什么…' }).click()
  await page.getByLabel('说点什么…').fill(text)
  await page.getByRole('button', { name: '发送' }).click()
  await page.getByRole('log').getByText(text, { exact: false }).last().waitFor()
}

journey('a lucky bag comes in, is entered, drawn, and drawn again on the phone', async (house) => {
  const show = await findShow(house)
  const { page } = await watch(house, show, 'bag-viewer')
  const bag = await show.team.send<RoomDrop>('POST', `/api/rooms/${show.roomId}/bags`, {
    prizeZh: '景东核桃 2.5 公斤',
    prizeFen: 5900,
    prizes: 1,
    condition: 'none',
    seconds: 12,
  })
  const banner = page.getByRole('alert').filter({ hasText: '景东核桃' })
  await banner.waitFor()
  await keepPicture(page, 'room-drop-banner-phone-zh')
  await banner.getByRole('button', { name: /看看/ }).click()
  const sheet = page.getByRole('dialog', { name: '福袋' })
  await sheet.getByRole('button', { name: '免费参加' }).click()
  await sheet.getByText('已参加，等开奖').waitFor()
  await sheet.getByText('你中了！').waitFor()
  await sheet.getByRole('button', { name: '寄到这里' }).first().click()
  await sheet.getByText('地址已交给主播').waitFor()
  await sheet.getByRole('button', { name: '验一验这次开奖' }).click()
  await sheet.getByText('种子和指纹相符').waitFor()
  await sheet.getByText(/再抽一次，结果一样/).waitFor()
  await sheet.getByText('名单里有你这一张').waitFor()
  await keepPicture(page, 'room-bag-drawn-phone-zh')
  const { winners } = await show.team.send<{ winners: { claimedAtMs: number | null }[] }>(
    'GET',
    `/api/rooms/${show.roomId}/drops/${bag.id}/winners`,
  )
  assert.equal(winners.length, 1)
  assert.notEqual(winners[0]?.claimedAtMs, null)
})

journey('a vote counts once, and a coupon takes its sum off what is bought in the room', async (house) => {
  const show = await findShow(house)
  const { page } = await watch(house, show, 'coupon-viewer')
  const [first] = show.room.shelf
  assert.ok(first)
  const { shopId, skuId, priceFen } = first.sku
  await show.team.send('POST', `/api/rooms/${show.roomId}/polls`, {
    questionZh: '明天先开哪一样？',
    options: [{ zh: '豌豆' }, { zh: '核桃' }],
    seconds: 300,
  })
  await page.getByRole('button', { name: /^投票/ }).last().click()
  const poll = page.getByRole('dialog', { name: '投票' })
  await poll.getByRole('button', { name: '核桃' }).click()
  await poll.getByText('你投了这个').waitFor()
  await poll.getByText('100%').waitFor()
  await poll.getByRole('button', { name: '关闭' }).click()

  const validUntil = new Date(Date.now() + 86_400_000).toISOString()
  const offFen = 300
  await show.team.send('POST', `/api/rooms/${show.roomId}/coupons`, {
    ...{ shopId, offFen, fromFen: priceFen, total: 5, seconds: 300, validUntil },
  })
  await page
    .getByRole('button', { name: /^优惠券/ })
    .last()
    .click()
  const coupon = page.getByRole('dialog', { name: '优惠券' })
  await coupon.getByRole('button', { name: '马上领' }).click()
  await coupon.getByText('已领，下单时自动减').waitFor()
  await coupon.getByRole('button', { name: '关闭' }).click()

  await show.team.send('PUT', `/api/rooms/${show.roomId}/pin`, { shopId, skuId })
  await page.getByRole('article').filter({ hasText: '讲解中' }).getByRole('button', { name: '马上买' }).click()
  const sheet = page.getByRole('dialog', { name: '买这一款' })
  const pay = ((priceFen - offFen) / 100).toFixed(2)
  await sheet.getByRole('button', { name: `支付 ¥${pay}` }).click()
  await sheet.getByRole('heading', { name: '买好了' }).waitFor()
  await keepPicture(page, 'room-bought-with-coupon-phone-zh')
})

journey('a question is answered for all, a comment pinned, and a line that is taken down is gone', async (house) => {
  const show = await findShow(house)
  const { page } = await watch(house, show, 'asking-viewer')
  await say(page, '邮费多少呀')
  const question = await until('the question is on the desk', async () => {
    const { open } = await show.team.send<{ open: { id: number; intent: string }[] }>(
      'GET',
      `/api/rooms/${show.roomId}/questions`,
    )
    return open.find(({ intent }) => intent === 'shipping_cost')
  })
  await show.team.send('POST', `/api/rooms/${show.roomId}/questions/${question?.id}/answer`, { text: '全国包邮' })
  await page.getByRole('log').getByText('全国包邮').waitFor()
  await page.getByRole('log').getByText('已回答').waitFor()

  await say(page, '这一条等下会被撤掉')
  const line = await lineOf(house, show, '这一条等下会被撤掉')
  await show.team.send('PUT', `/api/rooms/${show.roomId}/chat-pin`, { lineId: line })
  await page.getByText('置顶').waitFor()
  await keepPicture(page, 'room-talk-phone-zh')
  await show.team.send('DELETE', `/api/rooms/${show.roomId}/chat/${line}`)
  await page.getByText('这一条等下会被撤掉').first().waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('log').getByText('全国包邮').waitFor()
  assert.equal(await page.getByText('这一条等下会被撤掉').count(), 0)
})

journey('who is silenced reads why, and appeals', async (house) => {
  const show = await findShow(house)
  const { page } = await watch(house, show, 'silenced-viewer')
  await say(page, '你们的豌豆都是骗人的')
  const lineId = await lineOf(house, show, '你们的豌豆都是骗人的')
  const mute = { lineId, minutes: 10, reason: 'abuse' }
  await show.team.send('POST', `/api/rooms/${show.roomId}/mutes`, mute)
  await page.getByRole('button', { name: '说点什么…' }).click()
  await page.getByLabel('说点什么…').fill('再说一句')
  await page.getByRole('button', { name: '发送' }).click()
  await page.getByRole('button', { name: '你被禁言了 · 申诉' }).click()
  const sheet = page.getByRole('dialog', { name: '你被禁言了' })
  await sheet.getByLabel('申诉').fill('我说错了，对不起')
  await sheet.getByRole('button', { name: '交上去' }).click()
  await sheet.getByText(/申诉已交/).waitFor()
  const { mutes } = await show.team.send<{ mutes: { id: number; appeal: object | null }[] }>(
    'GET',
    `/api/rooms/${show.roomId}/moderation`,
  )
  const waiting = mutes.find(({ appeal }) => appeal !== null)
  assert.ok(waiting)
  await show.team.send('POST', `/api/rooms/${show.roomId}/appeals/${waiting.id}`, { lift: true, words: '下次好好说' })
  await sheet.getByRole('button', { name: '关闭' }).click()
  // Whoever looks again finds that it is over, and can talk.
  await page.getByRole('button', { name: '你被禁言了 · 申诉' }).click()
  await say(page, '谢谢，会注意的')
})

/** The id of a line that was said, as anybody who comes in now is told it. */
async function lineOf(house: House, { roomId }: Show, text: string): Promise<string> {
  return until('the line is in the room', async () => {
    const { chat } = await lookIn(`${house.baseUrl.replace('http', 'ws')}/api/rooms/${roomId}/socket`)
    return chat.find((line) => line.text === text)?.id
  })
}

/** What a room looks like to who comes in now. */
function lookIn(url: string): Promise<RoomView> {
  const socket = new WebSocket(url)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => socket.send('{"t":"hello"}'))
    socket.addEventListener('error', () => reject(new Error('the room could not be looked into')))
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as RoomServerMessage
      if (message.t !== 'snapshot') return
      socket.close()
      resolve(message)
    })
  })
}
