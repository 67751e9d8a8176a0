import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestApp, type TestApp } from './testing/test-app.ts'

const JINGDONG = 530823
const home = { name: '李梅', phone: '13812345678', regionCode: JINGDONG, detail: '锦屏镇 1 号', isDefault: false }
let world: TestApp
let people = 0
before(async () => {
  world = await createTestApp()
})
after(() => world.close())

async function signUp() {
  const visitor = world.visitor()
  people += 1
  await visitor.send('POST', '/api/auth/sign-up/email', {
    name: '买家',
    email: `me-${people}@example.cn`,
    password: 'peas-and-papaya',
  })
  return visitor
}

test('name and language can be changed, and nothing else of a person', async () => {
  const visitor = await signUp()
  const changed = await visitor.send('PATCH', '/api/me', { name: ' 李梅 ', locale: 'en' })
  assert.deepEqual([changed.json().name, changed.json().locale], ['李梅', 'en'])
  for (const body of [
    { email: 'x@example.cn' },
    { grants: [] },
    { name: '' },
    { name: '  ' },
    { name: 'x'.repeat(41) },
    { locale: 'fr' },
  ])
    assert.equal((await visitor.send('PATCH', '/api/me', body)).json().code, 'request.invalid', JSON.stringify(body))
})

test('the first address becomes the default, a new default takes over, and lists begin with it', async () => {
  const visitor = await signUp()
  const first = await visitor.send('POST', '/api/me/addresses', home)
  assert.equal(first.statusCode, 201, first.body)
  assert.equal(first.json().isDefault, true)
  assert.equal(first.json().regionName, '云南省 普洱市 景东彝族自治县')
  const second = (await visitor.send('POST', '/api/me/addresses', { ...home, detail: '学校', isDefault: true })).json()
  const list = (await visitor.send('GET', '/api/me/addresses')).json()
  assert.deepEqual(
    list.map((address: { id: number; isDefault: boolean }) => [address.id, address.isDefault]),
    [
      [second.id, true],
      [first.json().id, false],
    ],
  )
  const moved = await visitor.send('PUT', `/api/me/addresses/${first.json().id}`, {
    ...home,
    regionCode: 441900,
    isDefault: true,
  })
  assert.deepEqual([moved.json().regionName, moved.json().isDefault], ['广东省 东莞市', true])
  assert.equal((await visitor.send('DELETE', `/api/me/addresses/${second.id}`)).statusCode, 204)
  assert.equal((await visitor.send('DELETE', `/api/me/addresses/${second.id}`)).json().code, 'identity.address_unknown')
})

test('an address in a province, a prefecture or nowhere is refused', async () => {
  const visitor = await signUp()
  for (const regionCode of [530000, 530800, 110100, 999999]) {
    const answer = await visitor.send('POST', '/api/me/addresses', { ...home, regionCode })
    assert.equal(answer.json().code, 'identity.region_unknown', String(regionCode))
  }
})

test('of thirty addresses added at the same time twenty are kept, with one default', async () => {
  const visitor = await signUp()
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => visitor.send('POST', '/api/me/addresses', { ...home, isDefault: true })),
  )
  assert.equal(answers.filter((answer) => answer.statusCode === 201).length, 20)
  const refused = answers.filter((answer) => answer.statusCode !== 201)
  assert.ok(refused.every((answer) => answer.json().code === 'identity.too_many_addresses'))
  const list = (await visitor.send('GET', '/api/me/addresses')).json()
  assert.equal(list.length, 20)
  assert.equal(list.filter((address: { isDefault: boolean }) => address.isDefault).length, 1)
})

test('somebody else’s address is as unknown as one that never was', async () => {
  const owner = await signUp()
  const stranger = await signUp()
  const { id } = (await owner.send('POST', '/api/me/addresses', home)).json()
  for (const answer of [
    await stranger.send('PUT', `/api/me/addresses/${id}`, home),
    await stranger.send('DELETE', `/api/me/addresses/${id}`),
    await stranger.send('DELETE', '/api/me/addresses/999999999'),
  ])
    assert.deepEqual([answer.statusCode, answer.json().code], [404, 'identity.address_unknown'])
  assert.deepEqual((await stranger.send('GET', '/api/me/addresses')).json(), [])
})
