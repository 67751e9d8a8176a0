import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { picturePageScript } from '@chunbo/live-media/testing/picture-page'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../journeys/running-server.ts'
import { type Figure, figure } from '../figures.ts'
import { SERVER_CORE } from '../rooms/child-link.ts'
import { pause, type RoomStage } from '../rooms/stage.ts'
import { flvPageScript } from './flv-page.ts'
import { look, openCamera, told } from './glass.ts'
import { hasNginxRtmp, startRtmpNginx } from './peer-nginx.ts'

const PAGE_PORT = 4575
const NGINX = { rtmpPort: 4571, port: 4572 }
const NMS = { rtmpPort: 4573, httpPort: 4574 }

/** A bare page with hls.js as it comes, set up for the lowest delay that a playlist without parts allows. */
const hlsPage = `<!doctype html><video muted width="640"></video><script src="/hls.js"></script>`
const playHls = (url: string) => `{
  const video = document.querySelector('video')
  chunboPictures.watch(video)
  const hls = new Hls({ lowLatencyMode: true, liveSyncDurationCount: 1 })
  hls.loadSource(${JSON.stringify(url)})
  hls.attachMedia(video)
  video.play()
}`

/** Serves the pages of the peers, and hls.js. */
async function openPages(stage: RoomStage): Promise<string> {
  const script = await readFile(fileURLToPath(import.meta.resolve('hls.js/dist/hls.min.js')))
  const http = createServer((request, response) => {
    const isScript = request.url === '/hls.js'
    response
      .writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
      .end(isScript ? script : hlsPage)
  })
  await new Promise<void>((resolve) => http.listen(PAGE_PORT, '127.0.0.1', resolve))
  stage.atEnd(async () => void http.close())
  return `http://127.0.0.1:${PAGE_PORT}/`
}

async function openPage(browser: Browser, url: string, script: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(url)
  await page.evaluate(await picturePageScript())
  await page.evaluate(flvPageScript)
  await page.evaluate(script)
  return page
}

/** A server that the camera sends to, and what a page has to do to show it. */
interface Peer {
  readonly figureName: string
  readonly rtmpUrl: string
  readonly play: string
  readonly limit: string
  start(): Promise<() => Promise<void>>
}

function peersOf(stage: RoomStage): Peer[] {
  const nginx: Peer = {
    figureName: 'nginx_rtmp_hls_p95_ms',
    rtmpUrl: `rtmp://127.0.0.1:${NGINX.rtmpPort}/live/room`,
    play: playHls(`http://127.0.0.1:${NGINX.port}/hls/room.m3u8`),
    limit: 'whole segments of 2 s: one is made, one is waited for',
    start: async () => stage.atEnd((await startRtmpNginx(NGINX.rtmpPort, NGINX.port)).stop),
  }
  const nms: Peer = {
    figureName: 'nms_flv_p95_ms',
    rtmpUrl: `rtmp://127.0.0.1:${NMS.rtmpPort}/live/room`,
    play: `void playFlv('http://127.0.0.1:${NMS.httpPort}/live/room.flv')`,
    limit:
      'nothing but the way: the page decodes each picture as it comes, without the buffer that a player of FLV keeps',
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'chunbo-nms-'))
      const server = await stage.open('../video/peer-node-media-server.ts', SERVER_CORE)
      await server.ask('listen', { ...NMS, folder })
      return stage.atEnd(async () => {
        await server.close()
        await rm(folder, { recursive: true, force: true })
      })
    },
  }
  if (hasNginxRtmp()) return [nginx, nms]
  stage.say('nginx-rtmp is not on this machine (apt-get install nginx-light libnginx-mod-rtmp): it is left out')
  return [nms]
}

/** Delay of the peers, measured with the same camera, code and browser. */
export async function peerGlassFigures(stage: RoomStage): Promise<Figure[]> {
  const url = await openPages(stage)
  const browser = await launchBrowser()
  const closeBrowser = stage.atEnd(() => browser.close())
  const figures: Figure[] = []
  for (const { figureName, rtmpUrl, play, limit, start } of peersOf(stage)) {
    const stop = await start()
    const camera = await openCamera(stage, rtmpUrl)
    // A list with a few segments is there.
    await pause(8_000)
    const p95s: number[] = []
    for (let round = 1; round <= stage.rounds; round += 1) {
      const page = await openPage(browser, url, play)
      const seen = await look(page)
      stage.say(`${figureName}, round ${round}: ${told(seen)}`)
      p95s.push(seen.p95Ms)
      await page.close()
    }
    stage.say(`  limited by: ${limit}`)
    figures.push(figure(figureName, 'ms', p95s))
    await camera.stop()
    await stop()
  }
  await closeBrowser()
  return figures
}
