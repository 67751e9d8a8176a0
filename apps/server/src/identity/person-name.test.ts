import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../platform/problem.ts'
import { readPersonName } from './person-name.ts'

test('a name is shown on one line, in its own direction, and without what nobody can see', () => {
  assert.equal(readPersonName(' 王\n阿姨\u0000 '), '王 阿姨')
  assert.equal(readPersonName('\u202eevil\u200b\ud800'), 'evil')
  for (const empty of ['', ' \t', '\u200b\u202e', '\u0000']) assert.throws(() => readPersonName(empty), Refusal)
})

test('whatever was typed, the name fits its column and is left as it is by a second reading', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (typed) => {
      let name: string
      try {
        name = readPersonName(typed)
      } catch (error) {
        return error instanceof Refusal
      }
      return [...name].length <= 40 && !/[\p{Cc}\u202e]/u.test(name) && readPersonName(name) === name.trim()
    }),
  )
})
