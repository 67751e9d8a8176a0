import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phoneText } from './phone-text.ts'

test('a Chinese mobile number is grouped, another number and a masked one stay as they are', () => {
  assert.equal(phoneText('+8619900000009'), '199 0000 0009')
  assert.equal(phoneText('199-0000-0009'), '199 0000 0009')
  assert.equal(phoneText('+49 30 1234567'), '+49 30 1234567')
  assert.equal(phoneText('199****0009'), '199****0009')
})
