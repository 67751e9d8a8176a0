import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_RULES, readInstance } from '../../../packages/matching/src/index.ts'
import { boundOf } from './bounds.ts'
import { drawInstance, hashOf, type InstanceName, sizes } from './instances.ts'
import { drawOf } from './random.ts'
import { greedyDesk } from './season/desks.ts'
import { type Offer, simulate } from './season/simulate.ts'
import { accepts, drawWorld, lateDays } from './season/world.ts'

const names = Object.keys(sizes) as InstanceName[]

test('the generator draws the same instance again, and another for another seed', () => {
  const size = { ...sizes['300x300x14'], alerts: 40, merchants: 40 }
  assert.equal(hashOf(drawInstance(size)), hashOf(drawInstance(size)))
  assert.notEqual(hashOf(drawInstance(size)), hashOf(drawInstance({ ...size, seed: size.seed + 1 })))
})

test('the instances meet the schema', () => {
  for (const name of names) assert.doesNotThrow(() => readInstance(drawInstance(sizes[name])))
})

test('each instance has a stored bound that is its own', () => {
  for (const name of names) assert.ok(boundOf(name) > 0)
})

test('a bound of another instance is refused with the way to prove it anew', () => {
  const stored = { instance: 'f'.repeat(64), boundFen: 1, command: '', seconds: 1, method: '', date: '' }
  assert.throws(() => boundOf('300x300x14', { '300x300x14': stored }), /another instance.*matching bounds 300x300x14/)
  assert.throws(() => boundOf('300x300x14', {}), /no bound is stored/)
})

test('a draw depends on the seed and the names alone, and draws are spread evenly', () => {
  assert.equal(drawOf(1, 'a', 2), drawOf(1, 'a', 2))
  assert.notEqual(drawOf(1, 'a', 2), drawOf(2, 'a', 2))
  const tenths = new Array<number>(10).fill(0)
  for (let n = 0; n < 10_000; n += 1) {
    const tenth = Math.floor(10 * drawOf(3, 'accepts', `a${n % 100}`, `m${Math.floor(n / 100)}`, 4))
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  for (const count of tenths) assert.ok(count > 880 && count < 1_120, `${tenths}`)
})

test('every gram that arrives is shipped, spoiled or waiting on every day, and none waits in the end', async () => {
  const world = { ...drawWorld(4), days: 12 }
  const short = { ...world, arrivals: world.arrivals.filter(({ day }) => day < 12) }
  const { cases } = await simulate(short, DEFAULT_RULES, greedyDesk, (day, now) => {
    const arrived = short.arrivals.filter((arrival) => arrival.day <= day)
    assert.equal(now.length, arrived.length)
    for (const { alert, openG, lots, shippedG, spoiledG } of now)
      assert.equal(lots.reduce((sum, { grams }) => sum + grams, openG) + shippedG + spoiledG, alert.grams)
  })
  assert.equal(cases.length, short.arrivals.length)
  for (const { openG, lots, lateG, spoiledG } of cases) assert.ok(openG === 0 && lots.length === 0 && lateG <= spoiledG)
})

test('both desks meet the same luck, in whatever order and however often they ask', async () => {
  const world = { ...drawWorld(5), days: 4 }
  const short = { ...world, arrivals: world.arrivals.filter(({ day }) => day < 4) }
  const backwards = (known: Parameters<typeof greedyDesk>[0]): Offer[] => greedyDesk(known).reverse()
  const [one, other] = [
    await simulate(short, DEFAULT_RULES, greedyDesk),
    await simulate(short, DEFAULT_RULES, backwards),
  ]
  const grams = ({ cases }: typeof one) => cases.map(({ alert, spoiledG }) => [alert.id, spoiledG])
  assert.deepEqual(grams(one), grams(other))
  const merchant = world.merchants[0]
  assert.ok(merchant !== undefined)
  assert.equal(accepts(world, merchant, 'a1', 3), accepts(world, merchant, 'a1', 3))
  assert.equal(lateDays(world, merchant, 'a1', 3), lateDays(drawWorld(5), merchant, 'a1', 3))
})
