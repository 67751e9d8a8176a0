import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { type App, composeApp } from './compose.ts'
import { readConfig } from './platform/config.ts'
import { createLog } from './platform/log.ts'
import { listErrors } from './platform/problem.ts'
import type { Route } from './platform/routes.ts'
import { createSerializerCompilers, createValidatorCompilers } from './platform/schema-compilers.ts'
import { createTestDatabase, type TestDatabase } from './platform/testing/test-database.ts'

let database: TestDatabase
let dataDir = ''
let app: App
before(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'chunbo-compose-'))
  const config = { ...readConfig({ DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0' }) }
  app = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), runJobs: false })
})
after(async () => {
  await app.close()
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

interface ApiDocument {
  readonly openapi: string
  readonly paths: Record<string, Record<string, { summary?: string; responses?: Record<string, unknown> }>>
}

test('the API document is one that an independent validator accepts', async () => {
  const response = await app.platform.app.inject('/api/openapi.json')
  const outcome = await new Validator().validate(response.json())
  assert.deepEqual(outcome.errors ?? [], [])
  assert.equal(outcome.valid, true)
  assert.ok(Object.keys(response.json<ApiDocument>().paths).length > 30)
})

test('every schema of every route compiles, though none is compiled before its first request', () => {
  const validators = createValidatorCompilers()
  const serializers = createSerializerCompilers()
  let compiled = 0
  for (const { method, url, body, params, query, headers, response } of Object.values(app.slices).flatMap<Route>(
    (slice) => slice.routes,
  )) {
    for (const [httpPart, schema] of Object.entries({ body, params, querystring: query, headers })) {
      if (schema) validators.now({ schema, method, url, httpPart })
      compiled += schema ? 1 : 0
    }
    if (response) serializers.now({ schema: response, method, url, httpStatus: '200' })
    compiled += response ? 1 : 0
  }
  assert.ok(compiled > 400, `${compiled} schemas`)
})

test('every operation has a summary and says how it fails', async () => {
  const document = (await app.platform.app.inject('/api/openapi.json')).json<ApiDocument>()
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      assert.ok(operation.summary, `${method} ${path} has no summary`)
      assert.ok(operation.responses?.default, `${method} ${path} does not document problems`)
    }
  }
})

test('docs/errors.md lists every registered code with its status and both texts', async () => {
  const text = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^\| <a id="[^"]+"><\/a>`([^`]+)` \| (\d+) \| (.+) \| (.+) \|$/gm)].map(
    (match) => match.slice(1, 5),
  )
  const registered = listErrors()
    .filter(([code]) => !code.startsWith('probe.'))
    .map(([code, { status, zh, en }]) => [code, String(status), zh, en])
  assert.deepEqual(documented, registered, 'run: node tools/errors-doc.ts')
  for (const [code, entry] of listErrors()) {
    assert.match(entry.zh, /\p{Script=Han}/u, `${code} has no Chinese text`)
    assert.match(entry.en, /^[\p{ASCII}’…–]+$/u, `${code} has no English text`)
  }
})
