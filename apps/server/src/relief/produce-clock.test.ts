import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ProduceLife, produceClock, shelfLifeDays, TRANSIT_DAYS } from './produce-clock.ts'

const PEAS: ProduceLife = { ambientDays: 1, coldDays: 7 }
const APPLES: ProduceLife = { ambientDays: 21, coldDays: 90 }
const RICE: ProduceLife = { ambientDays: 730, coldDays: null }
const UNKNOWN: ProduceLife = { ambientDays: null, coldDays: null }

const clock = (life: ProduceLife, facts: Parameters<typeof produceClock>[1]) => produceClock(life, facts)?.toISOString()

test('on the plant it ends with the harvest, at midnight in China', () => {
  assert.equal(clock(PEAS, { harvestTo: '2026-03-31', pickedOn: null }), '2026-03-31T15:59:59.999Z')
  assert.equal(clock(UNKNOWN, { harvestTo: '2026-03-31', pickedOn: null }), '2026-03-31T15:59:59.999Z')
})

test('picked it ends with its life less the road, by the handling that it needs', () => {
  // Peas do not live through the road warm: 7 days cold less 3 on the road.
  assert.equal(clock(PEAS, { harvestTo: '2026-03-10', pickedOn: '2026-03-14' }), '2026-03-18T15:59:59.999Z')
  assert.equal(clock(APPLES, { harvestTo: '2026-03-10', pickedOn: '2026-03-10' }), '2026-03-28T15:59:59.999Z')
  const cold = { harvestTo: '2026-03-10', pickedOn: '2026-03-10', needsCold: true }
  assert.equal(clock(APPLES, cold), '2026-06-05T15:59:59.999Z')
})

test('picked while the harvest goes on it ends with the earlier of the two', () => {
  assert.equal(clock(APPLES, { harvestTo: '2026-03-12', pickedOn: '2026-03-10' }), '2026-03-12T15:59:59.999Z')
  assert.equal(clock(PEAS, { harvestTo: '2026-04-30', pickedOn: '2026-03-14' }), '2026-03-18T15:59:59.999Z')
})

test('a life shorter than the road ends on the day of picking', () => {
  const meat: ProduceLife = { ambientDays: 0, coldDays: 1 }
  assert.equal(clock(meat, { harvestTo: '2026-03-10', pickedOn: '2026-03-10' }), '2026-03-10T15:59:59.999Z')
})

test('what keeps for a year, or is picked and unknown, has no clock', () => {
  assert.equal(produceClock(RICE, { harvestTo: '2026-03-10', pickedOn: null }), null)
  assert.equal(produceClock(RICE, { harvestTo: '2026-03-10', pickedOn: '2026-03-01' }), null)
  assert.equal(produceClock(UNKNOWN, { harvestTo: '2026-03-10', pickedOn: '2026-03-01' }), null)
})

const days = fc.option(fc.integer({ min: 0, max: 364 }), { nil: null })
const day = fc.integer({ min: 0, max: 700 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))

test('the clock never ends before the picking, nor after harvest and life', () => {
  fc.assert(
    fc.property(
      days,
      days,
      day,
      fc.option(day, { nil: null }),
      fc.boolean(),
      (ambientDays, coldDays, harvestTo, pickedOn, needsCold) => {
        const life = { ambientDays, coldDays }
        const ends = produceClock(life, { harvestTo, pickedOn, needsCold })
        if (ends === null) return pickedOn !== null && ambientDays === null && coldDays === null
        if (pickedOn === null) return ends.getTime() === Date.parse(`${harvestTo}T15:59:59.999Z`)
        const lifeDays = shelfLifeDays(life, needsCold) ?? Number.NaN
        const pickedMs = Date.parse(`${pickedOn}T15:59:59.999Z`)
        return (
          ends.getTime() >= pickedMs && ends.getTime() <= pickedMs + Math.max(0, lifeDays - TRANSIT_DAYS) * 86_400_000
        )
      },
    ),
  )
})

test('a longer life never shortens the clock', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 60 }), day, (cold, more, pickedOn) => {
      const facts = { harvestTo: pickedOn, pickedOn, needsCold: true }
      const shorter = produceClock({ ambientDays: null, coldDays: cold }, facts)
      const longer = produceClock({ ambientDays: null, coldDays: cold + more }, facts)
      return shorter !== null && longer !== null && shorter <= longer
    }),
  )
})
