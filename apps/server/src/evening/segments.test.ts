import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ReplaySegments, roundScale, type SkuSegments } from '@chunbo/contract'
import fc from 'fast-check'
import { gridOf } from './read-steps.ts'
import { createReplayClock } from './replay-clock.ts'
import { createShowWorld, MINUTE_MS, type ShowWorld, START_MS } from './testing/show-world.ts'

let world: ShowWorld
before(async () => {
  world = await createShowWorld()
})
after(() => world.close())

/** Writes a recording's index as the recorder does; pieces are [minute of the show, seconds]. */
async function record(roomId: number, pieces: readonly (readonly [minute: number, seconds: number])[]): Promise<void> {
  const lines = pieces.map(([minute, seconds], seq) => ({
    seq,
    uri: `seg-${seq}.m4s`,
    init: 'init-0123456789abcdef.mp4',
    startMs: START_MS + minute * MINUTE_MS,
    durationMs: seconds * 1000,
    discontinuity: false,
    bytes: 1,
  }))
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
  await world.app.platform.storage.put(`recordings/${roomId}/index.ndjson`, Buffer.from(text))
}
const segments = async (roomId: number) =>
  (await world.ask<ReplaySegments>('GET', `/api/rooms/${roomId}/segments`)).body

test('segments stand where the replay plays them, which leaves out the time without video', async () => {
  const roomId = await world.show(20)
  const [peas, papaya] = [await world.goods(), await world.goods()]
  await world.pin(roomId, peas, 2, 4)
  // The picture was away from minute 5 to 10; this one began in the gap, and the next was over before its end.
  await world.pin(roomId, papaya, 8, 12)
  await world.pin(roomId, peas, 6, 7)
  await world.pin(roomId, papaya, 14, 14.05)
  await record(roomId, [
    [0, 300],
    [10, 600],
  ])
  const found = await segments(roomId)
  assert.equal(found.lengthS, 900)
  assert.deepEqual(
    found.items.map(({ sku, fromS, toS }) => [sku.skuId, fromS, toS]),
    [
      [peas.skuId, 120, 240],
      [papaya.skuId, 300, 420],
    ],
  )
  const [peasFromMs, peasToMs] = [START_MS + 2 * MINUTE_MS, START_MS + 4 * MINUTE_MS]
  assert.equal(found.items[0]?.play, `/media/${roomId}/replay.m3u8?from=${peasFromMs}&to=${peasToMs}`)
  assert.equal(found.items[0]?.poster, `/media/${roomId}/poster.jpg?at=${peasFromMs + 3_000}`)
  const { body } = await world.ask<SkuSegments>('GET', `/api/skus/${papaya.skuId}/segments`)
  assert.deepEqual(
    body.items.map((item) => [item.roomId, item.lengthS]),
    [[roomId, 120]],
  )
})

test('without a recording there are no segments, and a rehearsal is nobody’s business', async () => {
  const peas = await world.goods()
  const [silent, practice] = [await world.show(10), await world.show(10, { practice: true })]
  for (const roomId of [silent, practice]) await world.pin(roomId, peas, 1, 5)
  await record(practice, [[0, 600]])
  assert.deepEqual(await segments(silent), { items: [], lengthS: 0 })
  assert.equal(await world.refusal('GET', `/api/rooms/${practice}/segments`), 'evening.room_not_found')
  assert.deepEqual((await world.ask('GET', `/api/skus/${peas.skuId}/segments`)).body, { items: [] })
  assert.equal(await world.refusal('GET', '/api/rooms/999999/segments'), 'evening.room_not_found')
})

test('a later moment is never earlier in the replay, and the end of the show is its end', () => {
  const piece = fc.record({ gapMs: fc.nat(100_000), durationMs: fc.integer({ min: 1, max: 20_000 }) })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(2_000_000), fc.nat(2_000_000), (pieces, one, other) => {
      let endMs = 0
      const spans = pieces.map(({ gapMs, durationMs }) => {
        const span = { startMs: endMs + gapMs, durationMs }
        endMs = span.startMs + durationMs
        return span
      })
      const replay = createReplayClock(spans)
      const [before, after] = [Math.min(one, other), Math.max(one, other)]
      assert.ok(replay.secondOf(before) <= replay.secondOf(after))
      assert.equal(replay.secondOf(endMs), replay.lengthS)
      for (const span of spans) {
        const played = replay.secondOf(span.startMs + span.durationMs - 1) - replay.secondOf(span.startMs)
        assert.ok(Math.abs(played * 1000 - (span.durationMs - 1)) < 1e-3)
      }
    }),
  )
})

test('a curve has at most 720 steps and covers the show, and an axis its highest value', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), fc.nat(400_000_000), fc.nat(10_000_000), (fromMs, lengthMs, most) => {
      const grid = gridOf(new Date(fromMs), new Date(fromMs + lengthMs))
      assert.ok(grid.steps >= 1 && grid.steps <= 720)
      assert.ok(grid.startMs <= fromMs && grid.startMs + grid.steps * grid.stepMin * MINUTE_MS >= fromMs + lengthMs)
      const { top, lines } = roundScale(most)
      assert.ok(top >= most && lines >= 1 && lines <= 5 && Number.isInteger(top / lines))
    }),
  )
})
