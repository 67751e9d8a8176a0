/**
 * An official goes on air from the browser of a phone with one tap, is seen by a viewer, drives through a tunnel without the show ending, takes
 * a break and ends it; and the same from a browser that can only record, in a room for practice.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { RoomDesk, RoomPage } from '@chunbo/contract/rooms'
import { JINGDONG } from '../demo/counties/demo-shop.ts'
import type { DemoSession } from '../demo/session.ts'
import { type House, journey, keepPicture, withCamera } from './house.ts'
import { openMobileLine } from './mobile-line.ts'
import { signInQuietly } from './sign-in.ts'
import { seeItPlay, until } from './until.ts'
import type { Visitor } from './visitor.ts'

const host = 'host@demo.chunbo'
withCamera()

async function makeRoom(session: DemoSession, practice: boolean): Promise<number> {
  const { id } = await session.send<{ id: number }>('POST', '/api/rooms', {
    countyCode: JINGDONG,
    titleZh: practice ? '彩排一下' : '用手机开播',
    hostName: '李县长',
    scheduledAt: new Date(Date.now() + 60_000).toISOString(),
    practice,
  })
  return id
}

async function atCamera(house: House, path: string, through?: string): Promise<Visitor> {
  const visitor = await house.visitor({ name: 'camera', screen: 'phone', ...(through ? { through } : {}) })
  await signInQuietly(visitor, host)
  await visitor.page.goto(path)
  return visitor
}

/** Answers the question before the end, which wants a word typed. */
async function endTheShow({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: '停播' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '结束整场直播' }).click()
  const question = page.getByRole('alertdialog')
  await question.getByRole('textbox').fill('结束')
  await question.getByRole('button', { name: '结束直播' }).click()
  await page.getByText('这场直播结束了').waitFor()
}

interface Probed {
  warnings: string
  streams: { codec_name: string; nb_read_frames: string }[]
}

/** What ffprobe finds in a recording, frame by frame, and what it complains of. */
async function probe(url: string, cookie = ''): Promise<Probed> {
  const headers = cookie === '' ? [] : ['-headers', `Cookie: ${cookie}\r\n`]
  const shown = ['-count_frames', '-show_entries', 'stream=codec_name,nb_read_frames', '-of', 'json']
  const { stdout, stderr } = await promisify(execFile)('ffprobe', ['-v', 'warning', ...headers, ...shown, url])
  return { warnings: stderr, streams: JSON.parse(stdout).streams }
}

function assertSound({ warnings, streams }: Probed, framesMin: number): void {
  assert.equal(warnings, '')
  assert.deepEqual(
    streams.map(({ codec_name }) => codec_name),
    ['h264', 'opus'],
  )
  assert.ok(Number(streams[0]?.nb_read_frames) >= framesMin, JSON.stringify(streams))
}

journey('an official goes on air from a phone, through a tunnel, with a break, to the end', async (house) => {
  const session = await house.session(host)
  const roomId = await makeRoom(session, false)
  const line = await openMobileLine(Number(new URL(house.baseUrl).port))
  house.atEnd(() => line.close())
  const phone = await atCamera(house, `/desk/${roomId}`, line.url)
  const { page } = phone
  await page.getByRole('link', { name: '打开摄像头' }).click()
  await page.getByRole('button', { name: '开播' }).click()
  await page.getByText('马上开播').waitFor()
  await page.getByText('直播中').waitFor()
  const room = () => session.send<RoomPage>('GET', `/api/rooms/${roomId}`)
  await until('the room is live', async () => (await room()).status === 'live')

  const viewer = await house.visitor({ name: 'viewer', screen: 'phone' })
  await viewer.page.goto(`/rooms/${roomId}`)
  const video = viewer.page.locator('video').first()
  await seeItPlay(video, 2)
  await page.getByText('1 人在看').waitFor()
  await keepPicture(page, 'on-air-phone-zh')

  // What the phone tries in the tunnel fails, and its page says nothing of it but a word to the host.
  phone.expectRefusals(/WebSocket connection|\/api\//)
  const { startedAt } = await room()
  line.enterTunnel()
  await page.getByText('网络断了，正在重连').waitFor()
  await keepPicture(page, 'on-air-away-phone-zh')
  line.leaveTunnel()
  await page.getByText('直播中').waitFor()
  await seeItPlay(video, 1)
  const after = await room()
  assert.deepEqual([after.status, after.startedAt], ['live', startedAt])
  const playlist = await (await fetch(`${house.baseUrl}/media/${roomId}/live.m3u8`)).text()
  assert.doesNotMatch(playlist, /#EXT-X-DISCONTINUITY\n/, 'it is one and the same stream')

  await page.getByRole('button', { name: '静音' }).click()
  await page.getByText('观众听不到您').waitFor()
  await page.getByRole('button', { name: '停播' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '先停一会儿' }).click()
  await page.getByText('已停播').waitFor()
  await until('viewers are told', async () => (await room()).status === 'paused')
  await page.getByRole('button', { name: '接着播' }).click()
  await page.getByText('直播中').waitFor()
  await until('the room is live again', async () => (await room()).status === 'live')
  await seeItPlay(video, 1)
  await endTheShow(phone)
  assert.equal((await room()).status, 'ended')
  assertSound(await probe(`${house.baseUrl}/media/${roomId}/replay.m3u8`), 100)
})

journey('a browser that can only record goes on air too, in a room for practice', async (house) => {
  const session = await house.session(host)
  const roomId = await makeRoom(session, true)
  const phone = await atCamera(house, `/desk/${roomId}/camera?via=recorder`)
  const { page, context } = phone
  await page.getByText('慢一点的方式').waitFor()
  await page.getByRole('button', { name: '开始彩排' }).click()
  await page.getByText('直播中').waitFor()
  const desk = await house.visitor({ name: 'desk', screen: 'desktop' })
  await signInQuietly(desk, host)
  await desk.page.goto(`/desk/${roomId}`)
  await seeItPlay(desk.page.locator('video').first(), 2)
  const { stream } = await session.send<RoomDesk>('GET', `/api/rooms/${roomId}/desk`)
  assert.ok(stream?.connected && stream.fps > 5 && stream.bitrateKbps > 0, JSON.stringify(stream))
  await endTheShow(phone)
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  assertSound(await probe(`${house.baseUrl}/media/${roomId}/replay.m3u8`, cookie), 30)
})
