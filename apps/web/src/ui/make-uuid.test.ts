import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeUuid } from './make-uuid.ts'

test('a key is a UUID of version 4 and never the same', () => {
  const made = new Set(Array.from({ length: 1000 }, makeUuid))
  assert.equal(made.size, 1000)
  for (const uuid of made) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
