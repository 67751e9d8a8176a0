import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CountyFollow, DemoMessages, FollowedCounty, MyAge, Notice, RoomMe } from '@chunbo/contract'
import { type AudienceWorld, createAudienceWorld, JINGDONG } from './testing/audience-world.ts'

let world: AudienceWorld
before(async () => {
  world = await createAudienceWorld()
})
after(() => world.close())

const FOLLOW = `/api/counties/${JINGDONG}/follow`
const MINUTE = 60_000

test('a county is followed once, and its followers are counted', async () => {
  const fan = await world.person('小红')
  assert.deepEqual((await world.ask<CountyFollow>('GET', FOLLOW)).body, { following: false, followers: 0 })
  assert.equal(await world.refusal('PUT', FOLLOW), 'identity.sign_in_needed')
  for (let tap = 0; tap < 3; tap += 1)
    assert.deepEqual((await world.ask('PUT', FOLLOW, { as: fan })).body, { following: true, followers: 1 })
  const { audience } = world.app.slices
  assert.equal(await audience.isFollowing(fan, JINGDONG), true)
  assert.equal(audience.fanNow(fan, JINGDONG)?.following, true)
  assert.equal(await world.points(fan), 10)
  const room = await world.room()
  const mine = await world.ask<{ items: FollowedCounty[] }>('GET', '/api/my/follows', { as: fan })
  assert.deepEqual(
    mine.body.items.map(({ county, level, points }) => [county.county, level, points]),
    [['景东彝族自治县', 1, 10]],
  )
  assert.equal(mine.body.items[0]?.room?.id, room.id)
  assert.deepEqual((await world.ask('DELETE', FOLLOW, { as: fan })).body, { following: false, followers: 0 })
  assert.equal(audience.fanNow(fan, JINGDONG)?.following, false)
  await world.ask('PUT', FOLLOW, { as: fan })
  assert.equal(await world.points(fan), 10, 'points for following come once')
  assert.equal(await world.refusal('PUT', '/api/counties/999998/follow', { as: fan }), 'audience.county_unknown')
  for (const bad of ['1', 'abc', '530823.5', '-530823', '99999999999999999999'])
    assert.equal(await world.refusal('PUT', `/api/counties/${bad}/follow`, { as: fan }), 'request.invalid', bad)
})

test('who asked for it is told ten minutes before, once, by text message and as a notice', async () => {
  const zhang = await world.person('老张', { phone: '+8613800000001' })
  const smith = await world.person('Smith', { phone: '+8613800000002', locale: 'en' })
  const quiet = await world.person('没留电话')
  const room = await world.room({ titleEn: 'Peas tonight' })
  const path = `/api/rooms/${room.id}/reminder`
  for (const as of [zhang, zhang, smith, quiet])
    assert.deepEqual((await world.ask('PUT', path, { as })).body, { reminded: true })
  await world.ask('DELETE', path, { as: smith })
  await world.ask('PUT', path, { as: smith })
  const { audience } = world.app.slices
  world.advance(49 * MINUTE)
  assert.equal(await audience.remind(), 0, 'eleven minutes before')
  world.advance(MINUTE + 1)
  const told = await Promise.all([audience.remind(), audience.remind(), audience.remind()])
  assert.equal(
    told.reduce((sum, n) => sum + n, 0),
    3,
  )
  world.advance(MINUTE)
  assert.equal(await audience.remind(), 0)
  const { body } = await world.ask<DemoMessages>('GET', '/api/demo/reminders')
  assert.deepEqual(body.messages.map(({ phone }) => phone).sort(), ['138****0001', '138****0002'])
  assert.ok(body.messages.every(({ sentAt }) => sentAt !== null))
  const texts = body.messages.map((message) => message.body).join('\n')
  assert.match(texts, /【春播】您预约的“景东豌豆专场”（景东彝族自治县 李明）13:00 开播/)
  assert.match(texts, /\[Chunbo\] "Peas tonight" begins at 13:00 \(China, 2026-03-14\)/)
  assert.match(texts, new RegExp(`/rooms/${room.id}`))
  const notices = await world.ask<{ items: Notice[]; unseen: number }>('GET', '/api/my/notices', { as: quiet })
  assert.deepEqual(
    [notices.body.unseen, notices.body.items[0]?.kind, notices.body.items[0]?.room.id],
    [1, 'reminder', room.id],
  )
  assert.equal((await world.ask('POST', '/api/my/notices/seen', { as: quiet })).status, 204)
  assert.equal((await world.ask<{ unseen: number }>('GET', '/api/my/notices', { as: quiet })).body.unseen, 0)
})

test('a show that was moved is told at its new time, and one that begins early at once', async () => {
  const fan = await world.person('阿芳', { phone: '+8613800000003' })
  const moved = await world.room()
  const early = await world.room()
  for (const { id } of [moved, early]) await world.ask('PUT', `/api/rooms/${id}/reminder`, { as: fan })
  const later = new Date(world.now().getTime() + 300 * MINUTE).toISOString()
  await world.ask('PATCH', `/api/rooms/${moved.id}`, { as: world.hostId, body: { scheduledAt: later } })
  const { db } = world.app.platform
  await db.query(`update rooms set status = 'live', started_at = $2 where id = $1`, [early.id, world.now()])
  assert.equal(await world.app.slices.audience.remind(), 1)
  const { body } = await world.ask<DemoMessages>('GET', '/api/demo/reminders')
  assert.match(body.messages[0]?.body ?? '', /已经开播/)
  world.advance(55 * MINUTE)
  assert.equal(await world.app.slices.audience.remind(), 0)
  world.advance(236 * MINUTE)
  assert.equal(await world.app.slices.audience.remind(), 1)
})

test('nobody is reminded of what began, of practice, or of more than a life has room for', async () => {
  const fan = await world.person('小林')
  const roomId = await world.liveRoom()
  assert.equal(await world.refusal('PUT', `/api/rooms/${roomId}/reminder`, { as: fan }), 'audience.already_begun')
  const practice = await world.room({ practice: true })
  for (const path of ['reminder', 'me', 'share.png'])
    assert.equal(
      await world.refusal(path === 'reminder' ? 'PUT' : 'GET', `/api/rooms/${practice.id}/${path}`, { as: fan }),
      'live.room_not_found',
      path,
    )
  assert.equal(await world.refusal('PUT', '/api/rooms/999999/reminder', { as: fan }), 'live.room_not_found')
  assert.equal(await world.refusal('PUT', '/api/rooms/x/reminder', { as: fan }), 'request.invalid')
  const { db } = world.app.platform
  await db.query(
    `insert into rooms (county_code, title_zh, host_name, scheduled_at, created_by, created_at)
     select $1, '场次', '李', $2, $3, $2 from generate_series(1, 201)`,
    [JINGDONG, new Date(world.now().getTime() + 86_400_000), world.hostId],
  )
  const rooms = await db.query<{ id: number }>(`select id from rooms where title_zh = '场次' order by id`)
  await db.query('insert into room_reminders (room_id, user_id, asked_at) select unnest($1::bigint[]), $2, $3', [
    rooms.slice(0, 199).map(({ id }) => id),
    fan,
    world.now(),
  ])
  const codes = await Promise.all(
    rooms.slice(199).map(({ id }) => world.ask<{ code?: string }>('PUT', `/api/rooms/${id}/reminder`, { as: fan })),
  )
  assert.deepEqual(codes.map(({ status }) => status).sort(), [200, 409], 'two taps at once for the last place')
  await db.query(`update rooms set status = 'ended', ended_at = scheduled_at where title_zh = '场次'`)
})

test('followers hear of shows that were planned or began after they followed', async () => {
  const fan = await world.person('追随者')
  await world.room()
  world.advance(1000)
  await world.ask('PUT', FOLLOW, { as: fan })
  world.advance(1000)
  const planned = await world.room()
  await world.room({ practice: true })
  const { body } = await world.ask<{ items: Notice[] }>('GET', '/api/my/notices', { as: fan })
  assert.deepEqual(
    body.items.map(({ kind, room }) => [kind, room.id]),
    [['scheduled', planned.id]],
  )
  world.advance(MINUTE)
  await world.app.platform.db.query(`update rooms set status = 'live', started_at = $2 where id = $1`, [
    planned.id,
    world.now(),
  ])
  const now = await world.ask<{ items: Notice[] }>('GET', '/api/my/notices', { as: fan })
  assert.deepEqual(
    now.body.items.map(({ kind }) => kind),
    ['live'],
  )
})

test('a child is kept from what needs a guardian until one agrees, and cannot make itself older', async () => {
  const child = await world.person('小宝')
  const operator = await world.person('运营', { role: 'operator' })
  const age = (birthMonth: string) => ({ as: child, body: { birthMonth } })
  assert.equal(await world.refusal('PUT', '/api/my/age', age('2027-01')), 'audience.birth_impossible')
  for (const bad of ['2014-13', '2014', '14-01', '2014-1', ''])
    assert.equal(await world.refusal('PUT', '/api/my/age', age(bad)), 'request.invalid', bad)
  const said = await world.ask<MyAge>('PUT', '/api/my/age', age('2014-06'))
  assert.deepEqual(said.body, { birthMonth: '2014-06', band: 'under_14', guardianConsent: false })
  assert.equal(await world.refusal('PUT', '/api/my/age', age('1990-01')), 'audience.birth_declared')
  const room = await world.room()
  assert.equal(await world.refusal('PUT', FOLLOW, { as: child }), 'audience.guardian_needed')
  assert.equal(await world.refusal('PUT', `/api/rooms/${room.id}/reminder`, { as: child }), 'audience.guardian_needed')
  const me = await world.ask<RoomMe>('GET', `/api/rooms/${room.id}/me`, { as: child })
  assert.deepEqual([me.body.minor, me.body.may], [true, { chat: false, draw: false, follow: false }])
  assert.equal(await world.app.slices.audience.isMinor(child), true)
  await world.buy(child, 3)
  await world.app.slices.audience.countPoints()
  assert.equal(await world.points(child), 0, 'no profile is made of a child')
  const note = { birthMonth: '2014-06', minor: true, guardianConsent: true }
  assert.equal(await world.refusal('PUT', `/api/users/${child}/age`, { as: child, body: note }), 'identity.not_allowed')
  await world.ask('PUT', `/api/users/${child}/age`, { as: operator, body: note })
  assert.equal((await world.ask('PUT', FOLLOW, { as: child })).status, 200)
  const missing = { as: operator, body: note }
  assert.equal(await world.refusal('PUT', '/api/users/999999999/age', missing), 'audience.user_unknown')
})

test('nobody under 16 runs a room, and from 16 a guardian must agree', async () => {
  const young = await world.person('少年', { role: 'host' })
  const operator = await world.person('运营二', { role: 'operator' })
  const room = await world.room()
  const ask = () => world.ask<{ code?: string }>('GET', `/api/rooms/${room.id}/desk`, { as: young })
  assert.equal((await ask()).status, 200, 'who has said nothing is taken for an adult')
  const note = (birthMonth: string, guardianConsent: boolean) =>
    world.ask('PUT', `/api/users/${young}/age`, {
      as: operator,
      body: { birthMonth, minor: true, guardianConsent },
    })
  await note('2011-01', true)
  assert.deepEqual([(await ask()).status, (await ask()).body.code], [403, 'live.host_too_young'])
  const input = { countyCode: JINGDONG, titleZh: '不行', hostName: '少年', scheduledAt: world.now().toISOString() }
  assert.equal(await world.refusal('POST', '/api/rooms', { as: young, body: input }), 'live.host_too_young')
  await note('2009-01', false)
  assert.equal((await ask()).body.code, 'live.host_too_young')
  await note('2009-01', true)
  assert.equal((await ask()).status, 200)
})
