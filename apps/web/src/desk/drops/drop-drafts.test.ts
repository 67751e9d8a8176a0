import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newBag, newCoupon, newNotice, newPoll, readBag, readCoupon, readNotice, readPoll } from './drop-drafts.ts'

const NOW_MS = Date.parse('2026-11-24T12:00:00Z')

test('a coupon takes at most half, and is valid from the clock that the room has', () => {
  assert.deepEqual(readCoupon(newCoupon(7), NOW_MS).input, {
    shopId: 7,
    offFen: 500,
    fromFen: 5000,
    total: 100,
    seconds: 300,
    validUntil: '2026-12-01T12:00:00.000Z',
  })
  const greedy = readCoupon({ ...newCoupon(7), off: '25.01' }, NOW_MS)
  assert.equal(greedy.input, undefined)
  assert.deepEqual(greedy.troubles.off, { why: 'halfAtMost', from: '50.00', max: '25.00' })
  assert.deepEqual(Object.keys(readCoupon({ ...newCoupon(0), off: '', total: '0' }, NOW_MS).troubles), [
    'shopId',
    'off',
    'total',
  ])
})

test('a lucky bag is proposed from what is explained, and needs a phrase only where one is said', () => {
  const draft = newBag({ titleZh: '景东甜脆豌豆', titleEn: 'Sweet peas', priceFen: 2990 })
  assert.deepEqual(readBag(draft).input, {
    prizeZh: '景东甜脆豌豆',
    prizeEn: 'Sweet peas',
    prizeFen: 2990,
    prizes: 3,
    condition: 'comment',
    phrase: '支持家乡好货',
    seconds: 300,
  })
  assert.deepEqual(Object.keys(readBag({ ...draft, phrase: ' ' }).troubles), ['phrase'])
  assert.equal(readBag({ ...draft, phrase: '', condition: 'none' }).input?.phrase, undefined)
  assert.deepEqual(readBag({ ...draft, worth: '50001' }).troubles.worth, { why: 'money', max: '50000.00' })
})

test('a poll leaves out empty options and refuses the same one twice', () => {
  const draft = { ...newPoll(), options: ['豌豆', '', '核桃'].map((zh) => ({ zh, en: '' })) }
  assert.deepEqual(readPoll(draft).input?.options, [{ zh: '豌豆' }, { zh: '核桃' }])
  assert.deepEqual(Object.keys(readPoll({ ...draft, options: draft.options.slice(0, 2) }).troubles), ['options'])
  const twice = ['豌豆', '豌豆 '].map((zh) => ({ zh, en: '' }))
  assert.deepEqual(readPoll({ ...draft, options: twice }).troubles.options, { why: 'twoOptions' })
})

test('a notice needs words', () => {
  assert.equal(readNotice(newNotice()).input, undefined)
  assert.deepEqual(readNotice({ textZh: ' 八点抽奖 ', textEn: '' }).input, { textZh: '八点抽奖' })
})
