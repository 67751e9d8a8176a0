/** One person at one screen, whose pages are listened to: what a page throws or cannot fetch is a fault of the journey. */
import type { Browser, BrowserContext, ConsoleMessage, Page, Request, Response } from 'playwright-core'

export interface VisitorOptions {
  /** For messages and names of pictures. */
  readonly name: string
  readonly screen: 'phone' | 'desktop'
  readonly locale?: 'zh' | 'en'
  /** Address by which the visitor reaches the server, where it is not the server's own. */
  readonly through?: string
}

export interface Visitor {
  readonly name: string
  readonly context: BrowserContext
  /** The first tab; a path is enough for `page.goto`. */
  readonly page: Page
  /** Another tab of the same browser. */
  tab(): Promise<Page>
  /** Says that requests to this path may be refused or fail from now on, because the journey provokes it. */
  expectRefusals(path: RegExp): void
  /** What has gone wrong in the pages so far. */
  faults(): string[]
}

/** A wait for something on the page ends after this long; two loaded cores are slow. */
const waitMsMax = 20_000
const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const

export async function openVisitor(browser: Browser, baseURL: string, options: VisitorOptions): Promise<Visitor> {
  const { name, screen, locale = 'zh' } = options
  const isPhone = screen === 'phone'
  const context = await browser.newContext({
    baseURL,
    viewport: screens[screen],
    isMobile: isPhone,
    hasTouch: isPhone,
    locale: locale === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(waitMsMax)
  const faults: string[] = []
  const refusals: RegExp[] = []
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => noteConsole(message, refusals, faults))
  context.on('response', (response) => noteResponse(response, baseURL, refusals, faults))
  context.on('requestfailed', (request) => noteFailure(request, refusals, faults))
  const page = await context.newPage()
  return {
    name,
    context,
    page,
    tab: () => context.newPage(),
    expectRefusals: (path) => void refusals.push(path),
    faults: () => [...faults],
  }
}

function noteConsole(message: ConsoleMessage, refusals: readonly RegExp[], faults: string[]): void {
  if (message.type() !== 'error' || refusals.some((pattern) => pattern.test(message.text()))) return
  // The browser says this for every answer of 400 and more, which noteResponse judges with its path.
  if (message.text().startsWith('Failed to load resource')) return
  faults.push(`console: ${message.text()}`)
}

function noteResponse(response: Response, baseUrl: string, refusals: readonly RegExp[], faults: string[]): void {
  if (response.status() < 400) return
  const path = response.url().replace(baseUrl, '')
  if (response.status() < 500 && refusals.some((pattern) => pattern.test(path))) return
  faults.push(`answer: ${response.status()} ${response.request().method()} ${path}`)
}

/** What a page gives up by itself, because it is left or a picture of the stream is no longer wanted, is no fault. */
function noteFailure(request: Request, refusals: readonly RegExp[], faults: string[]): void {
  const reason = request.failure()?.errorText ?? ''
  if (reason === 'net::ERR_ABORTED' || refusals.some((pattern) => pattern.test(request.url()))) return
  faults.push(`request: ${reason} ${request.method()} ${request.url()}`)
}
