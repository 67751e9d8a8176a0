import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSocketWord } from './socket-word.ts'

const mime = 'video/mp4; codecs="avc1.42c01e,mp4a.40.2"'

test('it reads the words of the server', () => {
  assert.deepEqual(
    readSocketWord(JSON.stringify({ kind: 'init', mime, startMs: 12, wallMs: 1_800_000_000_000, discontinuity: true })),
    { kind: 'init', mime, startMs: 12, wallMs: 1_800_000_000_000, discontinuity: true },
  )
  assert.deepEqual(readSocketWord(JSON.stringify({ kind: 'init', mime, startMs: 0 })), {
    kind: 'init',
    mime,
    startMs: 0,
    wallMs: null,
    discontinuity: false,
  })
  for (const kind of ['gap', 'waiting', 'ended']) assert.deepEqual(readSocketWord(JSON.stringify({ kind })), { kind })
})

test('anything else is passed over', () => {
  const others = [
    '',
    '{',
    '[]',
    'null',
    '1',
    '{"kind":"later"}',
    '{"kind":"init"}',
    '{"kind":"init","mime":1,"startMs":0}',
  ]
  for (const text of others) assert.equal(readSocketWord(text), null, text)
  assert.equal(readSocketWord(JSON.stringify({ kind: 'init', mime: 'x'.repeat(201), startMs: 0 })), null)
  assert.equal(readSocketWord(JSON.stringify({ kind: 'init', mime, startMs: -1 })), null)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const word = readSocketWord(text)
      assert.ok(word === null || ['init', 'gap', 'waiting', 'ended'].includes(word.kind))
    }),
  )
})
