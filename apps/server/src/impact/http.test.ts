import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createSite, type Site } from '../platform/testing/site.ts'

let site: Site
before(async () => {
  site = await createSite()
})
after(() => site.close())

const NOTHING = { grams: 0, fen: 0, orders: 0, packs: 0 }

test('where nothing was sold the public figures are zero, and say since when', async () => {
  const asked = Date.now()
  for (const [url, expected] of [
    ['/api/impact/counties', { total: NOTHING, items: [] }],
    ['/api/impact/counties/530823', { code: 530823, sold: NOTHING, byProduce: [], byDay: [] }],
    ['/api/impact/rooms/7', { roomId: 7, sold: NOTHING }],
  ] as const) {
    const { status, json } = await site.ask({ url })
    const { asOf, ...rest } = json
    assert.deepEqual([status, rest], [200, expected])
    assert.ok(Math.abs(Date.parse(String(asOf)) - asked) < 60_000, url)
  }
})

test('what is no county code, room or length of a list is refused', async () => {
  for (const url of ['/api/impact/counties/5', '/api/impact/rooms/0', '/api/impact/counties?limit=5000']) {
    assert.equal((await site.ask({ url })).json.code, 'request.invalid', url)
  }
})

test('the page of a county carries its name, what it sold, and the data of its first screen', async () => {
  const [page] = site.app.slices.impact.pages ?? []
  const match = page?.path.exec('/counties/530823')
  assert.ok(page && match)
  const described = await page.describe(match, 'zh')
  assert.deepEqual([described?.title, described?.description], ['景东彝族自治县', '已售出 0 斤'])
  assert.deepEqual(Object.keys(described?.data ?? {}), ['/api/counties/530823', '/api/impact/counties/530823'])
  const unknown = page.path.exec('/counties/999999')
  assert.equal(unknown && (await page.describe(unknown, 'zh')), null)
})
