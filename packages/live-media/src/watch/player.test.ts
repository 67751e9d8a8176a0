import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { openRtmpPublisher, type RtmpPublisher } from '../rtmp/rtmp-publisher.ts'
import { clip, sendTags } from '../testing/clips.ts'
import { clipArgs, runFfmpeg } from '../testing/ffmpeg.ts'
import { type MediaServer, type MediaServerOptions, startMediaServer } from '../testing/media-server.ts'

const html = `<!doctype html><video muted playsinline width="640"></video><script src="/hls.js"></script><script>
const video = document.querySelector('video')
window.faults = []
window.play = (url) => {
  const hls = new Hls({ lowLatencyMode: true })
  window.show = (heightPx) => { hls.nextLevel = hls.levels.findIndex(({ height }) => height === heightPx) }
  hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) window.faults.push(data.details) })
  window.requests = []
  hls.on(Hls.Events.FRAG_LOADING, (_, data) => window.requests.push(data.part ? 'part' : 'segment'))
  hls.loadSource(url)
  hls.attachMedia(video)
  video.play()
}
window.state = () => ({
  currentTime: video.currentTime,
  frames: video.getVideoPlaybackQuality().totalVideoFrames,
  dropped: video.getVideoPlaybackQuality().droppedVideoFrames,
  width: video.videoWidth,
  audioBytes: video.webkitAudioDecodedByteCount,
  ended: video.ended,
  faults: window.faults,
  parts: window.requests.filter((kind) => kind === 'part').length,
})
</script>`

interface PlayerState {
  currentTime: number
  frames: number
  dropped: number
  width: number
  audioBytes: number
  ended: boolean
  faults: string[]
  parts: number
}

async function openPlayer(
  t: TestContext,
  options: MediaServerOptions = {},
): Promise<{ server: MediaServer; page: Page }> {
  const script = await readFile(fileURLToPath(import.meta.resolve('hls.js/dist/hls.min.js')))
  const pages = {
    '/player': { type: 'text/html', body: html },
    '/hls.js': { type: 'text/javascript', body: script },
  }
  const server = await startMediaServer(t, { ...options, pages })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--autoplay-policy=no-user-gesture-required'],
  })
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(new URL('/player', server.mediaUrl(0, '')).href)
  return { server, page }
}

function stateOf(page: Page): Promise<PlayerState> {
  return page.evaluate<PlayerState>('window.state()')
}

test('hls.js in Chromium plays the live stream by parts, through a drop and a new picture size, and then the replay', async (t) => {
  const { server, page } = await openPlayer(t)
  const publisher = runFfmpeg(['-re', ...clipArgs({ seconds: 60 }), server.publishUrl('room-1')])
  t.after(() => publisher.child.kill('SIGKILL'))
  await once(server.hub.events, 'video.arrived')
  await page.evaluate(`window.play(${JSON.stringify(server.mediaUrl(1, 'live.m3u8'))})`)
  await page.waitForFunction('window.state().currentTime > 0.5', null, { timeout: 20_000 })
  const early = await stateOf(page)
  await page.waitForFunction(`window.state().currentTime > ${early.currentTime + 3}`, null, { timeout: 15_000 })
  const later = await stateOf(page)
  assert.ok(later.frames - early.frames > 60, `${later.frames - early.frames} frames in 3 s`)
  assert.ok(later.parts > 5, `${later.parts} parts asked for`)
  assert.ok(later.audioBytes > 0, 'sound was decoded')

  publisher.child.kill('SIGKILL')
  await publisher.done
  await page.waitForFunction('document.querySelector("video").readyState < 3', null, { timeout: 15_000 })
  const large = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendPaced(large, t)
  await page.waitForFunction('window.state().width === 854', null, { timeout: 20_000 })
  const resumed = await stateOf(page)
  await page.waitForFunction(`window.state().frames > ${resumed.frames + 30}`, null, { timeout: 15_000 })
  await server.hub.endStream(1)
  assert.deepEqual((await stateOf(page)).faults, [])

  await page.reload()
  await page.evaluate(`window.play(${JSON.stringify(server.mediaUrl(1, 'replay.m3u8'))})`)
  await page.waitForFunction('window.state().currentTime > 2', null, { timeout: 15_000 })
  const replayed = await stateOf(page)
  assert.ok(replayed.frames > 45, `${replayed.frames} frames of the replay`)
  assert.deepEqual(replayed.faults, [])
})

/** Sends a clip at its own speed in the background until the publisher is gone. */
async function sendPaced(publisher: RtmpPublisher, t: TestContext): Promise<void> {
  const tags = await clip({ seconds: 30, size: '854x480' })
  const startedMs = performance.now()
  let at = 0
  const timer = setInterval(() => {
    const dueMs = performance.now() - startedMs
    const due: typeof tags = []
    for (let tag = tags[at]; tag && tag.timestampMs <= dueMs; tag = tags[++at]) due.push(tag)
    void sendTags(publisher, due)
  }, 20)
  t.after(() => clearInterval(timer))
  void publisher.closed.then(() => clearInterval(timer))
}

test('hls.js in Chromium changes over to a rendition and back without a stop', async (t) => {
  const { server, page } = await openPlayer(t, { ladders: { ladders: 1 } })
  const shape = { size: '960x540', rate: 15, gop: 15, seconds: 90 }
  const publisher = runFfmpeg(['-re', ...clipArgs(shape), server.publishUrl('room-1')])
  t.after(() => publisher.child.kill('SIGKILL'))
  await once(server.hub.events, 'video.arrived')
  const master = server.mediaUrl(1, 'master.m3u8')
  while (!(await (await fetch(master)).text()).includes('360/live.m3u8'))
    await new Promise((done) => setTimeout(done, 100))
  await page.evaluate(`window.play(${JSON.stringify(master)})`)
  await page.waitForFunction('window.state().currentTime > 0.5', null, { timeout: 20_000 })
  for (const [heightPx, widthPx] of [
    [360, 640],
    [540, 960],
  ]) {
    await page.evaluate(`window.show(${heightPx})`)
    await page.waitForFunction(`window.state().width === ${widthPx}`, null, { timeout: 20_000 })
    const { currentTime } = await stateOf(page)
    await page.waitForFunction(`window.state().currentTime > ${currentTime + 2}`, null, { timeout: 10_000 })
  }
  const { faults, parts, audioBytes } = await stateOf(page)
  assert.deepEqual(faults, [])
  assert.ok(parts > 5 && audioBytes > 0)
})
