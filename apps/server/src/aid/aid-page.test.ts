import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { AidItem, AidPage, FastTrack } from '@chunbo/contract'
import { type AidWorld, createAidWorld, JINGDONG } from './testing/aid-world.ts'

let world: AidWorld
before(async () => {
  world = await createAidWorld()
})
after(() => world.close())

async function list(caseId: number, packs?: number): Promise<FastTrack> {
  const url = `/api/relief/cases/${caseId}/fast-track`
  const { draft, version } = (await world.site.ask({ url, as: world.desk })).json as unknown as FastTrack
  const [pack] = draft.packs
  assert.ok(pack)
  const few = packs === undefined ? {} : { packs: [{ ...pack, packs }] }
  const kept = await world.site.ask({
    method: 'PUT',
    url,
    as: world.desk,
    body: { version, draft: { ...draft, ...few } },
  })
  const body = { version: kept.json.version }
  const answer = await world.site.ask({ method: 'POST', url: `${url}/publish`, as: world.desk, body })
  assert.equal(answer.status, 200, JSON.stringify(answer.json))
  return answer.json as unknown as FastTrack
}

async function buy(track: FastTrack, qty: number): Promise<number> {
  const [sku] = track.listed?.skus ?? []
  const buyer = await world.site.person()
  const place = { name: '王梅', phone: '13812345678', regionCode: JINGDONG, detail: '学校路 1 号', isDefault: true }
  const address = await world.site.ask({ method: 'POST', url: '/api/me/addresses', as: buyer, body: place })
  const lines = [{ shopId: sku?.shopId, skuId: sku?.skuId, qty, expectedPriceFen: sku?.priceFen }]
  const placed = await world.site.ask({
    method: 'POST',
    url: '/api/checkouts',
    as: buyer,
    body: { lines, addressId: address.json.id },
    headers: { 'idempotency-key': randomUUID() },
  })
  if (placed.status === 201) {
    const url = `/api/checkouts/${placed.json.checkoutId}/pay`
    await world.site.ask({ method: 'POST', url, as: buyer, body: { method: 'sandbox' } })
  }
  return placed.status
}
const page = async (caseId: number) => (await world.site.ask({ url: `/api/aid/${caseId}` })).json as unknown as AidPage

test('the list puts first what loses most each day, and says where it is shown', async () => {
  const host = await world.site.person({ role: 'host', countyCode: JINGDONG })
  const scheduledAt = new Date(Date.now() + 7_200_000).toISOString()
  const room = { countyCode: JINGDONG, titleZh: '今晚开播', hostName: '李县长', scheduledAt }
  await world.site.ask({ method: 'POST', url: '/api/rooms', as: host, body: room })
  for (const grams of [1_000_000, 2_000_000]) await list(await world.openCase('coordinating', { grams }))
  const large = await world.openCase('coordinating', { grams: 900_000_000 })
  await list(large)
  const { items } = (await world.site.ask({ url: '/api/aid' })).json as unknown as { items: AidItem[] }
  assert.equal(items[0]?.caseId, large)
  assert.equal(items[0]?.room?.titleZh, '今晚开播')
  const risks = items.map(({ atRiskPerDayG }) => atRiskPerDayG)
  assert.deepEqual(
    risks,
    [...risks].sort((a, b) => b - a),
  )
  const two = (await world.site.ask({ url: '/api/aid?limit=2' })).json as unknown as { items: AidItem[] }
  assert.equal(two.items.length, 2)
})

test('a listed case is on the page with what is left; sold grams are those of paid orders', async () => {
  const caseId = await world.openCase('coordinating')
  const track = await list(caseId)
  assert.equal(await buy(track, 4), 201)
  await world.site.app.slices.impact.countNow()
  const found = await page(caseId)
  const [sku] = track.listed?.skus ?? []
  const soldG = 4 * (sku?.netG ?? 0)
  assert.deepEqual([found.listedG, found.soldG, found.leftG, found.orders], [10_000_000, soldG, 10_000_000 - soldG, 1])
  assert.deepEqual([found.proof?.grade, found.proof?.grams], ['first', 10_000_000])
  assert.equal(found.village, '新民村')
  assert.equal(found.timeline[0]?.stage, 'reported')
  assert.equal(found.timeline.at(-1)?.stage, 'listed')
  assert.equal(found.hoursLeft, 95)
  assert.match(found.storyZh, /一夜鼓满/)
})

test('nobody’s phone or name is on the page', async () => {
  const caseId = await world.openCase('coordinating')
  const { db } = world.site.app.platform
  const [alert] = await db.query<{ id: number }>(
    `insert into relief_alerts (case_id, first_case_id, token, source, produce_slug, quantity_text, grams, county_code,
       harvest_from, harvest_to, words, reported_at)
     values ($1, $1, 'aaaabbbbccccddddeeee', 'public', 'pea-pod', '十吨', 10000000, $2, '2026-03-01', '2026-03-20',
       '打老杨电话 13987654321', now()) returning id`,
    [caseId, JINGDONG],
  )
  await db.query(`insert into relief_contacts (alert_id, name, phone) values ($1, '老杨', '13987654321')`, [
    alert?.id ?? 0,
  ])
  await list(caseId)
  const text = JSON.stringify([await page(caseId), (await world.site.ask({ url: '/api/aid' })).json])
  assert.doesNotMatch(text, /13987654321|老杨/)
})

test('the last packs go to one of two who want them at once, and the page says so', async () => {
  const caseId = await world.openCase('coordinating', { grams: 5_000_000 })
  const track = await list(caseId, 3)
  const answers = await Promise.all([buy(track, 2), buy(track, 2)])
  assert.deepEqual(answers.sort(), [201, 409])
  assert.equal(await buy(track, 1), 201)
  await world.site.app.slices.impact.countNow()
  const found = await page(caseId)
  assert.equal(found.skus[0]?.stock, 0)
  assert.equal(found.from, null)
})

test('a case that is not on sale is not on the page', async () => {
  const caseId = await world.openCase('accepted')
  for (const id of [caseId, 999_999]) {
    const answer = await world.site.ask({ url: `/api/aid/${id}` })
    assert.deepEqual([answer.status, answer.json.code], [404, 'aid.not_on_page'])
  }
})

test('heads of the pages have title, share text and the first data', async () => {
  const caseId = await world.openCase('coordinating')
  await list(caseId)
  const heads = world.site.app.slices.aid.pages ?? []
  const describe = async (path: string, locale: 'zh' | 'en') => {
    const head = heads.find((each) => each.path.test(path))
    const match = head?.path.exec(path)
    return head && match ? head.describe(match, locale) : null
  }
  assert.match((await describe('/aid', 'zh'))?.title ?? '', /爱心助农/)
  const one = await describe(`/aid/${caseId}`, 'en')
  assert.match(one?.title ?? '', /from Jingdong/)
  assert.deepEqual(Object.keys(one?.data ?? {}), [`/api/aid/${caseId}`])
  assert.equal(await describe('/aid/999999', 'zh'), null)
})
