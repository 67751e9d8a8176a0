import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { StartRefusal } from './start-refusal.ts'

test('an empty environment gives the demonstration on the fixed ports', () => {
  const config = readConfig({})
  assert.equal(config.port, 4870)
  assert.equal(config.rtmpPort, 1935)
  assert.equal(config.demo, true)
  assert.equal(config.databaseUrl, null)
  assert.equal(config.publicUrl, 'http://localhost:4870')
})

test('production turns the demonstration off unless it is asked for', () => {
  assert.equal(readConfig({ NODE_ENV: 'production' }).demo, false)
  assert.equal(readConfig({ NODE_ENV: 'production', DEMO: '1' }).demo, true)
})

for (const [name, value] of [
  ['PORT', '80x'],
  ['PORT', '70000'],
  ['RTMP_PORT', '-1'],
  ['DEMO', 'yes'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['PUBLIC_URL', 'chunbo.example'],
  ['AUTH_SECRET', 'short'],
  ['LOG_LEVEL', 'loud'],
  ['OPERATOR_EMAIL', 'nobody'],
] as const) {
  test(`${name}=${value} is refused by name in both languages`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => error instanceof StartRefusal && error.en.includes(name) && error.zh.includes(name),
    )
  })
}

test('a refused database address does not show its password', () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: 'mysql://user:secret@host/x' }),
    (error) => error instanceof StartRefusal && !error.en.includes('secret') && !error.zh.includes('secret'),
  )
})
