import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { AlertInput } from '@chunbo/contract'
import {
  createIntakeWorld,
  dayFromToday,
  freshPhone,
  type IntakeWorld,
  JINGDONG,
  peas,
} from './testing/intake-world.ts'

let world: IntakeWorld
before(async () => {
  world = await createIntakeWorld()
})
after(() => world.close())

const count = async (sql: string, ...values: (string | number)[]) =>
  (await world.app.platform.db.query<{ n: number }>(`select count(*)::int as n from ${sql}`, values))[0]?.n

test('a report without an account opens a case, and its link says where it stands', async () => {
  const { status, json } = await world.report(peas())
  assert.equal(status, 201)
  assert.deepEqual([json.grams, json.replayed], [15_000_000, false])
  const track = await world.ask({ url: `/api/relief/track/${json.token}` })
  assert.equal(track.status, 200)
  assert.equal(track.json.stage, 'reported')
  assert.equal(track.json.next, 'verified')
  assert.equal(track.json.quantityText, '3 万斤')
  assert.equal((track.json.steps as unknown[]).length, 1)
  assert.ok(track.json.stageDue !== null && track.json.spoilsAt !== null)
  assert.doesNotMatch(track.bytes.toString(), /李大爷|138\d{8}|contact|phone/)
})

test('the same key twenty times at once is one case and one alert', async () => {
  const input = peas()
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.report(input)))
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
  assert.equal(new Set(answers.map(({ json }) => json.token)).size, 1)
  assert.equal(answers.filter(({ json }) => !json.replayed).length, 1)
  assert.equal(await count('relief_alerts where source_key = $1', input.key), 1)
})

test('somebody who signs in between two tries has reported once', async () => {
  const host = await world.person({ role: 'host', countyCode: JINGDONG })
  const input = peas()
  const one = await world.report(input)
  const two = await world.report(input, { as: host })
  assert.deepEqual([two.json.token, two.json.replayed], [one.json.token, true])
})

test('who is signed in reports with the word of their role', async () => {
  const people = [
    [await world.person({ role: 'commissioner', countyCode: JINGDONG }), 'commissioner'],
    [await world.person({ role: 'host', countyCode: JINGDONG }), 'official'],
    [await world.person({ role: 'merchant' }), 'merchant'],
    [await world.person(), 'public'],
  ] as const
  for (const [as, source] of people) {
    const { json } = await world.report(peas(), { as })
    assert.equal(await count('relief_alerts where token = $1 and source = $2', json.token as string, source), 1, source)
  }
  const desk = await world.person({ role: 'relief_desk' })
  const { pictures: _, ...call } = peas()
  const taken = await world.ask({ method: 'POST', url: '/api/relief/alerts/phone', body: call, as: desk })
  assert.equal(taken.status, 201)
  assert.equal(await count(`relief_alerts where token = $1 and source = 'phone'`, taken.json.token as string), 1)
})

test('one gram and a hundred thousand tonnes are taken', async () => {
  for (const [amount, unit, grams] of [
    ['1', '克', 1],
    ['100000', '吨', 100_000_000_000],
  ] as const) {
    const { status, json } = await world.report(peas({ quantity: { amount, unit } }))
    assert.deepEqual([status, json.grams], [201, grams])
  }
})

test('land with its yield is read, and what was said is kept', async () => {
  const quantity = { amount: '200', unit: '亩', yieldPerUnit: { amount: '3000', unit: '斤' } }
  const { json } = await world.report(peas({ quantity }))
  assert.equal(json.grams, 300_000_000)
  const track = await world.ask({ url: `/api/relief/track/${json.token}` })
  assert.equal(track.json.quantityText, '200 亩，每亩 3000 斤')
})

test('what was picked before the harvest ended yesterday is taken', async () => {
  const past = { harvestFrom: dayFromToday(-20), harvestTo: dayFromToday(-1) }
  assert.equal((await world.report(peas({ ...past, pickedOn: dayFromToday(-1) }))).status, 201)
})

const said = (amount: string, unit: string, yieldPerUnit?: { amount: string; unit: string }) => ({
  quantity: { amount, unit, ...(yieldPerUnit ? { yieldPerUnit } : {}) },
})
const refusals: [string, Partial<AlertInput>, string][] = [
  ['三车', said('3', '车'), 'relief.unit_no_mass'],
  ['boxes', said('30', '箱'), 'relief.unit_no_mass'],
  ['a unit that nobody knows', said('3', '尺'), 'relief.unit_unknown'],
  ['nothing', said('0', '斤'), 'relief.amount_unreadable'],
  ['a negative amount', said('-3', '斤'), 'request.invalid'],
  ['more than a million tonnes', said('1000001', '吨'), 'relief.too_much'],
  ['less than half a gram', said('0.001', '克'), 'relief.too_little'],
  ['land without a yield', said('200', '亩'), 'relief.yield_needed'],
  ['land that yields carts', said('200', '亩', { amount: '2', unit: '车' }), 'relief.yield_unreadable'],
  ['a county that does not exist', { countyCode: 999_999 }, 'relief.place_unknown'],
  ['a province instead of a county', { countyCode: 530_000 }, 'relief.place_unknown'],
  ['a point in the East China Sea', { lngE5: 12_400_000, latE5: 3_000_000 }, 'relief.place_outside'],
  ['a point in the South China Sea', { lngE5: 11_500_000, latE5: 1_500_000 }, 'relief.place_outside'],
  ['a point in Tokyo', { lngE5: 13_970_000, latE5: 3_570_000 }, 'relief.place_outside'],
  ['half a point', { lngE5: 10_083_000 }, 'relief.place_outside'],
  [
    'a harvest that ended yesterday',
    { harvestFrom: dayFromToday(-20), harvestTo: dayFromToday(-1) },
    'relief.harvest_over',
  ],
  ['a harvest that ends before it begins', { harvestTo: dayFromToday(-9) }, 'relief.harvest_order'],
  ['a slip in the year', { harvestFrom: '2036-03-01', harvestTo: '2036-04-01' }, 'relief.harvest_too_far'],
  ['a day that is none', { harvestTo: '2027-02-31' }, 'request.invalid'],
  ['picked tomorrow', { pickedOn: dayFromToday(2) }, 'relief.picked_in_future'],
  ['no produce', { produceSlug: null, produceText: '  ' }, 'relief.produce_needed'],
  ['an unknown slug', { produceSlug: 'moon-cheese' }, 'relief.produce_unknown'],
  ['a phone of four digits', { contact: { name: '李', phone: '123456' } }, 'relief.phone_invalid'],
  ['a nameless contact', { contact: { name: '  ', phone: '13812345678' } }, 'request.invalid'],
  ['a picture that nobody uploaded', { pictures: [randomUUID()] }, 'relief.picture_gone'],
]
for (const [name, change, code] of refusals) {
  test(`refused and nothing kept: ${name}`, async () => {
    const input = peas(change)
    const { status, json } = await world.report(input)
    assert.equal(json.code, code)
    assert.ok(status >= 400 && status < 500)
    assert.ok((json.texts as { zh: string }).zh.length > 4)
    assert.equal(await count('relief_alerts where source_key = $1', input.key), 0)
  })
}

test('the refusal of a cart asks for tonnes, that of a past harvest names its day', async () => {
  const cart = await world.report(peas(said('3', '车')))
  assert.match((cart.json.texts as { zh: string }).zh, /“车”.*吨/)
  const day = dayFromToday(-1)
  const over = await world.report(peas({ harvestFrom: dayFromToday(-20), harvestTo: day }))
  assert.ok((over.json.texts as { zh: string }).zh.includes(day))
})

test('a word for an unlisted produce, a landline and a farm between the hills are taken', async () => {
  const change = { produceSlug: null, produceText: '雪莲果', lngE5: 10_083_000, latE5: 2_445_000 }
  const contact = { name: '村委会', phone: '(0879) 652-1234' }
  const { status, json } = await world.report(peas({ ...change, contact }))
  assert.equal(status, 201)
  assert.equal((await world.ask({ url: `/api/relief/track/${json.token}` })).json.produceZh, '雪莲果')
})

test('a phone stands in five reports of strangers a day, also when they come at once', async () => {
  const contact = { name: '李大爷', phone: freshPhone() }
  const answers = await Promise.all(Array.from({ length: 8 }, () => world.report(peas({ contact }))))
  const codes = answers.map(({ status, json }) => (status === 201 ? 'taken' : json.code))
  assert.equal(codes.filter((code) => code === 'taken').length, 5)
  assert.equal(codes.filter((code) => code === 'relief.phone_limit').length, 3)
})

test('an address reports thirty times an hour', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 32; i++) statuses.push((await world.report({}, { address: '10.9.9.9' })).status)
  assert.deepEqual(statuses.slice(-3), [400, 429, 429])
})

test('a link that is wrong or cut off finds nothing', async () => {
  assert.equal((await world.ask({ url: '/api/relief/track/aaaaaaaaaaaaaaaaaaaa' })).json.code, 'relief.track_not_found')
  assert.equal((await world.ask({ url: '/api/relief/track/abc' })).status, 400)
})
