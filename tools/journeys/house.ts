/**
 * The whole system as a user starts it, for the journeys of one file: the server's own process on free ports with a data folder and an
 * embedded database of its own and the demo world loaded, and a real Chromium. A journey fails on any error of a page.
 */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { DEMO_PASSWORD, DEMO_PEOPLE } from '../demo/people.ts'
import { DemoSession } from '../demo/session.ts'
import { makeHome, type Started, type TestHome, waitFor } from '../start-testing.ts'
import { root } from '../test-steps.ts'
import { launchBrowser, startServer, stopServer } from './running-server.ts'
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.ts'

/** Where pictures of the pages go; git ignores it. */
const screenFolder = join(root, '.artifacts/screens')

export interface House {
  readonly baseUrl: string
  readonly rtmpPort: number
  /** A browser of its own, so to speak: cookies, storage, language and size of screen. */
  visitor(options: VisitorOptions): Promise<Visitor>
  /** Speaks to the API as one of the demo's people, named by email. */
  session(email: string): Promise<DemoSession>
  /** Runs at the end of the journey, the last one first. */
  atEnd(undo: Undo): void
}

type Undo = () => Promise<void> | void

interface Running {
  readonly home: TestHome
  readonly server: Started
  readonly browser: Browser
}

/** Journeys of one file share a server and a browser, each with visitors of its own. */
const shared: { running?: Running; isHooked?: boolean; hasCamera?: boolean } = {}

/** The browser of this file has a camera and a microphone, drawn and hummed by itself, and says yes when a page asks for them. */
export function withCamera(): void {
  shared.hasCamera = true
}

/** A test that walks through the running system. After a failure the open pages are kept as pictures. */
export function journey(name: string, walk: (house: House) => Promise<void>): void {
  if (!shared.isHooked) {
    shared.isHooked = true
    before(start)
    after(stop)
  }
  test(name, async () => {
    assert.ok(shared.running)
    const { home, server, browser } = shared.running
    const undo: Undo[] = []
    const visitors: Visitor[] = []
    try {
      await walk(openHouse(home, browser, visitors, undo))
      for (const visitor of visitors) assert.deepEqual(visitor.faults(), [], `faults in the pages of ${visitor.name}`)
    } catch (error) {
      await keepFailed(visitors)
      const faults = visitors.flatMap((visitor) => visitor.faults().map((fault) => `${visitor.name}: ${fault}`))
      const said = server.output().split(/^ready .*$/m)[1] ?? ''
      console.error([`what went wrong in the pages of "${name}":`, ...faults, 'what the server said:', said].join('\n'))
      throw error
    } finally {
      for (const step of undo.reverse()) await step()
      await Promise.all(visitors.map((visitor) => visitor.context.close()))
    }
  })
}

async function start(): Promise<void> {
  await mkdir(screenFolder, { recursive: true })
  const home = await makeHome()
  const server = startServer(home)
  const browser = await launchBrowser(shared.hasCamera === true)
  shared.running = { home, server, browser }
  await waitFor(server, /^ready /m)
}

async function stop(): Promise<void> {
  if (!shared.running) return
  const { home, server, browser } = shared.running
  await browser.close()
  await stopServer(server)
  await home.remove()
}

/** Keeps what stands on the screen, or the whole page, as .artifacts/screens/{name}.jpg. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(screenFolder, `${name}.jpg`), type: 'jpeg', quality: 80, fullPage })
}

/** A login of the demo world by its email. */
export function demoPerson(email: string) {
  const person = DEMO_PEOPLE.find((candidate) => candidate.email === email)
  assert.ok(person, `the demo world has no ${email}`)
  return person
}

function openHouse(home: TestHome, browser: Browser, visitors: Visitor[], undo: (() => Promise<void> | void)[]): House {
  const baseUrl = `http://localhost:${home.port}`
  return {
    baseUrl,
    rtmpPort: home.rtmpPort,
    async visitor(options) {
      const visitor = await openVisitor(browser, options.through ?? baseUrl, options)
      visitors.push(visitor)
      return visitor
    },
    async session(email) {
      const session = new DemoSession(baseUrl)
      await session.signIn(demoPerson(email).email, DEMO_PASSWORD)
      return session
    },
    atEnd: (step) => void undo.push(step),
  }
}

async function keepFailed(visitors: readonly Visitor[]): Promise<void> {
  for (const visitor of visitors) {
    for (const [index, page] of visitor.context.pages().entries()) {
      const path = join(screenFolder, `failed-${visitor.name}-${index}.png`)
      await page.screenshot({ path }).catch(() => {})
    }
  }
}
