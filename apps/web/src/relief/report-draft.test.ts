import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, emptyDraft, lackOf, type ReportDraft, STEPS, todayInChina, toInput } from './report-draft.ts'

const TODAY = '2026-11-24'
const FULL: ReportDraft = {
  ...emptyDraft('1b671a64-40d5-491e-99b0-da01ff1f3341', TODAY),
  produceSlug: 'pea-pod',
  amount: '３，０００',
  countyCode: 530823,
  name: ' 李大爷 ',
  phone: '138 1234 5678',
}
const lacks = (change: Partial<ReportDraft>) =>
  STEPS.map((step) => lackOf(step, { ...FULL, ...change }, TODAY)).filter((lack) => lack !== null)

test('a full draft lacks nothing and is sent as the server takes it', () => {
  assert.deepEqual(lacks({}), [])
  const input = toInput(FULL)
  assert.deepEqual(input.quantity, { amount: '3000', unit: '斤' })
  assert.deepEqual([input.pickedOn, input.harvestTo], [null, '2026-12-01'])
  assert.deepEqual(input.contact, { name: '李大爷', phone: '138 1234 5678', relation: '' })
})

test('each step says what it lacks', () => {
  assert.deepEqual(lacks({ produceSlug: null }), ['produce'])
  assert.deepEqual(lacks({ amount: '0' }), ['amount'])
  assert.deepEqual(lacks({ unit: '车' }), ['unit'])
  assert.deepEqual(lacks({ unit: '亩' }), ['yield'])
  assert.deepEqual(lacks({ unit: '亩', yieldAmount: '3000' }), [])
  assert.deepEqual(lacks({ countyCode: 0 }), ['county'])
  assert.deepEqual(lacks({ harvestTo: '2026-11-20' }), ['days'])
  assert.deepEqual(lacks({ harvestFrom: '2026-11-10', harvestTo: '2026-11-23' }), ['over'])
  assert.deepEqual(lacks({ isPicked: true, pickedOn: '2026-11-25' }), ['picked'])
  assert.deepEqual(lacks({ name: ' ' }), ['name'])
  assert.deepEqual(lacks({ phone: '12' }), ['phone'])
})

test('what is picked has the day of picking as its harvest, prices become fen, nonsense becomes nothing', () => {
  const input = toInput({ ...FULL, isPicked: true, pickedOn: '2026-11-22', floorYuan: '2.5', households: '几户' })
  assert.deepEqual([input.harvestFrom, input.harvestTo, input.pickedOn], ['2026-11-22', '2026-11-22', '2026-11-22'])
  assert.deepEqual([input.floorFenPerKg, input.households], [250, null])
})

test('days go over months, and the day is that of China', () => {
  assert.equal(addDays('2026-12-28', 7), '2027-01-04')
  assert.equal(todayInChina(Date.parse('2026-11-23T17:00:00Z')), '2026-11-24')
})
