import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createComplaints, isComplaint } from './complaints.ts'

test('who has bought complains, who wants to buy asks, and the rest talks', () => {
  const complaints = [
    '收到坏果了',
    '有一半都烂了，退钱',
    '昨天买的坏了！',
    '收到的坏了怎么办',
    '打开都发霉了',
    '少发了两个',
    '等了五天还没收到',
    'my peas came rotten',
    'I want my money back',
    'refund please',
  ]
  const others = [
    '坏了包赔吗',
    '坏果包赔吗？',
    '可以退款吗',
    '会不会压坏',
    '豌豆真好',
    '甜不甜',
    '上次买的很好吃',
    'can I get a refund if they are bad?',
    'love it',
  ]
  assert.deepEqual(
    complaints.filter((text) => !isComplaint(text)),
    [],
  )
  assert.deepEqual(others.filter(isComplaint), [])
})

test('each person counts once and for ten minutes after the last time, and each room for itself', () => {
  const book = createComplaints()
  book.heard(1, 7, '收到坏果了', 0)
  book.heard(1, 7, '一半都烂了', 60_000)
  book.heard(1, 8, '烂了', 120_000)
  book.heard(1, 9, '豌豆真好', 120_000)
  book.heard(2, 9, '烂了', 120_000)
  assert.deepEqual([book.count(1, 120_000), book.count(2, 120_000), book.count(3, 120_000)], [2, 1, 0])
  assert.equal(book.count(1, 60_000 + 600_000), 1)
  assert.equal(book.count(1, 120_000 + 600_000), 0)
})

test('a crowd of complaints is kept small', () => {
  const book = createComplaints()
  for (let userId = 0; userId < 20_000; userId++) book.heard(1, userId, '烂了', 1)
  assert.equal(book.count(1, 1), 5_000)
})
