import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { FAN_KINDS, FAN_LEVELS, FAN_RULES, type FanKind, fanLevel, grantedPoints, pointsFor } from '@chunbo/contract'
import fc from 'fast-check'
import type { Deed } from './index.ts'
import { type AudienceWorld, createAudienceWorld, JINGDONG } from './testing/audience-world.ts'

let world: AudienceWorld
before(async () => {
  world = await createAudienceWorld()
})
after(() => world.close())

test('levels rise with points and begin where the table says', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(1_000), (points, more) => {
      assert.ok(fanLevel(points) <= fanLevel(points + more))
      assert.ok(fanLevel(points) <= FAN_LEVELS.length)
    }),
  )
  FAN_LEVELS.forEach(({ from }, index) => {
    assert.equal(fanLevel(from), index + 1)
    assert.equal(fanLevel(from - 1), index)
  })
  assert.equal(pointsFor('order', 9_999), 99)
  assert.equal(pointsFor('watch', 2.9), 10)
  assert.equal(pointsFor('comment', -1), 0)
})

/** What the table says, one deed after the other. */
function modelOf(days: readonly (readonly Deed[])[]): Map<string, number> {
  const seen = new Set<string>()
  const sums = new Map<string, number>()
  for (const deeds of days) {
    const today = new Map<string, number>()
    for (const { userId, countyCode, kind, ref, units } of deeds) {
      const asked = pointsFor(kind, units)
      const key = `${userId} ${countyCode} ${kind} ${ref}`
      if (asked === 0 || seen.has(key)) continue
      const fan = `${userId} ${countyCode}`
      const soFar = today.get(`${fan} ${kind}`) ?? 0
      const granted = grantedPoints(kind, asked, soFar)
      // What brought nothing was not counted and may come again on another day.
      if (granted > 0) seen.add(key)
      today.set(`${fan} ${kind}`, soFar + granted)
      sums.set(fan, (sums.get(fan) ?? 0) + granted)
    }
  }
  return sums
}

const COUNTIES = [JINGDONG, 530825]
const deed = (base: number): fc.Arbitrary<Deed> =>
  fc.record({
    userId: fc.integer({ min: base, max: base + 2 }),
    countyCode: fc.constantFrom(...COUNTIES),
    kind: fc.constantFrom(...FAN_KINDS),
    ref: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    units: fc.integer({ min: 0, max: 60_000 }).map((units) => (units % 3 === 0 ? units : units % 4)),
  })

test('the ledger grants what the table grants, in whatever batches and however often it is sent', async () => {
  const { audience } = world.app.slices
  const { db } = world.app.platform
  let base = 1_000_000
  await fc.assert(
    fc.asyncProperty(
      fc
        .constant(null)
        .map(() => (base += 10))
        .chain((first) =>
          fc.record({
            first: fc.constant(first),
            days: fc.array(fc.array(deed(first), { maxLength: 30 }), { minLength: 1, maxLength: 3 }),
            cut: fc.nat(30),
          }),
        ),
      async ({ first, days, cut }) => {
        for (const deeds of days) {
          await audience.addPoints(deeds.slice(0, cut))
          await audience.addPoints(deeds.slice(cut))
          world.advance(86_400_000)
        }
        const rows = await db.query<{ fan: string; points: number; ledger: number }>(
          `select f.user_id || ' ' || f.county_code as fan, f.points,
             (select coalesce(sum(p.points), 0)::int from fan_points p where p.user_id = f.user_id and p.county_code = f.county_code) as ledger
           from fans f where f.user_id between $1 and $1 + 2`,
          [first],
        )
        const wanted = modelOf(days)
        for (const { fan, points, ledger } of rows) {
          assert.equal(points, ledger, 'the sum is the sum of the ledger')
          assert.equal(points, wanted.get(fan) ?? 0, fan)
          wanted.delete(fan)
        }
        assert.deepEqual(
          [...wanted].filter(([, points]) => points > 0),
          [],
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('the same deeds sent by several at once count once, and no day brings more than its bound', async () => {
  const { audience } = world.app.slices
  const deeds = Array.from({ length: 60 }, (_, index): Deed => {
    const kind: FanKind = index % 2 === 0 ? 'comment' : 'order'
    return { userId: 7_000_000 + (index % 3), countyCode: JINGDONG, kind, ref: `r${index}`, units: 12_345 }
  })
  await Promise.all(Array.from({ length: 6 }, (_, turn) => audience.addPoints(turn % 2 ? deeds : [...deeds].reverse())))
  const rows = await world.app.platform.db.query<{ kind: FanKind; points: number; ledger: number }>(
    `select p.kind, sum(p.points)::int as points from fan_points p where p.user_id between 7000000 and 7000002 group by p.user_id, p.kind`,
  )
  assert.equal(rows.length, 6)
  for (const { kind, points } of rows) assert.equal(points, FAN_RULES[kind].dayMax)
})

test('ten minutes in a room on air bring points, on however many sockets; the host team collects none', async () => {
  const viewer = await world.person('老张')
  const roomId = await world.liveRoom()
  const sockets = [
    await world.enter(roomId, viewer),
    await world.enter(roomId, viewer),
    await world.enter(roomId, world.hostId),
  ]
  for (let minute = 0; minute < 10; minute += 1) {
    assert.equal(await world.points(viewer), 0)
    await world.app.slices.audience.countPoints()
    await world.app.slices.audience.countPoints()
    world.advance(60_000)
  }
  assert.equal(await world.points(viewer), FAN_RULES.watch.points)
  assert.equal(await world.points(world.hostId), 0)
  for (const socket of sockets) socket.terminate()
})

test('what is said brings points once a minute, and only on air', async () => {
  const viewer = await world.person('小刘')
  const roomId = await world.liveRoom()
  const socket = await world.enter(roomId, viewer)
  const { audience } = world.app.slices
  const line = (index: number) => ({
    id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    atMs: world.now().getTime(),
    name: '小刘',
    from: 'viewer' as const,
    text: '多少钱一斤',
  })
  for (let index = 0; index < 40; index += 1) {
    audience.chatSaid(roomId, line(index), viewer)
    if (index % 2 === 1) world.advance(60_000)
  }
  const waiting = await world.room()
  audience.chatSaid(waiting.id, line(99), viewer)
  await audience.countPoints()
  assert.equal(await world.points(viewer), FAN_RULES.comment.dayMax, 'twenty minutes of talk, and the bound of the day')
  socket.terminate()
})

test('a paid order brings a point for each yuan once, and one that is taken back gives them back', async () => {
  const buyer = await world.person('周姐')
  const { audience } = world.app.slices
  const order = await world.buy(buyer, 3)
  await Promise.all([audience.countPoints(), audience.countPoints()])
  await audience.countPoints()
  assert.equal(await world.points(buyer), 29)
  assert.equal(await audience.levelOf(buyer, JINGDONG), 1)
  await world.buy(buyer, 100)
  await audience.countPoints()
  assert.equal(await world.points(buyer), FAN_RULES.order.dayMax)
  const { db } = world.app.platform
  await db.query(`update orders set status = 'cancelled' where shop_id = $1 and id = $2`, [order.shopId, order.orderId])
  await audience.countPoints()
  await audience.countPoints()
  assert.equal(await world.points(buyer), FAN_RULES.order.dayMax - 29)
})
