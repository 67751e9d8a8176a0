import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packWords } from './pack-words.ts'

test('the weight of a pack is said once', () => {
  assert.equal(packWords(2500, '', 'en'), '2.5 kg')
  assert.equal(packWords(2500, '5 斤装', 'zh'), '2.5 公斤 · 5 斤装')
  assert.equal(packWords(2500, '2.5 kg box', 'en'), '2.5 kg box')
})
