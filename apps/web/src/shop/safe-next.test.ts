import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeNext } from './safe-next.ts'

test('only a path of this site is followed after sign-in', () => {
  assert.equal(safeNext('/checkout?x=1'), '/checkout?x=1')
  assert.equal(safeNext(undefined, '/studio'), '/studio')
  for (const bad of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    undefined,
    ['/a'],
  ]) {
    assert.equal(safeNext(bad), '/')
  }
})
