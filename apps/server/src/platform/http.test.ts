import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { exact, Id, IdParams } from '@chunbo/contract'
import pino from 'pino'
import { Type } from 'typebox'
import { readConfig } from './config.ts'
import { createHttpServer } from './http.ts'
import { createMetrics } from './metrics.ts'
import { Refusal, registerErrors } from './problem.ts'
import { mountRoutes, route } from './routes.ts'

registerErrors({ 'probe.sold_out': { status: 409, zh: '只剩 {left} 件', en: 'Only {left} left' } })
const anyone = { name: 'anyone', check: () => {} }

/** Thrown, the last first, by a probe of 7. */
const thrown: Error[] = []

async function buildProbe(env: NodeJS.ProcessEnv = {}) {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const http = await createHttpServer(readConfig(env), pino({ level: 'info' }, sink), createMetrics({ process: false }))
  mountRoutes(http.app, 'probe', [
    route({
      method: 'POST',
      url: '/api/probe/:id',
      who: anyone,
      summary: 'Probe',
      params: IdParams,
      body: exact({ qty: Type.Integer({ minimum: 1, maximum: 9 }) }),
      response: exact({ id: Id, at: Type.String({ format: 'date-time' }) }),
      status: 201,
      limit: { max: 50, windowS: 60 },
      handle: ({ params, body, request }) => {
        if (body.qty === 9) throw new Refusal('probe.sold_out', { left: 3 }, { retryAfterS: 7 })
        if (body.qty === 8) throw new Error('secret detail')
        if (body.qty === 7) throw thrown.pop()
        if (body.qty === 6) throw new Refusal('probe.sold_out', { left: request.ip })
        return { id: params.id, at: new Date(0) }
      },
    }),
  ])
  await http.app.ready()
  const post = (payload: unknown, headers: Record<string, string> = {}, id = '5') =>
    http.app.inject({ method: 'POST', url: `/api/probe/${id}?phone=13800000000`, headers, payload: payload as object })
  return { http, lines, post }
}

test('a good request is answered with its status, a request id and dates as RFC 3339', async () => {
  const { post } = await buildProbe()
  const response = await post({ qty: 1 }, { 'x-request-id': 'abcdefgh-1' })
  assert.equal(response.statusCode, 201)
  assert.deepEqual(response.json(), { id: 5, at: '1970-01-01T00:00:00.000Z' })
  assert.equal(response.headers['x-request-id'], 'abcdefgh-1')
})

test('a body is never coerced, and unknown fields, wrong types and bad ids are named problems', async () => {
  const { post } = await buildProbe()
  for (const body of [{ qty: '1' }, { qty: 1.5 }, { qty: 0 }, { qty: 10 }, {}, { qty: 1, more: 1 }, [], null]) {
    const response = await post(body)
    assert.equal(response.statusCode, 400, JSON.stringify(body))
    assert.match(String(response.headers['content-type']), /application\/problem\+json/)
    assert.match(response.json().code, /^request\.(invalid|malformed)$/)
  }
  assert.equal((await post({ qty: 1 }, {}, 'x')).json().code, 'request.invalid')
  assert.equal((await post({ qty: 1 }, {}, '99999999999999999999')).json().code, 'request.invalid')
  assert.equal((await post('{"qty":', { 'content-type': 'application/json' })).json().code, 'request.malformed')
  assert.equal((await post('qty=1', { 'content-type': 'text/csv' })).json().code, 'request.unsupported_media_type')
  assert.equal((await post({ qty: 1, pad: 'x'.repeat(300_000) })).json().code, 'request.too_large')
})

test('a refusal has its status, its texts filled in, the reader’s language and Retry-After', async () => {
  const { post } = await buildProbe()
  const chinese = await post({ qty: 9 })
  assert.equal(chinese.statusCode, 409)
  assert.equal(chinese.headers['retry-after'], '7')
  assert.equal(chinese.json().title, '只剩 3 件')
  const english = (await post({ qty: 9 }, { 'accept-language': 'en-GB,en;q=0.8' })).json()
  assert.equal(english.title, 'Only 3 left')
  assert.deepEqual(english.texts, { zh: '只剩 3 件', en: 'Only 3 left' })
})

test('a bug is a 500 that shows nothing of its inside and is logged with the request id', async () => {
  const { post, lines } = await buildProbe()
  const response = await post({ qty: 8 }, { 'x-request-id': 'findme-0001' })
  assert.equal(response.statusCode, 500)
  assert.ok(!response.body.includes('secret detail'))
  assert.ok(lines.some((line) => line.includes('secret detail') && line.includes('findme-0001')))
})

test('a database that is away or undid the work is a 503 that may be sent again, and a value that no column holds a 400', async () => {
  const { post } = await buildProbe()
  const away = [
    Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }),
    Object.assign(new Error('sorry, too many clients already'), { code: '53300' }),
    Object.assign(new Error('deadlock detected'), { code: '40P01' }),
    Object.assign(new Error('connect ENOENT /tmp/.s.PGSQL.5432'), { code: 'ENOENT', syscall: 'connect' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated due to connection timeout'),
    new Error('timeout exceeded when trying to connect'),
    Object.assign(new Error('Failed to get session', { cause: new Error('Connection terminated') }), {
      statusCode: 500,
    }),
  ]
  for (const error of away) {
    thrown.push(error)
    const response = await post({ qty: 7 })
    assert.deepEqual([response.statusCode, response.json().code], [503, 'server.database_away'], error.message)
    assert.equal(response.headers['retry-after'], '2')
  }
  for (const code of ['22021', '22P05', '22003', '22008']) {
    thrown.push(Object.assign(new Error('no such value'), { code }))
    assert.deepEqual((await post({ qty: 7 })).json().code, 'request.invalid')
  }
  thrown.push(Object.assign(new Error('a file is missing'), { code: 'ENOENT', syscall: 'open' }))
  assert.equal((await post({ qty: 7 })).statusCode, 500)
})

test('a sender cannot choose the address that limits count', async () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' }
  const addressOf = async (env: NodeJS.ProcessEnv) =>
    (await (await buildProbe(env)).post({ qty: 6 }, forwarded)).json().params.left
  assert.equal(await addressOf({}), '127.0.0.1')
  assert.equal(await addressOf({ TRUST_PROXY: '1' }), '198.51.100.7')
})

test('logs hold the route pattern and never the query', async () => {
  const { post, lines } = await buildProbe()
  await post({ qty: 1 })
  assert.ok(lines.some((line) => line.includes('/api/probe/:id')))
  assert.ok(!lines.join('').includes('13800000000'))
})

test('a state-changing request from another site is refused', async () => {
  const { post } = await buildProbe()
  assert.equal((await post({ qty: 1 }, { origin: 'https://evil.example' })).json().code, 'request.foreign_origin')
  assert.equal((await post({ qty: 1 }, { 'sec-fetch-site': 'cross-site' })).json().code, 'request.foreign_origin')
  assert.equal((await post({ qty: 1 }, { origin: 'http://localhost:4870' })).statusCode, 201)
  assert.equal((await post({ qty: 1 }, { origin: 'null' })).statusCode, 403)
})

test('a limit answers 429 with Retry-After', async () => {
  const { post } = await buildProbe()
  const statuses = []
  for (let count = 0; count < 51; count++) statuses.push((await post({ qty: 1 })).statusCode)
  assert.deepEqual([...new Set(statuses)], [201, 429])
  const last = await post({ qty: 1 })
  assert.equal(last.json().code, 'request.too_many')
  assert.ok(Number(last.headers['retry-after']) > 0)
})

test('while closing, new work is refused with 503 and Retry-After, and health says so', async () => {
  const { http, post } = await buildProbe()
  assert.equal((await http.app.inject('/healthz')).statusCode, 200)
  http.drain()
  const refused = await post({ qty: 1 })
  assert.equal(refused.statusCode, 503)
  assert.equal(refused.json().code, 'server.closing')
  assert.equal(refused.headers['retry-after'], '2')
  assert.equal((await http.app.inject('/healthz')).statusCode, 503)
})

test('an unknown address is a problem too', async () => {
  const { http } = await buildProbe()
  const response = await http.app.inject('/api/nothing')
  assert.equal(response.statusCode, 404)
  assert.equal(response.json().code, 'request.not_found')
})

test('metrics are served by route pattern', async () => {
  const { http, post } = await buildProbe()
  await post({ qty: 1 })
  const text = (await http.app.inject('/metrics')).body
  assert.match(text, /chunbo_http_request_seconds_count\{method="POST",route="\/api\/probe\/:id",status="201"\} 1/)
})

test('a long answer is compressed for who can read it, and whole either way', async () => {
  const { http } = await buildProbe()
  for (let count = 0; count < 40; count++) await http.app.inject(`/api/none/${count}`)
  const plain = await http.app.inject('/metrics')
  const packed = await http.app.inject({ url: '/metrics', headers: { 'accept-encoding': 'gzip' } })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.ok(packed.rawPayload.length < plain.rawPayload.length / 2)
  assert.match(gunzipSync(packed.rawPayload).toString(), /chunbo_http_request_seconds_count/)
})

test('a body that came compressed is refused and not unfolded', async () => {
  const { http } = await buildProbe()
  const response = await http.app.inject({
    method: 'POST',
    url: '/api/probe/5',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    payload: gzipSync(JSON.stringify({ qty: 1 })),
  })
  assert.equal(response.statusCode, 400)
  assert.equal(response.json().code, 'request.malformed')
})
