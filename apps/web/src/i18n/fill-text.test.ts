import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillText } from './fill-text.ts'

test('fills names and keeps what is unknown in sight', () => {
  assert.equal(fillText('还剩 {n} 份', { n: 3 }), '还剩 3 份')
  assert.equal(fillText('{a} and {b}', { a: 'x' }), 'x and {b}')
})

test('chooses the singular only for one', () => {
  assert.equal(fillText('{n} pack|{n} packs', { n: 1 }), '1 pack')
  assert.equal(fillText('{n} pack|{n} packs', { n: 0 }), '0 packs')
  assert.equal(fillText('{n} pack|{n} packs', { n: 12 }), '12 packs')
})
