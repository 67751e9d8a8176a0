/**
 * The picture of a room as a viewer has it: by a socket within half a second, through the publisher's absence and another picture size in the
 * same element, by playlists where sockets are refused, caught up with after a line that stalled, and after the show one explanation
 * alone, with the footage that was asked for. The camera films the clock, so that the picture itself says what was seen and when.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplaySegments } from '@chunbo/contract/evening'
import type { RoomDesk } from '@chunbo/contract/rooms'
import { type CodedCamera, openCodedCamera } from '@chunbo/live-media/testing/coded-frames'
import { pictureCodeAge } from '@chunbo/live-media/testing/picture-code'
import { picturePageScript, type ShownPicture } from '@chunbo/live-media/testing/picture-page'
import type { Locator, Page } from 'playwright-core'
import type { DemoSession } from '../demo/session.ts'
import { type House, journey, keepPicture } from './house.ts'
import { seeItPlay, until, watched } from './until.ts'

const upright = { widthPx: 360, heightPx: 640, rate: 25, bitsPerS: 500_000, gop: 25 }
const lying = { ...upright, widthPx: 640, heightPx: 360 }
const live = (page: Page) => page.locator('video[aria-label="直播画面"]')
const again = (page: Page) => page.locator('video[aria-label="回放"]')
const wayOf = (video: Locator) => video.evaluate((element) => element.parentElement?.dataset.way)
const aheadOf = (video: Locator) =>
  video.evaluate((element) =>
    element.buffered.length === 0 ? 0 : element.buffered.end(element.buffered.length - 1) - element.currentTime,
  )

interface Show {
  readonly host: DemoSession
  readonly room: RoomDesk
  film(shape: typeof upright): Promise<CodedCamera>
  status(): Promise<string>
}

/** A room with goods on its shelf, and a camera for it. */
async function openShow(house: House): Promise<Show> {
  const host = await house.session('host@demo.chunbo')
  const { shelf, county } = await host.send<RoomDesk>('GET', '/api/rooms/1/desk')
  const room = await host.send<RoomDesk>('POST', '/api/rooms', {
    countyCode: county.code,
    titleZh: '看画面',
    hostName: '李文山',
    scheduledAt: new Date(Date.now() + 60_000).toISOString(),
  })
  const items = shelf.slice(0, 2).map(({ sku: { shopId, skuId } }) => ({ shopId, skuId }))
  await host.send('PUT', `/api/rooms/${room.id}/shelf`, { items })
  const status = async () => (await host.send<RoomDesk>('GET', `/api/rooms/${room.id}/desk`)).status
  return {
    host,
    room,
    status,
    async film(shape) {
      const camera = await openCodedCamera(`${room.ingest.url}/${room.ingest.streamKey}`, shape)
      house.atEnd(() => camera.stop())
      await until('the room is on air', async () => (await status()) === 'live')
      return camera
    },
  }
}

/** What the pictures of a video have said since this call; the newest last. */
async function readPictures(video: Locator): Promise<() => Promise<ShownPicture[]>> {
  const page = video.page()
  const has = await page.evaluate<boolean>("'chunboPictures' in globalThis")
  if (!has) await page.evaluate(await picturePageScript())
  const before = await page.evaluate<number>('chunboPictures.shown.length')
  const label = await video.getAttribute('aria-label')
  await page.evaluate(`chunboPictures.watch(document.querySelector('video[aria-label="${label}"]'))`)
  return () => page.evaluate(`chunboPictures.shown.slice(${before})`)
}

journey('the picture comes by the socket, and lives through an absence and another size', async (house) => {
  const show = await openShow(house)
  const camera = await show.film(upright)
  const { page } = await house.visitor({ name: 'viewer', screen: 'phone' })
  await page.goto(`/rooms/${show.room.id}`)
  const video = live(page)
  await seeItPlay(video, 2)
  assert.equal(await wayOf(video), 'socket')
  await video.evaluate((element) => {
    element.dataset.journey = 'same'
  })
  await tellsItsDelay(page)

  await camera.stop()
  await page.getByText('主播稍等片刻就回来').waitFor()
  await keepPicture(page, 'room-away-phone-zh')
  const before = await watched(video)
  await show.film(lying)
  await until('the other size is on', () => video.evaluate((element) => element.videoWidth === 640))
  const pictures = await readPictures(video)
  await seeItPlay(video, 2)
  assert.equal(await video.getAttribute('data-journey'), 'same')
  assert.equal(await wayOf(video), 'socket')
  assert.ok((await watched(video)).frames > before.frames)
  const seen = await until('pictures of the second camera are read', async () => {
    const found = (await pictures()).filter(({ code }) => code !== null)
    return found.length >= 10 && found
  })
  assert.ok((seen.at(-1)?.delayMs ?? Number.POSITIVE_INFINITY) < 10_000, 'what is seen is what is filmed now')
  await keepPicture(page, 'room-lying-phone-zh')
})

/** The panel is opened by the keyboard, says the way and a delay, and goes with Escape. */
async function tellsItsDelay(page: Page): Promise<void> {
  await page.getByRole('button', { name: /画面信息/ }).press('Enter')
  const panel = page.getByRole('region', { name: '画面信息' })
  await panel.getByText('直连').waitFor()
  await panel.getByText('360 × 640').waitFor()
  await panel
    .getByText(/^\d+\.\d\d 秒$/)
    .first()
    .waitFor()
  await keepPicture(page, 'room-facts-phone-zh')
  await panel.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await page.keyboard.press('i')
  await panel.waitFor()
  await page.keyboard.press('i')
  await panel.waitFor({ state: 'detached' })
}

journey('where sockets are refused the picture comes by playlists', async (house) => {
  const show = await openShow(house)
  await show.film(upright)
  const { context, page } = await house.visitor({ name: 'behind a wall', screen: 'desktop' })
  await context.routeWebSocket(/\/live\.ws$/, (socket) => socket.close())
  await page.goto(`/rooms/${show.room.id}`)
  await seeItPlay(live(page), 2)
  assert.equal(await wayOf(live(page)), 'llhls')
})

journey('after a line that stalled it catches up without a jump', async (house) => {
  const show = await openShow(house)
  await show.film(upright)
  const { context, page } = await house.visitor({ name: 'train', screen: 'phone' })
  const line = { isHeld: false, held: [] as (string | Buffer)[], release: () => {} }
  await context.routeWebSocket(/\/live\.ws$/, (socket) => {
    const server = socket.connectToServer()
    line.release = () => {
      for (const message of line.held.splice(0)) socket.send(message)
    }
    server.onMessage((message) => (line.isHeld ? void line.held.push(message) : socket.send(message)))
  })
  await page.goto(`/rooms/${show.room.id}`)
  const video = live(page)
  await seeItPlay(video, 4)
  line.isHeld = true
  await page.getByText('画面卡住了，正在追上…').waitFor()
  await keepPicture(page, 'room-stalled-phone-zh')
  await sleep(1_000)
  line.isHeld = false
  line.release()
  await until('it hurries', () => video.evaluate((element) => element.playbackRate > 1))
  const [timeS, atMs] = [(await watched(video)).timeS, performance.now()]
  await until(
    'it has caught up',
    async () => (await aheadOf(video)) < 0.8 && video.evaluate((e) => e.playbackRate <= 1),
  )
  const ran = ((await watched(video)).timeS - timeS) / ((performance.now() - atMs) / 1000)
  assert.ok(ran < 1.25, `it ran at ${ran}, which is a jump`)
  assert.equal(await wayOf(video), 'socket')
})

journey('an explanation plays alone and shows what was seen then', async (house) => {
  const show = await openShow(house)
  const camera = await show.film(upright)
  const pin = `/api/rooms/${show.room.id}/pin`
  for (const { shopId, skuId } of (await show.host.send<RoomDesk>('GET', `/api/rooms/${show.room.id}/desk`)).shelf.map(
    ({ sku }) => sku,
  )) {
    await show.host.send('PUT', pin, { shopId, skuId })
    await sleep(6_500)
  }
  await show.host.send('DELETE', pin)
  await sleep(2_500)
  await camera.stop()
  await show.host.send('POST', `/api/rooms/${show.room.id}/end`)
  const { items } = await show.host.send<ReplaySegments>('GET', `/api/rooms/${show.room.id}/segments`)
  const [first, second] = items
  assert.ok(first && second, 'both explanations were recorded')

  const { page } = await house.visitor({ name: 'late', screen: 'phone' })
  await page.goto(`/rooms/${show.room.id}?segment=${second.id}`)
  const video = again(page)
  await seeItPlay(video, 1)
  await checkFootage(await readPictures(video), second)
  await keepPicture(page, 'room-segment-phone-zh')
  await page.getByText('这段讲解看完了').waitFor()
  await keepPicture(page, 'room-segment-over-phone-zh')
  await page.getByRole('button', { name: '看完整回放' }).click()
  await page.waitForURL(new RegExp(`/rooms/${show.room.id}$`))
  await page.getByRole('button', { name: '播放速度 1 倍' }).click()
  await seeItPlay(video, 1)
  assert.equal(await video.evaluate((element) => element.playbackRate), 1.25)
  await page.getByRole('listitem').filter({ hasText: first.sku.titleZh }).getByRole('button').first().click()
  await page.waitForURL(/\?segment=\d+$/)
  await seeItPlay(video, 1)
  await checkFootage(await readPictures(video), first)
})

/** Every picture was filmed in the time that the segment names, give or take what the camera and its line take. */
async function checkFootage(
  pictures: () => Promise<ShownPicture[]>,
  segment: ReplaySegments['items'][number],
): Promise<void> {
  const seen = await until('ten pictures of the segment are read', async () => {
    const found = (await pictures()).flatMap(({ code }) => (code === null ? [] : [code]))
    return found.length >= 10 && found
  })
  const asked = new URL(segment.play, 'http://room').searchParams
  const [fromMs, toMs] = [Number(asked.get('from')), Number(asked.get('to'))]
  const lengthMs = toMs - fromMs
  for (const code of seen) {
    const filmedMs = lengthMs - pictureCodeAge(toMs, code)
    assert.ok(filmedMs > -2_500 && filmedMs < lengthMs, `filmed ${filmedMs} ms into a segment of ${lengthMs} ms`)
  }
}
