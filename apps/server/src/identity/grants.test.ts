import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { GrantInput } from '@chunbo/contract'
import type { Static } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { signSessionCookie } from './index.ts'
import { createTestApp, TEST_SECRET, type TestApp } from './testing/test-app.ts'

const JINGDONG = 530823
const CHENGBU = 430529
const DAY_MS = 86_400_000
let world: TestApp
let operatorId = 0
let firstGrantId = 0
let people = 0
before(async () => {
  world = await createTestApp()
  operatorId = await person()
  firstGrantId = await world.app.slices.identity.grant({ userId: operatorId, role: 'operator' })
})
after(() => world.close())

function person(): Promise<number> {
  people += 1
  const phone = `139${String(people).padStart(8, '0')}`
  return world.app.slices.identity.register({
    name: `人${people}`,
    email: `person-${people}@example.cn`,
    phone,
    password: 'peas-and-papaya',
  })
}

async function send(userId: number, method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) {
  const cookie = signSessionCookie(userId, TEST_SECRET, world.clock.now())
  return world.app.platform.app.inject({ method, url, headers: { cookie }, ...(body ? { payload: body } : {}) })
}

const give = (body: Static<typeof GrantInput>) => send(operatorId, 'POST', '/api/grants', body)

test('an operator gives a role with its scope, sees who gave it, and takes it back; the record stays', async () => {
  const userId = await person()
  const given = await give({ userId, role: 'host', countyCode: JINGDONG })
  assert.equal(given.statusCode, 201, given.body)
  const me = (await send(userId, 'GET', '/api/me')).json()
  assert.deepEqual(
    me.grants.map((grant: { role: string; countyCode: number }) => [grant.role, grant.countyCode]),
    [['host', JINGDONG]],
  )
  const { id } = given.json()
  const [row] = (await send(operatorId, 'GET', `/api/grants?userId=${userId}`)).json().items
  assert.deepEqual([row.id, row.grantedBy, row.userId, row.revokedAt], [id, operatorId, userId, null])
  assert.equal((await send(operatorId, 'DELETE', `/api/grants/${id}`)).statusCode, 204)
  assert.deepEqual((await send(userId, 'GET', '/api/me')).json().grants, [])
  const [kept] = (await send(operatorId, 'GET', `/api/grants?userId=${userId}`)).json().items
  assert.equal(kept.revokedAt, world.clock.now().toISOString())
  assert.equal((await send(operatorId, 'DELETE', `/api/grants/${id}`)).json().code, 'identity.grant_unknown')
})

test('a grant holds from its first instant to its last and no longer', async () => {
  const userId = await person()
  const { identity } = world.app.slices
  const startMs = world.clock.now().getTime()
  const validFrom = new Date(startMs + DAY_MS).toISOString()
  const validUntil = new Date(startMs + 3 * DAY_MS).toISOString()
  assert.equal(
    (await give({ userId, role: 'commissioner', countyCode: JINGDONG, validFrom, validUntil })).statusCode,
    201,
  )
  const need = { role: 'commissioner', countyCode: JINGDONG } as const
  const may = () => identity.may(userId, need)
  assert.equal(await may(), false)
  await assert.rejects(
    identity.require(userId, need),
    (error) => error instanceof Refusal && error.code === 'identity.not_allowed',
  )
  world.clock.advance(DAY_MS)
  assert.equal(await may(), true)
  assert.equal(await identity.may(userId, { role: 'commissioner', countyCode: CHENGBU }), false)
  assert.equal(await identity.may(userId, { role: 'host', countyCode: JINGDONG }), false)
  world.clock.advance(2 * DAY_MS - 1)
  assert.equal(await may(), true)
  world.clock.advance(1)
  assert.equal(await may(), false)
})

test('a withdrawal counts at once on this node and within seconds on another', async () => {
  const userId = await person()
  const { identity } = world.app.slices
  const { id } = (await give({ userId, role: 'editor' })).json()
  assert.equal(await identity.may(userId, { role: 'editor' }), true)
  await world.app.platform.db.query('update grants set revoked_at = $2 where id = $1', [id, world.clock.now()])
  assert.equal(await identity.may(userId, { role: 'editor' }), true)
  world.clock.advance(5_000)
  assert.equal(await identity.may(userId, { role: 'editor' }), false)
})

test('a scope that does not fit, a turned term, an unknown user, county or grant and a double are refused', async () => {
  const userId = await person()
  const cases: [Static<typeof GrantInput>, string][] = [
    [{ userId, role: 'shop' }, 'identity.grant_scope'],
    [{ userId, role: 'shop', shopId: 1, countyCode: JINGDONG }, 'identity.grant_scope'],
    [{ userId, role: 'host' }, 'identity.grant_scope'],
    [{ userId, role: 'operator', countyCode: JINGDONG }, 'identity.grant_scope'],
    [{ userId, role: 'host', countyCode: 999999 }, 'identity.region_unknown'],
    [{ userId: 999_999_999, role: 'editor' }, 'identity.user_unknown'],
    [
      { userId, role: 'editor', validFrom: '2030-01-02T00:00:00Z', validUntil: '2030-01-01T00:00:00Z' },
      'identity.grant_term',
    ],
  ]
  for (const [body, code] of cases) assert.equal((await give(body)).json().code, code, JSON.stringify(body))
  assert.equal((await give({ userId, role: 'editor' })).statusCode, 201)
  assert.equal((await give({ userId, role: 'editor' })).json().code, 'identity.grant_exists')
  assert.equal((await send(operatorId, 'DELETE', '/api/grants/999999999')).json().code, 'identity.grant_unknown')
})

test('the table refuses a grant without its scope, whoever writes it', async () => {
  const userId = await person()
  await assert.rejects(
    world.app.platform.db.query(`insert into grants (user_id, role) values ($1, 'host')`, [userId]),
    /grants_scope/,
  )
})

test('the last operator stays, also when two take each other’s grant at the same time', async () => {
  const alone = await send(operatorId, 'DELETE', `/api/grants/${firstGrantId}`)
  assert.deepEqual([alone.statusCode, alone.json().code], [409, 'identity.last_operator'])
  for (let round = 0; round < 10; round++) {
    const secondId = await person()
    const second = (await give({ userId: secondId, role: 'operator' })).json().id
    const answers = await Promise.all([
      send(operatorId, 'DELETE', `/api/grants/${second}`),
      send(secondId, 'DELETE', `/api/grants/${firstGrantId}`),
    ])
    const statuses = answers.map((answer) => answer.statusCode).sort()
    // The loser finds itself the last, or finds its own grant gone already.
    assert.ok(statuses[0] === 204 && (statuses[1] === 409 || statuses[1] === 403), String(statuses))
    const left = await world.app.platform.db.query<{ id: number; user_id: number }>(
      `select id, user_id from grants where role = 'operator' and revoked_at is null`,
    )
    assert.equal(left.length, 1)
    operatorId = left[0]?.user_id ?? 0
    firstGrantId = left[0]?.id ?? 0
  }
})

test('an operator with an end does not stand in for one without', async () => {
  const userId = await person()
  const validUntil = new Date(world.clock.now().getTime() + DAY_MS).toISOString()
  assert.equal((await give({ userId, role: 'operator', validUntil })).statusCode, 201)
  const answer = await send(operatorId, 'DELETE', `/api/grants/${firstGrantId}`)
  assert.equal(answer.json().code, 'identity.last_operator')
})

test('an operator finds people by exact phone or email, masked; nobody else does', async () => {
  const userId = await person()
  const email = `person-${people}@example.cn`
  const phone = `139${String(people).padStart(8, '0')}`
  for (const query of [`phone=${phone}`, `email=${email.toUpperCase()}`]) {
    const { items } = (await send(operatorId, 'GET', `/api/users?${query}`)).json()
    assert.deepEqual(items, [
      { userId, name: `人${people}`, phone: `139****${phone.slice(-4)}`, email: 'p***@example.cn' },
    ])
  }
  assert.deepEqual((await send(operatorId, 'GET', '/api/users?phone=1390000')).json().items, [])
  assert.deepEqual((await send(operatorId, 'GET', '/api/users')).json().items, [])
  assert.equal((await send(userId, 'GET', `/api/users?phone=${phone}`)).json().code, 'identity.not_allowed')
})

test('the list of grants comes in pages, the newest first', async () => {
  const all = (await send(operatorId, 'GET', '/api/grants?limit=100')).json()
  const ids: number[] = []
  let cursor = ''
  do {
    const page = (await send(operatorId, 'GET', `/api/grants?limit=3${cursor && `&cursor=${cursor}`}`)).json()
    ids.push(...page.items.map((item: { id: number }) => item.id))
    cursor = page.next
  } while (cursor)
  assert.deepEqual(
    ids,
    all.items.map((item: { id: number }) => item.id),
  )
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => b - a),
  )
})
