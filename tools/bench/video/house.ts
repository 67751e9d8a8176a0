import type { Browser, BrowserContext } from 'playwright-core'
import { DEMO_PASSWORD } from '../../demo/people.ts'
import { DemoSession } from '../../demo/session.ts'
import { launchBrowser, startServer, stopServer } from '../../journeys/running-server.ts'
import { makeHome, waitFor } from '../../start-testing.ts'
import { buildWebIfStale } from '../../start-web.ts'
import type { RoomStage } from '../rooms/stage.ts'

const HOST = 'host@demo.chunbo'

/** The whole system as a user starts it, and a browser to look at it. */
export interface House {
  readonly baseUrl: string
  /** A room that is not on air yet. */
  readonly roomId: number
  /** Where its camera sends to. */
  readonly ingestUrl: string
  readonly browser: Browser
  /** Pages of a phone, signed in as the host's team if wanted. */
  visitor(as?: 'host'): Promise<BrowserContext>
  close(): Promise<void>
}

/** Starts a server of its own with the demo world; `settings` are variables of its environment. */
export async function openHouse(stage: RoomStage, settings: Readonly<Record<string, string>> = {}): Promise<House> {
  await buildWebIfStale((_, en) => stage.say(en))
  const home = await makeHome()
  const server = startServer(home, settings)
  const browser = await launchBrowser(true)
  const close = stage.atEnd(async () => {
    await browser.close()
    await stopServer(server)
    await home.remove()
  })
  await waitFor(server, /^ready /m)
  const baseUrl = `http://localhost:${home.port}`
  const host = new DemoSession(baseUrl)
  await host.signIn(HOST, DEMO_PASSWORD)
  const { items } = await host.send<{ items: { id: number; status: string }[] }>('GET', '/api/my/rooms?limit=100')
  const roomId = items.find(({ status }) => status === 'scheduled')?.id ?? 0
  const { ingest } = await host.send<{ ingest: { url: string; streamKey: string } }>('GET', `/api/rooms/${roomId}/desk`)
  return {
    baseUrl,
    roomId,
    ingestUrl: `rtmp://127.0.0.1:${home.rtmpPort}/live/${ingest.streamKey}`,
    browser,
    async visitor(as) {
      const context = await browser.newContext({
        baseURL: baseUrl,
        viewport: { width: 390, height: 844 },
        isMobile: true,
        hasTouch: true,
        locale: 'zh-CN',
        // What waits in the page for pictures is put in from outside.
        bypassCSP: true,
      })
      context.setDefaultTimeout(30_000)
      if (as === 'host') {
        await context.request.post('/api/auth/sign-in/email', { data: { email: HOST, password: DEMO_PASSWORD } })
      }
      return context
    },
    close,
  }
}
