import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHAT_MODE_OPEN, type ChatMode } from '@chunbo/contract'
import { createChatTerms } from './chat-terms.ts'
import { type JudgeWorld, judgeLine, sameText } from './judge-line.ts'
import { RoomBook, STRIKE_WINDOW_MS, STRIKES_MAX } from './room-book.ts'

const BASE: JudgeWorld = {
  terms: createChatTerms([]),
  isFollowing: () => false,
  isSilentMinor: () => false,
  phrases: [],
  wallMs: 1_000_000,
  steadyMs: 0,
}

function setUp() {
  const book = new RoomBook(1, 530823)
  const judge = (userId: number, text: string, more: Partial<JudgeWorld> = {}, mode: ChatMode = CHAT_MODE_OPEN) => {
    const world = { ...BASE, ...more }
    const verdict = judgeLine(world, book, { id: userId, isHost: false }, text, mode)
    if (verdict === null) book.said(userId, sameText(text), world.steadyMs)
    return verdict?.code ?? 'said'
  }
  return { book, judge }
}

test('a silence ends by itself, a ban only when it is lifted, and one that was lifted while it was read stays lifted', () => {
  const { book, judge } = setUp()
  book.silence({ muteId: 1, userId: 7, untilMs: 1_060_000, county: false })
  assert.equal(judge(7, '好'), 'room.chat_muted')
  assert.equal(judge(8, '好'), 'said')
  assert.equal(judge(7, '好', { wallMs: 1_060_000 }), 'said')
  book.silence({ muteId: 2, userId: 7, untilMs: Number.POSITIVE_INFINITY, county: true })
  assert.equal(judge(7, '好的', { wallMs: 10 ** 12, steadyMs: 10 ** 9 }), 'room.chat_muted')
  book.lift(2, 7)
  assert.equal(judge(7, '好的', { wallMs: 10 ** 12, steadyMs: 10 ** 9 }), 'said')
  book.lift(3, 9)
  book.silence({ muteId: 3, userId: 9, untilMs: Number.POSITIVE_INFINITY, county: true })
  assert.equal(judge(9, '好'), 'said')
})

test('a clock that jumps makes nobody wait longer in slow mode', () => {
  const { judge } = setUp()
  const slow = { ...CHAT_MODE_OPEN, slowS: 30 }
  assert.equal(judge(1, '一', { steadyMs: 0 }, slow), 'said')
  assert.equal(judge(1, '二', { steadyMs: 29_000, wallMs: 0 }, slow), 'room.chat_slow')
  assert.equal(judge(1, '二', { steadyMs: 30_000, wallMs: 0 }, slow), 'said')
})

test('a minor who may not talk does not, whatever the mode', () => {
  const { judge } = setUp()
  assert.equal(judge(1, '好', { isSilentMinor: (userId) => userId === 1 }), 'room.chat_minor')
})

test('a long text that is handed round is stopped, unless it is what a lucky bag asks for', () => {
  const { judge } = setUp()
  const text = '平顺潞党参真不错大家快来支持家乡的县长直播带货啦'
  for (let userId = 1; userId <= 5; userId += 1) assert.equal(judge(userId, text), 'said')
  assert.equal(judge(6, text), 'room.chat_repeated')
  assert.equal(judge(6, text, { phrases: ['支持家乡的县长'] }), 'said')
  assert.equal(judge(7, text, { steadyMs: 60_000 }), 'said', 'a minute later it is news again')
  for (let userId = 1; userId <= 50; userId += 1) assert.equal(judge(userId, '好吃', { steadyMs: 1 }), 'said')
})

test('so many refused lines silence who sends them, until the mute is written down', () => {
  const { book, judge } = setUp()
  for (let strike = 1; strike < STRIKES_MAX; strike += 1) assert.equal(book.strike(1, strike), false)
  assert.equal(judge(1, '好'), 'said')
  assert.equal(book.strike(1, STRIKES_MAX), true)
  assert.equal(judge(1, '好的'), 'room.chat_muted')
  assert.equal(judge(1, '好的', { steadyMs: STRIKES_MAX + STRIKE_WINDOW_MS }), 'said')
  for (let strike = 0; strike < STRIKES_MAX * 3; strike += 1)
    assert.equal(book.strike(2, strike * STRIKE_WINDOW_MS), false, 'now and then is no flood')
})
