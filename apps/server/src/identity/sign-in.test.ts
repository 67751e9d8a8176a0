import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestApp, type TestApp, type Visitor } from './testing/test-app.ts'

let world: TestApp
before(async () => {
  world = await createTestApp({ DEMO: '1' })
})
after(() => world.close())

const MINUTE_MS = 60_000

async function codeOf(phone: string): Promise<string> {
  const response = await world.visitor().send('GET', '/api/demo/codes')
  const found = response.json().codes.find((item: { phone: string }) => item.phone === phone)
  assert.ok(found, `no code for ${phone}`)
  return found.code
}

async function signInByPhone(visitor: Visitor, phone: string): Promise<void> {
  assert.equal((await visitor.send('POST', '/api/auth/phone-number/send-otp', { phoneNumber: phone })).statusCode, 204)
  const code = await codeOf(`+86${phone.replaceAll(' ', '')}`)
  const answer = await visitor.send('POST', '/api/auth/phone-number/verify', { phoneNumber: phone, code })
  assert.equal(answer.statusCode, 200, answer.body)
}

test('a phone and the code that was sent to it sign up, and the next time sign in the same user', async () => {
  const visitor = world.visitor()
  await signInByPhone(visitor, '13800000001')
  const me = (await visitor.send('GET', '/api/me')).json()
  assert.deepEqual([me.phone, me.email, me.name, me.locale], ['+8613800000001', null, '用户0001', 'zh'])
  world.clock.advance(2 * MINUTE_MS)
  const again = world.visitor()
  await signInByPhone(again, '138 0000 0001')
  assert.equal((await again.send('GET', '/api/me')).json().userId, me.userId)
})

test('cookies are httpOnly and SameSite=Lax, and Secure where the site is', async () => {
  const address = { name: '王', email: 'cookie@example.cn', password: 'long enough' }
  const plain = await world.visitor().send('POST', '/api/auth/sign-up/email', address)
  const lines = [plain.headers['set-cookie'] ?? []].flat()
  assert.equal(lines.length, 2)
  for (const line of lines) {
    assert.match(line, /HttpOnly/i)
    assert.match(line, /SameSite=Lax/i)
    assert.doesNotMatch(line, /Secure/)
  }
  const secure = await createTestApp({ PUBLIC_URL: 'https://chunbo.example', DEMO: '1' })
  const answer = await secure.visitor().send('POST', '/api/auth/sign-up/email', address)
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) assert.match(line, /; Secure/)
  await secure.close()
})

test('a wrong code costs an attempt, the fifth ends the code, and the right one then no longer works', async () => {
  const visitor = world.visitor()
  await visitor.send('POST', '/api/auth/phone-number/send-otp', { phoneNumber: '13800000002' })
  const code = await codeOf('+8613800000002')
  const wrong = code === '000000' ? '000001' : '000000'
  const codes: string[] = []
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await visitor.send('POST', '/api/auth/phone-number/verify', {
      phoneNumber: '13800000002',
      code: wrong,
    })
    assert.equal(answer.statusCode, 400)
    codes.push(`${answer.json().code} ${answer.json().params?.attemptsLeft ?? ''}`)
  }
  assert.deepEqual(codes, [
    'identity.code_wrong 4',
    'identity.code_wrong 3',
    'identity.code_wrong 2',
    'identity.code_wrong 1',
    'identity.code_expired ',
  ])
  const late = await visitor.send('POST', '/api/auth/phone-number/verify', { phoneNumber: '13800000002', code })
  assert.equal(late.json().code, 'identity.code_expired')
})

test('of ten tries with the right code at the same time one signs in', async () => {
  await world.visitor().send('POST', '/api/auth/phone-number/send-otp', { phoneNumber: '13800000003' })
  const code = await codeOf('+8613800000003')
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      world.visitor().send('POST', '/api/auth/phone-number/verify', { phoneNumber: '13800000003', code }),
    ),
  )
  assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, ...Array(9).fill(400)])
})

test('a code is over after five minutes', async () => {
  const visitor = world.visitor()
  await visitor.send('POST', '/api/auth/phone-number/send-otp', { phoneNumber: '13800000004' })
  const code = await codeOf('+8613800000004')
  world.clock.advance(5 * MINUTE_MS)
  const answer = await visitor.send('POST', '/api/auth/phone-number/verify', { phoneNumber: '13800000004', code })
  assert.equal(answer.json().code, 'identity.code_expired')
})

test('codes to one phone: one a minute, five an hour, and a refused one leaves the code before it valid', async () => {
  const send = () => world.visitor().send('POST', '/api/auth/phone-number/send-otp', { phoneNumber: '+8613800000005' })
  assert.equal((await send()).statusCode, 204)
  const soon = await send()
  assert.equal(soon.statusCode, 429)
  assert.deepEqual([soon.json().code, soon.json().params.waitS], ['identity.code_too_soon', 60])
  for (let sent = 1; sent < 5; sent++) {
    world.clock.advance(MINUTE_MS)
    assert.equal((await send()).statusCode, 204)
  }
  world.clock.advance(MINUTE_MS)
  const sixth = await send()
  assert.equal(sixth.statusCode, 429)
  assert.equal(sixth.headers['retry-after'], String(55 * 60))
  const code = await codeOf('+8613800000005')
  const answer = await world
    .visitor()
    .send('POST', '/api/auth/phone-number/verify', { phoneNumber: '13800000005', code })
  assert.equal(answer.statusCode, 200)
})

test('what is no phone, no code or has unknown fields is refused', async () => {
  const visitor = world.visitor()
  const send = (body: object) => visitor.send('POST', '/api/auth/phone-number/send-otp', body)
  assert.equal((await send({ phoneNumber: '12345678901' })).json().code, 'identity.phone_invalid')
  assert.equal((await send({ phoneNumber: "1' or 1=1" })).json().code, 'request.invalid')
  const verify = (body: object) => visitor.send('POST', '/api/auth/phone-number/verify', body)
  assert.equal((await verify({ phoneNumber: '13800000006', code: '12345' })).json().code, 'request.invalid')
  assert.equal(
    (await verify({ phoneNumber: '13800000006', code: '123456', demo: true })).json().code,
    'request.invalid',
  )
})

test('email and password: sign up, sign out, sign in, wrong password, taken email', async () => {
  const visitor = world.visitor()
  const person = { name: '李梅', email: 'Li@Example.cn', password: 'peas-and-papaya' }
  const up = await visitor.send('POST', '/api/auth/sign-up/email', person)
  assert.equal(up.statusCode, 200, up.body)
  assert.deepEqual([up.json().email, up.json().name, up.json().phone], ['li@example.cn', '李梅', null])
  assert.equal((await visitor.send('POST', '/api/auth/sign-out')).statusCode, 204)
  assert.equal(visitor.cookies.size, 0)
  assert.equal((await visitor.send('GET', '/api/me')).json().code, 'identity.sign_in_needed')
  const wrong = await visitor.send('POST', '/api/auth/sign-in/email', {
    email: 'li@example.cn',
    password: 'not this one',
  })
  assert.deepEqual([wrong.statusCode, wrong.json().code], [401, 'identity.password_wrong'])
  const nobody = await visitor.send('POST', '/api/auth/sign-in/email', {
    email: 'no@example.cn',
    password: 'not this one',
  })
  assert.equal(nobody.json().code, 'identity.password_wrong')
  const again = await visitor.send('POST', '/api/auth/sign-in/email', {
    email: 'LI@example.cn',
    password: person.password,
  })
  assert.equal(again.json().userId, up.json().userId)
  const taken = await world.visitor().send('POST', '/api/auth/sign-up/email', person)
  assert.deepEqual([taken.statusCode, taken.json().code], [409, 'identity.email_taken'])
  for (const email of ['nope', 'a@b', 'a b@example.cn', 'a@exa mple.cn', 'ä@@example.cn', 'a..b@example.cn']) {
    const answer = await world.visitor().send('POST', '/api/auth/sign-up/email', { ...person, email })
    assert.equal(answer.json().code, 'identity.email_invalid', email)
  }
  const short = await world.visitor().send('POST', '/api/auth/sign-up/email', { ...person, password: '1234567' })
  assert.equal(short.json().code, 'request.invalid')
})

test('one email cannot sign up twice at the same time', async () => {
  const person = { name: '王', email: 'twice@example.cn', password: 'peas-and-papaya' }
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => world.visitor().send('POST', '/api/auth/sign-up/email', person)),
  )
  assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, 409, 409, 409, 409, 409])
})

test('ten wrong passwords close an account to the eleventh try for a while, even with the right one', async () => {
  const person = { name: '赵', email: 'guessed@example.cn', password: 'the right one' }
  await world.visitor().send('POST', '/api/auth/sign-up/email', person)
  const signIn = (password: string) =>
    world.visitor().send('POST', '/api/auth/sign-in/email', { email: person.email, password })
  for (let attempt = 0; attempt < 10; attempt++) assert.equal((await signIn('a wrong one')).statusCode, 401)
  const closed = await signIn(person.password)
  assert.deepEqual([closed.statusCode, closed.json().code], [429, 'identity.too_many_tries'])
  world.clock.advance(15 * MINUTE_MS)
  assert.equal((await signIn(person.password)).statusCode, 200)
})

test('a request from another site is refused before it signs anybody in', async () => {
  const answer = await world.app.platform.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: 'https://elsewhere.example' },
    payload: { email: 'li@example.cn', password: 'peas-and-papaya' },
  })
  assert.deepEqual([answer.statusCode, answer.json().code], [403, 'request.foreign_origin'])
})

test('who is signed in is an answer for strangers too', async () => {
  const visitor = world.visitor()
  assert.deepEqual((await visitor.send('GET', '/api/auth/get-session')).json(), { me: null })
  await signInByPhone(visitor, '13800000009')
  assert.equal((await visitor.send('GET', '/api/auth/get-session')).json().me.phone, '+8613800000009')
})

test('without the demonstration and without a sender, signing in by phone says so, and demo accounts stay out', async () => {
  const real = await createTestApp({ DEMO: '0' })
  const visitor = real.visitor()
  const answer = await visitor.send('POST', '/api/auth/phone-number/send-otp', { phoneNumber: '13800000010' })
  assert.deepEqual([answer.statusCode, answer.json().code], [503, 'identity.code_sender_missing'])
  assert.match(answer.json().texts.en, /email and password/)
  assert.equal((await visitor.send('GET', '/api/demo/codes')).statusCode, 404)
  assert.equal((await visitor.send('GET', '/api/demo/logins')).statusCode, 404)
  const login = { email: 'demo@example.cn', password: 'published password' }
  await real.app.slices.identity.register({ name: '演示', ...login, demoRole: 'operator' })
  const refused = await visitor.send('POST', '/api/auth/sign-in/email', login)
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'identity.demo_account'])
  assert.equal(visitor.cookies.size, 0)
  await real.close()
})

test('demo people are registered once, are listed with their logins and can sign in', async () => {
  const person = {
    name: '演示买家',
    email: 'demo-buyer@example.cn',
    phone: '13900000001',
    password: 'published password',
    demoRole: 'buyer' as const,
  }
  const { identity } = world.app.slices
  const userId = await identity.register(person)
  assert.equal(await identity.register(person), userId)
  const { logins } = (await world.visitor().send('GET', '/api/demo/logins')).json()
  assert.deepEqual(
    logins.find((login: { email: string }) => login.email === person.email),
    { role: 'buyer', name: person.name, email: person.email, phone: '+8613900000001', password: person.password },
  )
  const { email, password } = person
  const answer = await world.visitor().send('POST', '/api/auth/sign-in/email', { email, password })
  assert.equal(answer.json().userId, userId)
})

test('the first operator is made once, and never of somebody who signed up with the email before', async () => {
  const fresh = await createTestApp()
  const { identity } = fresh.app.slices
  await fresh
    .visitor()
    .send('POST', '/api/auth/sign-up/email', { name: '贼', email: 'op@example.cn', password: 'i was first' })
  await assert.rejects(identity.makeFirstOperator('Op@Example.cn', 'a long password'), /nothing proves who/)
  assert.equal(await identity.makeFirstOperator('chief@example.cn', 'a long password'), true)
  assert.equal(await identity.makeFirstOperator('other@example.cn', 'a long password'), false)
  const login = { email: 'chief@example.cn', password: 'a long password' }
  const me = (await fresh.visitor().send('POST', '/api/auth/sign-in/email', login)).json()
  assert.deepEqual(
    me.grants.map((grant: { role: string }) => grant.role),
    ['operator'],
  )
  await fresh.close()
})
