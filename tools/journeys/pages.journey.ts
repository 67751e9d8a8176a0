/**
 * Every page of the app on a phone and on a desktop, in Chinese and in English: it says nothing in the other language, is
 * nowhere wider than the screen, throws nothing, and leaves a picture in .artifacts/screens.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type House, journey, screenFolder } from './house.ts'
import { KnownData, wordsOf } from './page-words.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import { screens, type Visitor } from './visitor.ts'
import { makeVisits, routePatterns, type Visit } from './visits.ts'

let visits: Visit[] = []

journey('every route of the app is visited', async (house) => {
  visits = await makeVisits(house)
  const visited = new Set(visits.map((visit) => visit.route))
  assert.deepEqual(
    (await routePatterns()).filter((pattern) => !visited.has(pattern)),
    [],
  )
})

for (const locale of ['zh', 'en'] as const)
  journey(`every page on both screens in ${locale === 'zh' ? 'Chinese' : 'English'}`, async (house) => {
    const found: string[] = []
    const visitors = new Map<string, Visitor>()
    const known = new KnownData()
    for (const visit of visits) {
      const visitor = visitors.get(visit.as ?? '') ?? (await enter(house, visit.as, locale, known))
      visitors.set(visit.as ?? '', visitor)
      found.push(...(await look(visitor.page, visit, locale, known)))
    }
    assert.deepEqual(found, [])
  })

/** A browser for one person, whose answers from the API are learned as data. */
async function enter(house: House, email: string | undefined, locale: 'zh' | 'en', known: KnownData): Promise<Visitor> {
  const visitor = await house.visitor({
    name: `${email?.split('@')[0] ?? 'stranger'}-${locale}`,
    screen: 'desktop',
    locale,
  })
  visitor.expectRefusals(/^\/no\/such\/page$/)
  visitor.context.on('response', async (response) => {
    if (!response.url().includes('/api/') || !response.headers()['content-type']?.includes('json')) return
    known.learn(await response.json().catch(() => undefined))
  })
  if (email === undefined) return visitor
  await signInQuietly(visitor, email)
  if (email.startsWith('buyer@')) await fillCart(visitor.page)
  return visitor
}

/** Two kinds of goods in the cart and a checkout begun, as the app itself would keep them. */
async function fillCart(page: Page): Promise<void> {
  await page.goto('/')
  for (const index of [0, 1]) {
    await page.goto('/')
    await page.locator('a[href^="/goods/"]').nth(index).click()
    await page.getByRole('button', { name: /^(加入购物车|Add to cart)$/ }).click()
    await page.getByText(/^(已加入购物车|Added to your cart)$/).waitFor()
  }
  await page.goto('/cart')
  await page.getByRole('button', { name: /^(去结算|Check out)/ }).click()
  await page.waitForURL('**/checkout')
}

/** Looks at one page on both screens. Gives what is wrong, each with the page and the screen. */
async function look(page: Page, visit: Visit, locale: 'zh' | 'en', known: KnownData): Promise<string[]> {
  const found: string[] = []
  await page.goto(visit.path)
  for (const [screen, size] of Object.entries(screens)) {
    await page.setViewportSize(size)
    await settle(page)
    known.learn(JSON.parse((await firstData(page)) ?? 'null'))
    const here = `${visit.name} ${screen} ${locale}`
    const lang = await page.locator('html').getAttribute('lang')
    if (lang !== (locale === 'zh' ? 'zh-CN' : 'en')) found.push(`${here}: html lang is ${lang}`)
    const width: number = await page.locator('html').evaluate((html) => html.scrollWidth)
    if (width > size.width) found.push(`${here}: ${width} px wide`)
    for (const text of known.foreign(await wordsOf(page), locale)) found.push(`${here}: says "${text}"`)
    const path = join(screenFolder, `${visit.name}-${screen}-${locale}.jpg`)
    await page.screenshot({
      path,
      type: 'jpeg',
      quality: 80,
      fullPage: !/^(room|desk-(live|scheduled))/.test(visit.name),
    })
  }
  return found
}

/** Waits until nothing is loading any more: no skeleton, no spinner, every picture drawn or given up, the fonts there. */
async function settle(page: Page): Promise<void> {
  await page.locator('main, #main').first().waitFor()
  await until(`${page.url()} has loaded`, async () => {
    if ((await page.locator('.skeleton, .spin').filter({ visible: true }).count()) > 0) return false
    return page.locator('body').evaluate((body) => {
      const images = [...body.querySelectorAll('img')].filter((image) => image.checkVisibility())
      for (const image of images) image.loading = 'eager'
      return body.textContent.trim() !== '' && images.every((image) => image.complete)
    })
  })
}

async function firstData(page: Page): Promise<string | undefined> {
  const data = page.locator('#first-data')
  return (await data.count()) > 0 ? ((await data.textContent()) ?? undefined) : undefined
}
