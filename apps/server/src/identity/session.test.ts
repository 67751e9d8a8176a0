import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { composeApp } from '../compose.ts'
import { loadAuthSecret } from './auth-secret.ts'
import { signSessionCookie } from './index.ts'
import { PASS_COOKIE } from './session-pass.ts'
import { createTestApp, TEST_SECRET, type TestApp } from './testing/test-app.ts'

const SESSION_COOKIE = 'chunbo.session_token'
const PASS_LIFETIME_MS = 5 * 60_000
let world: TestApp
let people = 0
before(async () => {
  world = await createTestApp()
})
after(() => world.close())

async function signUp() {
  const visitor = world.visitor()
  people += 1
  const person = { name: '买家', email: `buyer-${people}@example.cn`, password: 'peas-and-papaya' }
  const answer = await visitor.send('POST', '/api/auth/sign-up/email', person)
  assert.equal(answer.statusCode, 200, answer.body)
  return { visitor, userId: answer.json().userId as number }
}

/** The statements that reach the database while something is done. */
async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = []
  const { pool } = world.app.platform.db
  const listen = (client: { query: unknown }) => {
    const original = client.query as (...args: unknown[]) => unknown
    client.query = (...args: unknown[]) => {
      const [query] = args as [{ text?: string } | string]
      seen.push(typeof query === 'string' ? query : (query.text ?? ''))
      return original.apply(client, args)
    }
    restore.push(() => {
      client.query = original
    })
  }
  const restore: (() => void)[] = []
  pool.on('acquire', listen)
  try {
    await work()
  } finally {
    pool.off('acquire', listen)
    for (const undo of restore.reverse()) undo()
  }
  return seen
}

test('a pass is checked without any statement; after five minutes one read of the session renews it', async () => {
  const { visitor } = await signUp()
  const ask = () => visitor.send('GET', '/api/divisions?parent=999999')
  const own = 'from divisions'
  assert.ok((await statementsDuring(ask)).every((text) => text.includes(own)))
  world.clock.advance(PASS_LIFETIME_MS)
  const before = visitor.cookies.get(PASS_COOKIE)
  const renewing = await statementsDuring(ask)
  assert.ok(renewing.some((text) => text.includes('sessions')))
  assert.notEqual(visitor.cookies.get(PASS_COOKIE), before)
  assert.ok((await statementsDuring(ask)).every((text) => text.includes(own)))
})

test('a stranger is asked to sign in; a forged, foreign or expired pass is told that it ended', async () => {
  const codeFor = async (cookie: string) => {
    const headers = cookie ? { cookie } : {}
    const answer = await world.app.platform.app.inject({ url: '/api/me', headers })
    assert.equal(answer.statusCode, 401)
    return answer.json().code
  }
  const { userId } = await signUp()
  const now = world.clock.now()
  const good = signSessionCookie(userId, TEST_SECRET, now)
  assert.equal((await world.app.platform.app.inject({ url: '/api/me', headers: { cookie: good } })).statusCode, 200)
  assert.equal(await codeFor(''), 'identity.sign_in_needed')
  assert.equal(await codeFor('other=1'), 'identity.sign_in_needed')
  const forged = good.replace(`=${userId}.`, `=${userId + 1}.`)
  const foreign = signSessionCookie(userId, 'the secret of another installation, long enough', now)
  const expired = signSessionCookie(userId, TEST_SECRET, new Date(now.getTime() - PASS_LIFETIME_MS))
  for (const cookie of [forged, foreign, expired, `${PASS_COOKIE}=`, `${SESSION_COOKIE}=made-up.signature`])
    assert.equal(await codeFor(cookie), 'identity.session_expired', cookie)
})

test('a pass for a user that does not exist reads nothing of anybody', async () => {
  const cookie = signSessionCookie(999_999_999, TEST_SECRET, world.clock.now())
  const answer = await world.app.platform.app.inject({ url: '/api/me', headers: { cookie } })
  assert.equal(answer.json().code, 'identity.session_expired')
})

test('signing out ends the session and a copied pass at once', async () => {
  const { visitor } = await signUp()
  const thief = world.visitor()
  for (const [name, value] of visitor.cookies) thief.cookies.set(name, value)
  assert.equal((await thief.send('GET', '/api/me')).statusCode, 200)
  assert.equal((await visitor.send('POST', '/api/auth/sign-out')).statusCode, 204)
  assert.equal((await thief.send('GET', '/api/me')).json().code, 'identity.session_expired')
  world.clock.advance(PASS_LIFETIME_MS)
  assert.equal((await thief.send('GET', '/api/me')).json().code, 'identity.session_expired')
})

test('signing out with the pass alone, without the long cookie, ends the session too', async () => {
  const { visitor } = await signUp()
  const token = visitor.cookies.get(SESSION_COOKIE) ?? ''
  visitor.cookies.delete(SESSION_COOKIE)
  await visitor.send('POST', '/api/auth/sign-out')
  const other = world.visitor()
  other.cookies.set(SESSION_COOKIE, token)
  assert.equal((await other.send('GET', '/api/me')).json().code, 'identity.session_expired')
})

test('a session deleted elsewhere is believed for five minutes at the most', async () => {
  const { visitor, userId } = await signUp()
  await world.app.platform.db.query('delete from sessions where user_id = $1', [userId])
  // A pass counts whole seconds, so it may end up to one second before its five minutes.
  world.clock.advance(PASS_LIFETIME_MS - 1000)
  assert.equal((await visitor.send('GET', '/api/me')).statusCode, 200)
  world.clock.advance(1000)
  assert.equal((await visitor.send('GET', '/api/me')).json().code, 'identity.session_expired')
})

test('a socket knows its person by pass, by session and not at all', async () => {
  const { visitor, userId } = await signUp()
  const { resolveActor } = world.app.slices.identity
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  assert.deepEqual(await resolveActor({ headers: { cookie } }), { userId })
  const sessionOnly = `${SESSION_COOKIE}=${visitor.cookies.get(SESSION_COOKIE)}`
  assert.deepEqual(await resolveActor({ headers: { cookie: sessionOnly } }), { userId })
  assert.equal(await resolveActor({ headers: { cookie: `${SESSION_COOKIE}=x.y` } }), null)
  assert.equal(await resolveActor({ headers: {} }), null)
})

test('neither address nor long browser names are kept of a session', async () => {
  const answer = await world.app.platform.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    headers: { 'user-agent': 'x'.repeat(1000) },
    payload: { name: '买家', email: 'agent@example.cn', password: 'peas-and-papaya' },
  })
  assert.equal(answer.statusCode, 200, answer.body)
  const [kept] = await world.app.platform.db.query<{ ip_address: string; user_agent: string }>(
    'select ip_address, user_agent from sessions where user_id = $1',
    [answer.json().userId],
  )
  assert.deepEqual(kept, { ip_address: '', user_agent: 'x'.repeat(200) })
})

test('the secret is made once, readable by its owner alone, and AUTH_SECRET goes before it', async () => {
  const { config } = world.app.platform
  const made = await loadAuthSecret({ ...config, authSecret: null })
  assert.equal(await loadAuthSecret({ ...config, authSecret: null }), made)
  assert.equal((await stat(`${config.dataDir}/auth-secret`)).mode & 0o777, 0o600)
  assert.ok(made.length >= 32)
  assert.equal(await loadAuthSecret(config), TEST_SECRET)
})

test('people stay signed in over a restart with the same data folder', async () => {
  const { visitor, userId } = await signUp()
  const { config, log } = world.app.platform
  const databaseUrl = String(world.app.platform.db.pool.options.connectionString)
  const restarted = await composeApp({ config, databaseUrl, log, clock: world.clock, runJobs: false })
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ')
  const answer = await restarted.platform.app.inject({ url: '/api/me', headers: { cookie } })
  assert.equal(answer.json().userId, userId)
  await restarted.close()
})
