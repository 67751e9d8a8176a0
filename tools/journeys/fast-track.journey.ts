/**
 * The fast track by a person at a phone: from a case that a merchant has accepted to goods on sale, with every tap and every
 * field that has to be typed counted. A browser that is closed half way goes on where it was.
 */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { acceptGlut, type DemoGlut, inspectGlut, type ReliefPeople, reportGlut } from '../demo/relief-case.ts'
import { DemoSession } from '../demo/session.ts'
import { type House, journey, keepPicture } from './house.ts'
import { signInQuietly } from './sign-in.ts'

/** What the whole way may ask of a person. At ten seconds a tap and half a minute a field these are five minutes of the ten. */
const BUDGET = { taps: 12, fields: 6, minutes: 10 }
const SECONDS_OF = { tap: 10, field: 30 }

const GLUT: DemoGlut = {
  produceSlug: 'pea-pod',
  family: 'pod',
  tonnes: 3,
  countyCode: 530823,
  township: '文井镇',
  village: '清凉村',
  lngE5: 10_078_000,
  latE5: 2_434_000,
  households: 18,
  harvestDays: [0, 6],
  floorFenPerKg: 480,
  words: '豌豆都鼓了，客商没有来。',
  farmer: { name: '阿依', phone: '13812345678' },
}

journey('from accepted to on sale on a phone, closed half way, within the budget of taps and fields', async (house) => {
  const people = await peopleOf(house)
  const caseId = await reportGlut(people, GLUT)
  await acceptGlut(people, caseId, GLUT)
  const visitor = await house.visitor({ name: 'desk', screen: 'phone' })
  await signInQuietly(visitor, 'relief-desk@demo.chunbo')
  const asked = { taps: 0, fields: 0 }
  const tap = async (target: Locator) => {
    asked.taps += 1
    await target.tap()
  }
  const type = async (target: Locator, text: string) => {
    asked.fields += 1
    await target.fill(text)
  }

  // While the inspector is on the way, everything is prepared.
  await visitor.page.goto(`/relief-desk/cases/${caseId}`)
  await tap(visitor.page.getByRole('link', { name: '快速上架' }))
  await visitor.page.getByText('都按个案填好了').waitFor()
  await visitor.page.getByText('还差 1 项').waitFor()
  await tap(next(visitor.page))
  await visitor.page.getByText('最多能上架 3 吨').waitFor()
  await tap(next(visitor.page))
  await type(visitor.page.getByLabel('农户到手价'), '6')
  await type(visitor.page.getByLabel('每件包装'), '4')
  await visitor.page.getByText(/农户到手 ¥15\.\d\d，占/).waitFor()
  await tap(next(visitor.page))
  await visitor.page.getByText('等验货合格').waitFor()
  assert.equal(await publish(visitor.page).isDisabled(), true)
  await visitor.page.close()

  await inspectGlut(people, caseId, GLUT)
  const page = await visitor.tab()
  await page.goto(`/relief-desk/cases/${caseId}/fast-track`)
  await page.getByText('都齐了').waitFor()
  await keepPicture(page, 'fast-track-confirm')
  await tap(publish(page))
  await page.getByRole('heading', { name: '上架了' }).waitFor()
  await keepPicture(page, 'fast-track-done')
  await page.getByRole('link', { name: '看爱心助农页' }).click()
  await page.getByText('还剩 3 吨').waitFor()
  await page.getByText('清凉村').first().waitFor()
  await keepPicture(page, 'aid-case', true)

  const seconds = asked.taps * SECONDS_OF.tap + asked.fields * SECONDS_OF.field
  console.log(
    `fast track: ${asked.taps} taps, ${asked.fields} fields typed, ${Math.round(seconds / 60)} min for a slow person`,
  )
  assert.ok(asked.taps <= BUDGET.taps, `${asked.taps} taps`)
  assert.ok(asked.fields <= BUDGET.fields, `${asked.fields} fields`)
  assert.ok(seconds < BUDGET.minutes * 60)
  await seeItOnSale(house, caseId)
})

const next = (page: Page) => page.getByRole('button', { name: '下一步' })
const publish = (page: Page) => page.getByRole('button', { name: '上架开卖' })

async function peopleOf(house: House): Promise<ReliefPeople> {
  return {
    farmer: new DemoSession(house.baseUrl),
    desk: await house.session('relief-desk@demo.chunbo'),
    merchant: await house.session('merchant@demo.chunbo'),
    inspector: await house.session('inspector@demo.chunbo'),
  }
}

/** It can be bought: it is on the aid page, and on the shelf of the county's room that is on air. */
async function seeItOnSale(house: House, caseId: number): Promise<void> {
  const stranger = new DemoSession(house.baseUrl)
  const page = await stranger.send<{ skus: { skuId: number }[]; room: { id: number } | null }>(
    'GET',
    `/api/aid/${caseId}`,
  )
  assert.equal(page.skus.length, 1)
  assert.ok(page.room, 'it is on the shelf of a room')
  const room = await stranger.send<{ shelf: { sku: { skuId: number } }[] }>('GET', `/api/rooms/${page.room.id}`)
  assert.ok(room.shelf.some(({ sku }) => sku.skuId === page.skus[0]?.skuId))
}
