import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type Database, one, openDatabase } from '../platform/database.ts'
import { createTestDatabase, type TestDatabase } from '../platform/testing/test-database.ts'
import { type UrgencyFacts, urgencyOf } from './urgency.ts'

let database: TestDatabase
let db: Database
before(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.url)
})
after(async () => {
  await db.close()
  await database.close()
})

const NOW = new Date('2026-03-14T02:00:00.000Z')
const inMs = (ms: number) => new Date(NOW.getTime() + ms)
const leftG = fc.oneof(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 0, max: 1_000_000_000_000 }))
const untilMs = fc.integer({ min: -3 * 86_400_000, max: 60 * 86_400_000 })
const spoilsAt = fc.option(untilMs.map(inMs), { nil: null })
const households = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: null })
const facts: fc.Arbitrary<UrgencyFacts> = fc.record({ leftG, spoilsAt, households })
const score = (given: UrgencyFacts) => urgencyOf(given, NOW).score

test('30 t of peas with five days left say what is lost a day', () => {
  const peas = { leftG: 30_000_000, spoilsAt: inMs(5.5 * 86_400_000), households: 120 }
  assert.deepEqual(urgencyOf(peas, NOW), { gramsAtRiskPerDay: 6_000_000, daysLeft: 5, households: 120, score: 462 })
})

test('a score is between 0 and 1000', () => {
  fc.assert(fc.property(facts, (given) => score(given) >= 0 && score(given) <= 1000))
})

test('more grams, fewer days or more households never lower the score', () => {
  fc.assert(
    fc.property(facts, leftG, untilMs, fc.nat(10_000), (given, moreG, sooner, people) => {
      const base = score(given)
      assert.ok(score({ ...given, leftG: given.leftG + moreG }) >= base)
      assert.ok(score({ ...given, households: (given.households ?? 0) + people }) >= base)
      const earlier = given.spoilsAt === null ? inMs(sooner) : new Date(given.spoilsAt.getTime() - Math.abs(sooner))
      assert.ok(score({ ...given, spoilsAt: earlier }) >= base)
    }),
  )
})

test('the database, which sorts the board, says the same', async () => {
  const given = fc.sample(facts, 2_000)
  const { scores } = one(
    await db.query<{ scores: number[] }>(
      `select array_agg(relief_urgency((f ->> 'leftG')::bigint, (f ->> 'spoilsAt')::timestamptz, (f ->> 'households')::int, $2) order by n) as scores
       from jsonb_array_elements($1::jsonb) with ordinality as t (f, n)`,
      [JSON.stringify(given), NOW],
    ),
  )
  assert.deepEqual(scores, given.map(score))
})
