import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countyStatusOn, type Listing, liftWindow } from './county-status.ts'
import { readLiftWindows } from './fact-files.ts'

const windows = await readLiftWindows()
const listingOf = (yearLifted: number, province: number, yearCertain = true): Listing => ({
  yearLifted,
  yearCertain,
  announced: liftWindow(windows, yearLifted, province),
})
const HUNAN = 430000
const SHANXI = 140000
const YUNNAN = 530000
const GUIZHOU = 520000
const SICHUAN = 510000

test('in the middle of March 2020, 城步 and 平顺 were just lifted, 景东 and 马关 still waited for May', () => {
  const on = '2020-03-15'
  assert.deepEqual(countyStatusOn(listingOf(2019, HUNAN), on), { status: 'just_lifted', certain: true })
  assert.deepEqual(countyStatusOn(listingOf(2019, SHANXI), on), { status: 'just_lifted', certain: true })
  assert.deepEqual(countyStatusOn(listingOf(2019, YUNNAN), on), { status: 'listed', certain: true })
})

test('where only the bounds of the day are known, a county counts as listed between them, and that is said', () => {
  const sichuan = listingOf(2019, SICHUAN)
  assert.deepEqual(countyStatusOn(sichuan, '2019-11-30'), { status: 'listed', certain: true })
  assert.deepEqual(countyStatusOn(sichuan, '2020-03-15'), { status: 'listed', certain: false })
  assert.deepEqual(countyStatusOn(sichuan, '2020-05-17'), { status: 'just_lifted', certain: true })
})

test('the last counties were lifted on 2020-11-23, and a year later they are lifted and no longer just lifted', () => {
  const last = listingOf(2020, GUIZHOU)
  assert.equal(countyStatusOn(last, '2020-03-15').status, 'listed')
  assert.equal(countyStatusOn(last, '2020-11-23').status, 'just_lifted')
  assert.equal(countyStatusOn(last, '2021-11-22').status, 'just_lifted')
  assert.equal(countyStatusOn(last, '2021-11-23').status, 'lifted')
})

test('a county that was never listed is so on every day; an uncertain year stays uncertain', () => {
  assert.deepEqual(countyStatusOn(null, '2020-03-15'), { status: 'never_listed', certain: true })
  assert.equal(countyStatusOn(listingOf(2019, 630000, false), '2026-01-01').certain, false)
})

test('a year that begins on 29 February is over on 1 March', () => {
  const listing = listingOf(2019, 130000)
  assert.equal(listing.announced.lastDay, '2020-02-29')
  assert.equal(countyStatusOn(listing, '2021-02-28').status, 'just_lifted')
  assert.equal(countyStatusOn(listing, '2021-03-01').status, 'lifted')
})

test('time only ever moves a county from listed to just lifted to lifted', () => {
  const order = ['listed', 'just_lifted', 'lifted']
  const days = fc
    .date({ min: new Date('2014-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  fc.assert(
    fc.property(
      fc.integer({ min: 2016, max: 2020 }),
      fc.constantFrom(HUNAN, SHANXI, YUNNAN, GUIZHOU, SICHUAN),
      days,
      days,
      (year, province, one, other) => {
        const listing = listingOf(year, province)
        const [early, late] = [one, other].sort().map((day) => order.indexOf(countyStatusOn(listing, day).status))
        assert.ok((early ?? 0) <= (late ?? 0))
      },
    ),
  )
})

test('every window is a span of real days, from December of the assessed year to November of the next, or in 2020 itself', () => {
  for (const [key, { firstDay, lastDay }] of windows) {
    const year = Number(key.slice(0, 4))
    assert.ok(firstDay <= lastDay, key)
    for (const day of [firstDay, lastDay]) assert.equal(new Date(day).toISOString().slice(0, 10), day, key)
    const first = year === 2020 ? '2020-11-01' : `${year}-12-01`
    const last = year === 2020 ? '2020-11-23' : `${year + 1}-11-30`
    assert.ok(first <= firstDay && lastDay <= last, key)
  }
})
