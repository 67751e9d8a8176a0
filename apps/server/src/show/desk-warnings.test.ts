import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMPLAINTS_MANY, createWarningBook, judgeRoom, NO_PIN_MS, type RoomFacts, STOCK_LOW } from './desk-warnings.ts'

const NOW = 1_700_000_000_000
const good = { connected: true, fps: 25, bitrateKbps: 1_500, keyFrameIntervalMs: 2_000 }
const facts = (more: Partial<RoomFacts>): RoomFacts => ({
  status: 'live',
  shelf: [{ shopId: 1, skuId: 1, stock: 500 }],
  unpinnedSinceMs: null,
  questions: 0,
  complaints: 0,
  stream: good,
  nowMs: NOW,
  ...more,
})
const codes = (more: Partial<RoomFacts>) => judgeRoom(facts(more)).map(({ code }) => code)

test('a show that goes well is left alone, and an ended one too', () => {
  assert.deepEqual(codes({}), [])
  assert.deepEqual(codes({ status: 'ended', stream: null, shelf: [{ shopId: 1, skuId: 1, stock: 0 }] }), [])
  assert.deepEqual(codes({ status: 'scheduled', stream: null }), [], 'before the show there is no video to miss')
})

test('each trouble has its word, just when it begins to be one', () => {
  assert.deepEqual(codes({ shelf: [{ shopId: 1, skuId: 1, stock: STOCK_LOW + 1 }] }), [])
  assert.deepEqual(codes({ shelf: [{ shopId: 1, skuId: 1, stock: STOCK_LOW }] }), ['stock_low'])
  assert.deepEqual(codes({ shelf: [{ shopId: 1, skuId: 1, stock: 0 }] }), ['sold_out'])
  assert.deepEqual(codes({ unpinnedSinceMs: NOW - NO_PIN_MS + 1 }), [])
  assert.deepEqual(codes({ unpinnedSinceMs: NOW - NO_PIN_MS }), ['no_pin'])
  assert.deepEqual(codes({ questions: 5 }), ['questions'])
  assert.deepEqual(codes({ complaints: COMPLAINTS_MANY - 1 }), [])
  assert.deepEqual(codes({ complaints: COMPLAINTS_MANY }), ['complaints'])
  assert.deepEqual(codes({ stream: null }), ['stream_away'])
  assert.deepEqual(codes({ status: 'paused', stream: null }), ['stream_away'])
  assert.deepEqual(codes({ stream: { ...good, fps: 8 } }), ['stream_slow'])
  assert.deepEqual(codes({ stream: { ...good, fps: 0, bitrateKbps: 0 } }), [], 'in the first seconds nothing is known')
  assert.deepEqual(codes({ stream: { ...good, bitrateKbps: 120 } }), ['stream_thin'])
  assert.deepEqual(codes({ stream: { ...good, keyFrameIntervalMs: 8_000 } }), ['stream_long_gop'])
})

test('a warning keeps its beginning while it holds, and begins anew when it comes back', () => {
  const book = createWarningBook()
  const low = judgeRoom(facts({ shelf: [{ shopId: 1, skuId: 7, stock: 3 }] }))
  assert.equal(book.date(1, low, NOW)[0]?.sinceMs, NOW)
  assert.equal(book.date(1, low, NOW + 5_000)[0]?.sinceMs, NOW)
  assert.equal(book.date(2, low, NOW + 5_000)[0]?.sinceMs, NOW + 5_000, 'of another room it is another one')
  assert.deepEqual(book.date(1, [], NOW + 10_000), [])
  assert.equal(book.date(1, low, NOW + 15_000)[0]?.sinceMs, NOW + 15_000)
})
