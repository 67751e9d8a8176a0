import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { openCodedCamera } from './testing/coded-frames.ts'
import { startMediaServer } from './testing/media-server.ts'
import { pictureCodeAge } from './testing/picture-code.ts'
import { picturePageScript, type ShownPicture } from './testing/picture-page.ts'

test('the clock that a camera films is read in every picture that Chromium shows, in order and younger than the stream', async (t) => {
  const script = await readFile(fileURLToPath(import.meta.resolve('hls.js/dist/hls.min.js')))
  const server = await startMediaServer(t, {
    pages: {
      '/': {
        type: 'text/html',
        body: '<!doctype html><video muted width="640"></video><script src="/hls.js"></script>',
      },
      '/hls.js': { type: 'text/javascript', body: script },
    },
  })
  const startMs = Date.now()
  const arrived = once(server.hub.events, 'video.arrived')
  const camera = await openCodedCamera(server.publishUrl('room-1'), { bitsPerS: 400_000 })
  t.after(() => camera.stop())
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--autoplay-policy=no-user-gesture-required'],
  })
  t.after(() => browser.close())
  await arrived
  const page = await browser.newPage()
  await page.goto(new URL('/', server.mediaUrl(0, '')).href)
  await page.evaluate(await picturePageScript())
  await page.evaluate(`{
    const video = document.querySelector('video')
    chunboPictures.watch(video)
    const hls = new Hls({ lowLatencyMode: true })
    hls.loadSource(${JSON.stringify(server.mediaUrl(1, 'live.m3u8'))})
    hls.attachMedia(video)
    video.play()
  }`)
  await page.waitForFunction('chunboPictures.shown.length >= 60', null, { timeout: 30_000 })
  const shown = await page.evaluate<ShownPicture[]>('chunboPictures.shown')
  const streamMs = Date.now() - startMs
  await camera.stop()
  let before: number | null = null
  for (const { code, delayMs } of shown) {
    assert.ok(code !== null, 'a picture without a number')
    assert.ok(before === null || pictureCodeAge(code, before) < streamMs, 'pictures go on in order')
    assert.ok(delayMs < streamMs, `${delayMs} ms old in a stream of ${streamMs} ms`)
    before = code
  }
})
