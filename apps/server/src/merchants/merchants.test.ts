/** What a merchant says of itself, who may say it, and the papers without which nothing is offered. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Merchant, MerchantInput } from '@chunbo/contract'
import { createTestSite, type TestSite } from './testing/merchant-site.ts'

const PROFILE: MerchantInput = {
  name: '鲜际',
  phone: '13800000001',
  shopId: null,
  produceSlugs: ['pea-pod'],
  families: ['fruit'],
  grades: ['first'],
  regions: [53, 5308, 530823],
  reachKm: 800,
  capacityDayG: 10_000_000,
  lotMinG: 1_000_000,
  packingDays: 1,
  cold: true,
  deliverProvinces: [53],
  workingCapitalFen: 10_000_000,
  warehouses: [
    { name: '一号仓', countyCode: 530114, lngE5: 10_283_000, latE5: 2_488_000 },
    { name: '二号仓', countyCode: 530823, lngE5: null, latE5: null },
  ],
  active: true,
}

let site: TestSite
before(async () => {
  site = await createTestSite()
})
after(() => site.close())

async function create(as: number, profile: Partial<MerchantInput> = {}): Promise<Merchant> {
  const answer = await site.ask(as, 'POST', '/api/merchants', { ...PROFILE, ...profile })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body as unknown as Merchant
}

test('a merchant is read back as it was written, and its maker is its staff', async () => {
  const staff = await site.person('merchant')
  const made = await create(staff)
  const { warehouses, ...profile } = PROFILE
  assert.deepEqual(Object.fromEntries(Object.keys(profile).map((key) => [key, made[key as keyof Merchant]])), profile)
  assert.deepEqual(
    made.warehouses.map(({ place: _, ...warehouse }) => warehouse),
    warehouses,
  )
  assert.deepEqual(
    made.staff.map(({ userId }) => userId),
    [staff],
  )
  assert.deepEqual(made.papersMissing, ['business_licence', 'food_licence'])
  assert.equal(made.record.reliabilityPermille, 800)
  const mine = await site.ask(staff, 'GET', '/api/my/merchants')
  assert.deepEqual(
    mine.body.items.map(({ id }) => id),
    [made.id],
  )
})

test('what names nothing that is, is refused with its name', async () => {
  const staff = await site.person('merchant')
  const codeOf = async (profile: Partial<MerchantInput>) => {
    const answer = await site.ask(staff, 'POST', '/api/merchants', { ...PROFILE, ...profile })
    return [answer.body.code, answer.body.params]
  }
  assert.deepEqual(await codeOf({ produceSlugs: ['pea-pod', 'moon-rock'] }), [
    'merchants.produce_unknown',
    { names: 'moon-rock' },
  ])
  assert.deepEqual(await codeOf({ families: ['stones'] }), ['merchants.produce_unknown', { names: 'stones' }])
  const store = { name: '仓', countyCode: 999998, lngE5: null, latE5: null }
  assert.deepEqual(await codeOf({ warehouses: [store] }), ['merchants.place_unknown', { code: 999998 }])
  assert.deepEqual(
    (await codeOf({ warehouses: [{ ...store, countyCode: 530823, lngE5: 10_000_000 }] }))[0],
    'merchants.place_half',
  )
  assert.equal((await codeOf({ shopId: 1 }))[0], 'identity.not_allowed')
})

test('two who edit the same version: the second hears of the first', async () => {
  const staff = await site.person('merchant')
  const { id, version } = await create(staff)
  const edit = (name: string) => site.ask(staff, 'PUT', `/api/merchants/${id}`, { ...PROFILE, name, version })
  const answers = await Promise.all([edit('甲'), edit('乙')])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  assert.equal(answers.find(({ status }) => status === 409)?.body.code, 'merchants.changed_meanwhile')
})

test('at most five merchants by one person, also at once', async () => {
  const staff = await site.person('merchant')
  const answers = await Promise.all(Array.from({ length: 8 }, () => site.ask(staff, 'POST', '/api/merchants', PROFILE)))
  assert.equal(answers.filter(({ status }) => status === 201).length, 5)
  assert.ok(answers.some(({ body }) => body.code === 'merchants.too_many'))
})

test('nobody but its staff and the desk sees or changes a merchant', async () => {
  const { id } = await create(await site.person('merchant'))
  const other = await site.person('merchant')
  assert.equal((await site.ask(other, 'GET', `/api/merchants/${id}`)).status, 403)
  assert.equal((await site.ask(other, 'PUT', `/api/merchants/${id}/prices`, { prices: [] })).status, 403)
  assert.equal((await site.ask(site.desk, 'GET', `/api/merchants/${id}`)).status, 200)
  const staff = await site.ask(site.desk, 'PUT', `/api/merchants/${id}/staff`, { userIds: [other] })
  assert.equal(staff.status, 200)
  assert.equal((await site.ask(other, 'GET', `/api/merchants/${id}`)).status, 200)
  const wrong = await site.ask(site.desk, 'PUT', `/api/merchants/${id}/staff`, { userIds: [site.desk] })
  assert.equal(wrong.body.code, 'merchants.staff_unknown')
})

test('prices: one at a time for a kind, and a term that ends after it begins', async () => {
  const staff = await site.person('merchant')
  const { id } = await create(staff)
  const put = (prices: object[]) => site.ask(staff, 'PUT', `/api/merchants/${id}/prices`, { prices })
  const march = { produceSlug: 'pea-pod', fenPerKg: 300, from: '2026-03-01', until: '2026-03-31' }
  const april = { ...march, fenPerKg: 320, from: '2026-04-01', until: '2026-04-30' }
  const other = { ...march, produceSlug: null }
  assert.deepEqual((await put([march, april, other])).body.prices, [march, april, other])
  assert.equal((await put([march, { ...april, from: '2026-03-31' }])).body.code, 'merchants.price_twice')
  assert.equal((await put([{ ...march, until: '2026-02-28' }])).body.code, 'merchants.price_term')
  assert.equal((await put([{ ...march, produceSlug: 'moon-rock' }])).body.code, 'merchants.produce_unknown')
  // A refused list leaves the one before.
  const kept = (await site.ask(staff, 'GET', `/api/merchants/${id}`)).body as unknown as Merchant
  assert.equal(kept.prices.length, 3)
})

test('a paper counts when the desk has seen it, its renewal opens thirty days before its end, and a new one closes it', async () => {
  const staff = await site.person('merchant')
  const { id } = await create(staff)
  const read = async () => (await site.ask(staff, 'GET', `/api/merchants/${id}`)).body as unknown as Merchant
  const add = async (kind: string, validUntil: string) => {
    const answer = await site.ask(staff, 'POST', `/api/merchants/${id}/papers`, {
      kind,
      number: 'N1',
      pictureId: null,
      validUntil,
    })
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return (answer.body as unknown as Merchant).papers[0]?.id ?? 0
  }
  const check = (paperId: number, holds: boolean) =>
    site.ask(site.desk, 'POST', `/api/merchants/${id}/papers/${paperId}/check`, { holds, note: '' })
  const open = async () =>
    (await site.app.platform.db.query('select from merchant_renewals where done_at is null')).length

  const business = await add('business_licence', '2027-12-31')
  const food = await add('food_licence', '2026-04-20')
  assert.equal((await read()).papersMissing.length, 2)
  await check(business, true)
  await check(food, true)
  assert.deepEqual((await read()).papersMissing, [])
  assert.equal(await site.app.slices.merchants.openRenewals(), 0)

  // 2026-03-09 and 13 days: the food licence ends in 29 days.
  site.clock.advance(13 * 86_400_000)
  assert.equal(await site.app.slices.merchants.openRenewals(), 1)
  assert.equal(await site.app.slices.merchants.openRenewals(), 0)
  assert.equal((await read()).papers.find(({ id: paper }) => paper === food)?.renew, true)

  const renewed = await add('food_licence', '2027-04-20')
  assert.equal(await open(), 1)
  await check(renewed, true)
  assert.equal(await open(), 0)

  site.clock.advance(60 * 86_400_000)
  assert.equal((await read()).papers.find(({ id: paper }) => paper === food)?.state, 'lapsed')
  assert.deepEqual((await read()).papersMissing, [])
  await check(renewed, false)
  assert.deepEqual((await read()).papersMissing, ['food_licence'])
  const past = { kind: 'other', number: 'N2', pictureId: null, validUntil: '2026-03-01' }
  assert.equal((await site.ask(staff, 'POST', `/api/merchants/${id}/papers`, past)).body.code, 'merchants.paper_past')
})
