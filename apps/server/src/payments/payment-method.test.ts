import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../platform/config.ts'
import { paymentMethods } from './payment-method.ts'

const methodsIn = (env: Record<string, string>) => paymentMethods(readConfig(env)).map(({ id }) => id)

test('the sandbox is never on in production unless the demonstration is asked for', () => {
  assert.deepEqual(methodsIn({ NODE_ENV: 'production' }), [])
  assert.deepEqual(methodsIn({ NODE_ENV: 'production', DEMO: '0' }), [])
  assert.deepEqual(methodsIn({ NODE_ENV: 'production', DEMO: '1' }), ['sandbox'])
  assert.deepEqual(methodsIn({}), ['sandbox'])
  assert.deepEqual(methodsIn({ DEMO: '0' }), [])
})
