/**
 * Every page of the app on a phone and on a desktop, in Chinese and in English: it says nothing in the other language, is
 * nowhere wider than the screen, throws nothing, and leaves a picture in .artifacts/screens.
 */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { type House, journey, keepPicture } from './house.ts'
import { KnownData, wordsOf } from './page-words.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'
import type { Visitor, VisitorOptions } from './visitor.ts'
import { makeVisits, routePatterns, type Visit } from './visits.ts'

type Eyes = Required<Pick<VisitorOptions, 'screen' | 'locale'>>

let making: Promise<Visit[]> | undefined
const visitsOf = (house: House) => {
  making ??= makeVisits(house)
  return making
}
/** Rooms and desks fill the screen; all else is as long as what stands on it. */
const isPage = (visit: Visit) => !/^(room|desk-(live|scheduled)|prompter|camera|relief-board)/.test(visit.name)

journey('every route of the app is visited', async (house) => {
  const visited = new Set((await visitsOf(house)).map((visit) => visit.route))
  assert.deepEqual([...visited].sort(), [...new Set([...(await routePatterns()), 'lost'])].sort())
})

for (const locale of ['zh', 'en'] as const)
  for (const screen of ['phone', 'desktop'] as const)
    journey(`every page on a ${screen} in ${locale === 'zh' ? 'Chinese' : 'English'}`, async (house) => {
      const found: string[] = []
      const known = new KnownData()
      const visitors = new Map<string, Visitor>()
      for (const visit of await visitsOf(house)) {
        const email = visit.as ?? ''
        const visitor = visitors.get(email) ?? (await enter(house, email, { screen, locale }, known))
        visitors.set(email, visitor)
        found.push(...(await look(visitor.page, visit, { screen, locale }, known)))
      }
      assert.deepEqual(found, [])
    })

/** A browser for one person (a stranger without an email), whose answers from the API are learned as data. */
async function enter(house: House, email: string, eyes: Eyes, known: KnownData): Promise<Visitor> {
  const name = [email.split('@')[0] || 'stranger', eyes.screen, eyes.locale].join('-')
  const visitor = await house.visitor({ name, ...eyes })
  visitor.expectRefusals(/^\/no\/such\/page$/)
  visitor.context.on('response', async (response) => {
    if (!response.url().includes('/api/') || !response.headers()['content-type']?.includes('json')) return
    known.learn(await response.json().catch(() => undefined))
  })
  if (email === '') return visitor
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

/** Looks at one page and gives what is wrong with it. */
async function look(page: Page, visit: Visit, { screen, locale }: Eyes, known: KnownData): Promise<string[]> {
  const found: string[] = []
  const here = `${visit.name} ${screen} ${locale}`
  await page.goto(visit.path)
  await settle(page)
  known.learn(JSON.parse((await firstData(page)) ?? 'null'))
  const lang = await page.locator('html').getAttribute('lang')
  if (lang !== (locale === 'zh' ? 'zh-CN' : 'en')) found.push(`${here}: html lang is ${lang}`)
  const overPx: number = await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
  if (overPx > 0) found.push(`${here}: ${overPx} px wider than the screen`)
  for (const text of known.foreign(await wordsOf(page), locale)) found.push(`${here}: says "${text}"`)
  await keepPicture(page, `${visit.name}-${screen}-${locale}`, isPage(visit))
  return found
}

/** Waits until nothing is loading any more: no skeleton, no spinner, every picture decoded. */
async function settle(page: Page): Promise<void> {
  await page.locator('main, #main').first().waitFor()
  await until(`${page.url()} has loaded`, async () => {
    return (await page.locator('.skeleton, .spin').filter({ visible: true }).count()) === 0
  })
  await page.locator('body').evaluate(async (body) => {
    const images = [...body.querySelectorAll('img')]
    for (const image of images) image.loading = 'eager'
    // One that never comes is told by its answer.
    await Promise.allSettled(images.map((image) => image.decode()))
  })
}

async function firstData(page: Page): Promise<string | undefined> {
  const data = page.locator('#first-data')
  return (await data.count()) > 0 ? ((await data.textContent()) ?? undefined) : undefined
}
