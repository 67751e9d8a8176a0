import { picturePageScript } from '@chunbo/live-media/testing/picture-page'
import type { BrowserContext, Page } from 'playwright-core'
import { type Figure, figure } from '../figures.ts'
import { pause, type RoomStage } from '../rooms/stage.ts'
import { FILMED, look, openCamera, told, watchVideo } from './glass.ts'
import { type House, openHouse } from './house.ts'

/** Ways of the room's player, forced by what the server offers: with no place for sockets it offers playlists alone. */
const WAYS = {
  ws: { SOCKET_VIEWERS_MAX: '2000' },
  llhls: { SOCKET_VIEWERS_MAX: '0' },
} as const
type WayName = keyof typeof WAYS
const WARM_MS = 6_000
/** Rounds of opening the room by a tap; each takes two seconds. */
const TAPS = 5

/** The room's page, watched from its first picture on. @throws when the player took another way than is measured */
async function watchRoom(house: House, context: BrowserContext, way: WayName): Promise<Page> {
  const page = await context.newPage()
  let sockets = 0
  page.on('websocket', (socket) => {
    if (socket.url().includes('/media/')) sockets += 1
  })
  await page.goto(`/rooms/${house.roomId}`)
  await page.locator('video').first().waitFor()
  await watchVideo(page)
  await page.waitForFunction('chunboPictures.shown.length > 0')
  if (sockets > 0 !== (way === 'ws')) throw new Error(`the player took ${sockets > 0 ? 'a socket' : 'playlists'}`)
  return page
}

async function delays(stage: RoomStage, house: House, way: WayName, name: string): Promise<Figure> {
  const p95s: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    const context = await house.visitor()
    const page = await watchRoom(house, context, way)
    const seen = await look(page)
    stage.say(`${name}, round ${round}: ${told(seen)}`)
    p95s.push(seen.p95Ms)
    await context.close()
  }
  return figure(name, 'ms', p95s)
}

/**
 * Marks in the page the moment of the tap and the first picture of the room's video that is on the screen. It is put in before the page's
 * own scripts, because the video element comes and may play before anybody outside could look.
 */
const firstPictureScript = `
globalThis.first = {}
addEventListener('click', () => { first.tapMs = performance.now() }, true)
new MutationObserver(() => {
  for (const video of document.querySelectorAll('video')) {
    if (video.isSeen || !location.pathname.startsWith('/rooms/')) continue
    video.isSeen = true
    video.requestVideoFrameCallback((nowMs, { expectedDisplayTime }) => {
      first.seenMs ??= Math.max(nowMs, expectedDisplayTime)
    })
  }
}).observe(document, { childList: true, subtree: true })
`

/** From the tap on a room in the list to the first picture of it on the screen. */
async function firstFrames(stage: RoomStage, house: House): Promise<Figure> {
  const context = await house.visitor()
  await context.addInitScript(firstPictureScript)
  const tookMs: number[] = []
  for (let tap = 1; tap <= TAPS; tap += 1) {
    const page = await context.newPage()
    await page.goto('/live')
    const link = page.locator(`a[href="/rooms/${house.roomId}"]`).first()
    await link.waitFor()
    // Somebody reads what is there before tapping it.
    await pause(1_500)
    await link.tap()
    await page.waitForFunction('globalThis.first.seenMs !== undefined')
    tookMs.push(await page.evaluate<number>('first.seenMs - first.tapMs'))
    await page.close()
  }
  await context.close()
  stage.say(`from the tap to the first picture: ${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms`)
  return figure('first_frame_ms', 'ms', tookMs)
}

/** Delay from the camera's lens to the viewer's glass, of what RTMP brings in, on the room's own page. */
export async function houseGlassFigures(
  stage: RoomStage,
  wanted: (part: 'glass' | 'first') => boolean,
): Promise<Figure[]> {
  stage.say(
    `filmed and watched at ${FILMED.widthPx}x${FILMED.heightPx}, ${FILMED.rate} pictures/s, ${FILMED.bitsPerS / 1e6} Mbit/s, with sound`,
  )
  const figures: Figure[] = []
  for (const way of ['ws', 'llhls'] as const) {
    if (way === 'llhls' && !wanted('glass')) continue
    const house = await openHouse(stage, WAYS[way])
    const camera = await openCamera(stage, house.ingestUrl)
    await pause(WARM_MS)
    if (wanted('glass')) figures.push(await delays(stage, house, way, `${way}_p95_ms`))
    if (wanted('first') && way === 'ws') figures.push(await firstFrames(stage, house))
    await camera.stop()
    if (wanted('glass') && way === 'ws') figures.push(await browserPublished(stage, house))
    await house.close()
  }
  return figures
}

/** In the publishing page: the camera of the device is one that films the clock; its microphone is the browser's own false one. */
const falseCameraScript = `{
  const { mediaDevices } = navigator
  const ask = mediaDevices.getUserMedia.bind(mediaDevices)
  mediaDevices.getUserMedia = async ({ audio }) => {
    const size = { widthPx: ${FILMED.widthPx}, heightPx: ${FILMED.heightPx} }
    const stream = chunboPictures.camera({ ...size, rate: ${FILMED.rate} })
    if (audio) for (const track of (await ask({ audio })).getAudioTracks()) stream.addTrack(track)
    return stream
  }
}`

/** The same delay when the host is on air from a browser, by the page with one button. */
async function browserPublished(stage: RoomStage, house: House): Promise<Figure> {
  const host = await house.visitor('host')
  await host.addInitScript({ content: `${await picturePageScript()};${falseCameraScript}` })
  const desk = await host.newPage()
  await desk.goto(`/desk/${house.roomId}/camera`)
  await desk.getByRole('button', { name: /^(开播|接着播)$/ }).click()
  await pause(3_000 + WARM_MS)
  const measured = await delays(stage, house, 'ws', 'browser_ws_p95_ms')
  await host.close()
  return measured
}
