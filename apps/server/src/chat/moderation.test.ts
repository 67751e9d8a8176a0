import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChatLogEntry, Moderation, MyMute, RoomServerMessage } from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld, ZHENYUAN } from '../live/testing/live-world.ts'
import { RoomViewer } from '../live/testing/room-viewer.ts'

let world: LiveWorld
const open: RoomViewer[] = []
before(async () => {
  world = await createLiveWorld()
})
after(async () => {
  for (const viewer of open) viewer.ws.terminate()
  await world.close()
})

type Refused = Extract<RoomServerMessage, { t: 'refused' }>

async function enter(roomId: number, userId?: number): Promise<RoomViewer> {
  const cookie = userId === undefined ? {} : { cookie: world.cookieOf(userId) }
  const viewer = new RoomViewer(`${world.wsUrl}/api/rooms/${roomId}/socket`, cookie)
  open.push(viewer)
  return viewer.whenView(() => true)
}

/** Says a line and gives its id, or the code with which it was refused. */
async function say(
  viewer: RoomViewer,
  text: string,
): Promise<{ lineId: string; code: string; refused: Refused | null }> {
  const id = crypto.randomUUID()
  viewer.say(text, id)
  const isAnswer = (message: RoomServerMessage) =>
    (message.t === 'accepted' || message.t === 'refused') && message.id === id
  await viewer.when(({ messages }) => messages.some(isAnswer))
  const answer = viewer.messages.find(isAnswer)
  if (answer?.t === 'accepted') return { lineId: answer.lineId, code: 'accepted', refused: null }
  assert.ok(answer?.t === 'refused')
  return { lineId: '', code: answer.code, refused: answer }
}

const team = async (method: string, path: string, body?: object) =>
  (await world.desk(method, path, body)) as unknown as Moderation

test('the modes of the chat hold for viewers and not for the host team, and every change is told and logged', async () => {
  const { id } = await world.room()
  const [asker, other] = [await world.person('小红'), await world.person('小明')]
  const [viewer, second, host] = [await enter(id, asker), await enter(id, other), await enter(id, world.hostId)]
  await team('PUT', `/api/rooms/${id}/chat-mode`, { slowS: 30, followersOnly: false, closed: false })
  await viewer.whenView(({ chatMode }) => chatMode.slowS === 30)
  assert.equal((await say(viewer, '第一句')).code, 'accepted')
  const slow = await say(viewer, '第二句')
  assert.equal(slow.code, 'room.chat_slow')
  assert.ok((slow.refused?.retryAfterMs ?? 0) > 25_000)
  assert.equal((await say(second, '我也说')).code, 'accepted')
  assert.equal((await say(host, '大家好')).code, 'accepted')
  assert.equal((await say(host, '欢迎')).code, 'accepted')

  await team('PUT', `/api/rooms/${id}/chat-mode`, { slowS: 0, followersOnly: true, closed: false })
  await viewer.whenView(({ chatMode }) => chatMode.followersOnly)
  assert.equal((await say(viewer, '我没关注')).code, 'room.chat_followers')
  const followed = await world.ask('PUT', `/api/counties/${JINGDONG}/follow`, { as: asker })
  assert.ok(followed.status < 300)
  assert.equal((await say(viewer, '我关注了')).code, 'accepted')

  await team('PUT', `/api/rooms/${id}/chat-mode`, { slowS: 0, followersOnly: false, closed: true })
  await viewer.whenView(({ chatMode }) => chatMode.closed)
  assert.equal((await say(viewer, '还能说吗')).code, 'room.chat_paused')
  assert.equal((await say(host, '先听我讲')).code, 'accepted')
  const { mode, log } = await team('PUT', `/api/rooms/${id}/chat-mode`, {
    slowS: 0,
    followersOnly: false,
    closed: true,
  })
  assert.deepEqual(mode, { slowS: 0, followersOnly: false, closed: true })
  assert.deepEqual(
    log.map(({ act, byName }) => `${byName} ${act}`),
    Array.from({ length: 3 }, () => '李主播 mode'),
    'what it is already is no change',
  )
})

test('spam is refused before anybody sees it, and who goes on is silenced by the room', async () => {
  const { id } = await world.room()
  const spammer = await world.person('广告')
  const viewer = await enter(id, spammer)
  const other = await enter(id)
  assert.equal((await say(viewer, '加我微信 nongmin88')).code, 'room.chat_contact')
  assert.equal((await say(viewer, '１３８ 1234 ５６７８')).code, 'room.chat_contact')
  assert.equal((await say(viewer, '这个好吃')).code, 'accepted')
  assert.equal((await say(viewer, '这个 好吃')).code, 'room.chat_repeated')
  // The socket may say five at once; another one has its own.
  const again = await enter(id, spammer)
  const codes: string[] = []
  while (codes.at(-1) !== 'room.chat_muted') {
    const { code, refused } = await say(again, `看 taobao点com 第${codes.length}次`)
    codes.push(code)
    if (code === 'room.chat_too_fast') await new Promise((done) => setTimeout(done, refused?.retryAfterMs))
  }
  assert.equal(codes.filter((code) => code === 'room.chat_contact').length, 3, 'two before, three now')
  let mutes: Moderation['mutes'] = []
  while (mutes.length === 0) mutes = (await team('GET', `/api/rooms/${id}/moderation`)).mutes
  assert.deepEqual(
    mutes.map(({ userName, byName, reason, county }) => [userName, byName, reason, county]),
    [['广告', '', 'spam', false]],
  )
  assert.ok(!JSON.stringify(other.messages).match(/nongmin88|taobao/))
})

test('the words of a seller are held against the advertising law, also in the chat', async () => {
  const { id } = await world.room()
  const host = await enter(id, world.hostId)
  const { code, refused } = await say(host, '全国最好吃的豌豆')
  assert.equal(code, 'room.chat_terms')
  assert.match(refused?.texts.zh ?? '', /“最好吃”/)
  assert.equal((await say(host, '今早摘的，第一次直播')).code, 'accepted')
  const title = { as: world.hostId, body: { titleZh: '全网最低价豌豆' } }
  assert.equal(await world.refusal('PATCH', `/api/rooms/${id}`, title), 'live.title_words')
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString()
  const room = { countyCode: JINGDONG, titleZh: '顶级豌豆', hostName: '李明', scheduledAt }
  assert.equal(await world.refusal('POST', '/api/rooms', { as: world.hostId, body: room }), 'live.title_words')
})

test('a line that is taken down is gone for all: in the room, after a restart, in reports, above the chat', async () => {
  const { id } = await world.room()
  const [rude, buyer] = [await world.person('骂人的'), await world.person('买家')]
  const talker = await enter(id, rude)
  const viewer = await enter(id, buyer)
  const { lineId } = await say(talker, '骗子县长')
  await say(talker, '豌豆不错')
  await viewer.whenView(({ chat }) => chat.length === 2)
  const pinned = await team('PUT', `/api/rooms/${id}/chat-pin`, { lineId })
  assert.equal(pinned.pin?.text, '骗子县长')
  await viewer.whenView(({ chatPin }) => chatPin?.id === lineId)
  const report = { lineId, reason: 'abuse', words: '骂人' }
  for (const as of [buyer, buyer, rude]) {
    const response = await fetch(`${world.httpUrl}/api/rooms/${id}/reports`, {
      method: 'POST',
      headers: { cookie: world.cookieOf(as), 'content-type': 'application/json' },
      body: JSON.stringify(report),
    })
    assert.equal(response.status, 204)
  }
  const { reports } = await team('GET', `/api/rooms/${id}/moderation`)
  assert.deepEqual(
    reports.map((each) => [each.line.text, each.reports, each.reasons, each.words]),
    [['骗子县长', 2, [{ reason: 'abuse', count: 2 }], ['骂人', '骂人']]],
  )
  const after = await team('DELETE', `/api/rooms/${id}/chat/${lineId}?reason=abuse`)
  assert.deepEqual([after.reports, after.pin], [[], null])
  await viewer.whenView(({ chat, chatPin }) => chat.length === 1 && chatPin === null)
  await team('DELETE', `/api/rooms/${id}/chat/${lineId}?reason=abuse`)
  assert.deepEqual(
    after.log.map(({ act, subject, reason }) => [act, subject, reason]),
    [
      ['remove', '骗子县长', 'abuse'],
      ['pin', '骗子县长', null],
    ],
  )
  assert.equal(
    await world.refusal('PUT', `/api/rooms/${id}/chat-pin`, { as: world.hostId, body: { lineId } }),
    'chat.line_gone',
  )
  assert.equal(await world.refusal('POST', `/api/rooms/${id}/reports`, { as: buyer, body: report }), 'chat.line_gone')
  await world.restart()
  const late = await enter(id)
  assert.deepEqual(
    late.view?.chat.map(({ text }) => text),
    ['豌豆不错'],
  )
})

test('a mute is for a room and a time, a ban for the county until it is lifted; the one it is about can appeal', async () => {
  const [here, there] = [await world.room(), await world.room()]
  const rude = await world.person('捣乱的')
  const talker = await enter(here.id, rude)
  const nextDoor = await enter(there.id, rude)
  const { lineId } = await say(talker, '一派胡言')
  const mute = { lineId, minutes: 10, reason: 'abuse', words: '请文明发言' }
  const { mutes } = await team('POST', `/api/rooms/${here.id}/mutes`, mute)
  assert.equal(mutes.length, 1)
  const muted = await say(talker, '凭什么')
  assert.equal(muted.code, 'room.chat_muted')
  assert.match(muted.refused?.texts.zh ?? '', /10 分钟/)
  assert.equal((await say(nextDoor, '这边可以')).code, 'accepted')

  const banned = await team('POST', `/api/rooms/${here.id}/mutes`, { ...mute, minutes: 0, takeDown: true })
  assert.equal((await say(nextDoor, '这边也不行')).code, 'room.chat_muted')
  await talker.whenView(({ chat }) => chat.length === 0)
  const again = { as: world.hostId, body: { ...mute, minutes: 0 } }
  assert.equal(await world.refusal('POST', `/api/rooms/${here.id}/mutes`, again), 'chat.banned_already')
  assert.ok((await team('GET', `/api/rooms/${there.id}/moderation`)).mutes.some(({ county }) => county))

  const banId = banned.mutes.find(({ county }) => county)?.id ?? 0
  const mine = (await world.ask<{ items: MyMute[] }>('GET', '/api/my/mutes', { as: rude })).body.items
  assert.deepEqual(
    mine.map(({ county, lineText, words }) => [county, lineText, words]),
    [
      [true, '一派胡言', '请文明发言'],
      [false, '一派胡言', '请文明发言'],
    ],
  )
  const appeal = (as: number, id = banId) =>
    world.ask<{ code?: string; appeal?: unknown }>('POST', `/api/mutes/${id}/appeal`, {
      as,
      body: { words: '我说的是天气' },
    })
  assert.equal((await appeal(await world.person('别人'))).body.code, 'chat.mute_not_found')
  assert.equal((await appeal(rude)).status, 200)
  assert.equal((await appeal(rude)).body.code, 'chat.appealed_already')
  const answer = { lift: true, words: '误会了，抱歉' }
  const answered = await team('POST', `/api/rooms/${there.id}/appeals/${banId}`, answer)
  assert.ok(!answered.mutes.some(({ county }) => county))
  assert.equal(
    await world.refusal('POST', `/api/rooms/${there.id}/appeals/${banId}`, { as: world.hostId, body: answer }),
    'chat.no_appeal',
  )
  assert.equal((await say(nextDoor, '谢谢')).code, 'accepted')
  assert.equal((await say(talker, '这里还不行')).code, 'room.chat_muted')
  const muteId = mutes[0]?.id ?? 0
  await team('DELETE', `/api/rooms/${here.id}/mutes/${muteId}`)
  assert.equal(
    await world.refusal('DELETE', `/api/rooms/${here.id}/mutes/${muteId}`, { as: world.hostId }),
    'chat.mute_over',
  )
  assert.equal((await say(talker, '这里可以了')).code, 'accepted')
  const { items } = (await world.ask<{ items: MyMute[] }>('GET', '/api/my/mutes', { as: rude })).body
  assert.deepEqual(
    items.map((each) => each.appeal?.answer?.words),
    ['误会了，抱歉'],
  )
})

test('mode, pinned comment and mutes are back after a restart, and what was lifted meanwhile is not', async () => {
  const { id } = await world.room()
  const [rude, forgiven, buyer] = [await world.person('甲'), await world.person('乙'), await world.person('丙')]
  const talkers = [await enter(id, rude), await enter(id, forgiven)] as const
  const lines = [await say(talkers[0], '你们都是托'), await say(talkers[1], '价格太高')] as const
  for (const { lineId } of lines) await team('POST', `/api/rooms/${id}/mutes`, { lineId, minutes: 60, reason: 'other' })
  const { mutes } = await team('GET', `/api/rooms/${id}/moderation`)
  await team('DELETE', `/api/rooms/${id}/mutes/${mutes.find(({ userName }) => userName === '乙')?.id}`)
  await team('PUT', `/api/rooms/${id}/chat-pin`, { lineId: lines[1].lineId })
  await team('PUT', `/api/rooms/${id}/chat-mode`, { slowS: 60, followersOnly: false, closed: false })
  const viewer = await enter(id, buyer)
  await say(viewer, '重启之前说的')
  await say(await enter(id, world.hostId), '马上回来')
  await world.restart()
  const back = await enter(id, buyer)
  assert.deepEqual([back.view?.chatMode.slowS, back.view?.chatPin?.text], [60, '价格太高'])
  const marks = ({ view }: RoomViewer) => view?.chat.map(({ name, badge }) => [name, badge])
  assert.deepEqual(marks(back)?.at(-1), ['李主播', 'official'])
  assert.equal((await say(back, '重启之后说的')).code, 'room.chat_slow')
  assert.equal((await say(await enter(id, rude), '我还在吗')).code, 'room.chat_muted')
})

test('desks see what the others do, and nobody can change the log', async () => {
  const { id } = await world.room()
  const talker = await enter(id, await world.person('小李'))
  const host = await enter(id, world.hostId)
  const { lineId } = await say(talker, '豌豆真不错')
  await team('PUT', `/api/rooms/${id}/chat-pin`, { lineId })
  const section = ({ messages }: RoomViewer) =>
    messages.findLast((message) => message.t === 'desk' && message.section === 'moderation')
  await host.when((viewer) => JSON.stringify(section(viewer) ?? '').includes('"pin"'))
  assert.equal(section(talker), undefined)
  await team('DELETE', `/api/rooms/${id}/chat-pin`)
  await host.whenView(({ chatPin }) => chatPin === null)
  const { db } = world.app.platform
  for (const statement of ['update chat_log set subject = $1', 'delete from chat_log where subject <> $1'])
    await assert.rejects(db.query(statement, ['x']), /append-only/)
  await assert.rejects(db.query('truncate chat_log'), /append-only/)
  type Page = { items: ChatLogEntry[]; next: string | null }
  const first = (await team('GET', `/api/rooms/${id}/moderation/log?limit=1`)) as unknown as Page
  const second = (await team('GET', `/api/rooms/${id}/moderation/log?limit=1&cursor=${first.next}`)) as unknown as Page
  assert.deepEqual(
    [...first.items, ...second.items].map(({ act }) => act),
    ['unpin', 'pin'],
  )
  assert.equal(second.next, null)
  const cursor = { as: world.hostId }
  assert.equal(await world.refusal('GET', `/api/rooms/${id}/moderation/log?cursor=x`, cursor), 'live.cursor_invalid')
})

test('another county touches nothing of this one, and bad input is refused', async () => {
  const { id } = await world.room()
  const neighbour = await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN })
  const talker = await enter(id, await world.person('小王'))
  const host = await enter(id, world.hostId)
  const { lineId } = await say(talker, '你好呀')
  const ofHost = await say(host, '欢迎大家')
  const { mutes } = await team('POST', `/api/rooms/${id}/mutes`, { lineId, minutes: 0, reason: 'other' })
  const muteId = mutes.find(({ county, lineText }) => county && lineText === '你好呀')?.id
  const foreign = (
    await world.ask<{ id: number }>('POST', '/api/rooms', {
      as: neighbour,
      body: {
        countyCode: ZHENYUAN,
        titleZh: '镇沅',
        hostName: '王',
        scheduledAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    })
  ).body
  const there = `/api/rooms/${foreign.id}`
  const ask = (method: string, path: string, body?: object) =>
    world.refusal(method, path, { as: neighbour, ...(body ? { body } : {}) })
  assert.equal(await ask('DELETE', `${there}/mutes/${muteId}`), 'chat.mute_not_found')
  assert.equal(await ask('POST', `${there}/appeals/${muteId}`, { lift: true, words: '好' }), 'chat.mute_not_found')
  assert.equal(await ask('DELETE', `${there}/chat/${lineId}`), 'chat.line_not_found')
  assert.equal(await ask('PUT', `${there}/chat-pin`, { lineId }), 'chat.line_not_found')
  assert.equal(await ask('POST', `${there}/mutes`, { lineId, minutes: 5, reason: 'abuse' }), 'chat.line_not_found')
  assert.equal(await ask('POST', `${there}/reports`, { lineId, reason: 'abuse' }), 'chat.line_not_found')

  const own = (method: string, path: string, body?: object) =>
    world.refusal(method, `/api/rooms/${id}${path}`, { as: world.hostId, ...(body ? { body } : {}) })
  assert.equal(await own('POST', '/mutes', { lineId: ofHost.lineId, minutes: 5, reason: 'abuse' }), 'chat.line_of_team')
  const bad: [string, string, object?][] = [
    ['PUT', '/chat-mode', { slowS: 301, followersOnly: false, closed: false }],
    ['PUT', '/chat-mode', { slowS: 0, followersOnly: false, closed: false, more: 1 }],
    ['PUT', '/chat-pin', { lineId: 'x' }],
    ['DELETE', '/chat/x'],
    ['DELETE', `/chat/${lineId}?reason=why`],
    ['POST', '/mutes', { lineId, minutes: -1, reason: 'abuse' }],
    ['POST', '/mutes', { lineId, minutes: 10_081, reason: 'abuse' }],
    ['POST', '/mutes', { lineId, minutes: 1, reason: 'none' }],
    ['POST', '/mutes', { lineId, minutes: 1, reason: 'abuse', words: '长'.repeat(201) }],
    ['POST', `/appeals/${muteId}`, { lift: true, words: '' }],
    ['POST', '/reports', { lineId, reason: '' }],
  ]
  for (const [method, path, body] of bad)
    assert.equal(await own(method, path, body), 'request.invalid', `${method} ${path}`)
  await team('POST', `/api/rooms/${id}/end`)
  const ended = { as: world.hostId, body: { slowS: 3, followersOnly: false, closed: false } }
  assert.equal(await world.refusal('PUT', `/api/rooms/${id}/chat-mode`, ended), 'live.room_ended')
  await team('DELETE', `/api/rooms/${id}/chat/${lineId}`)
})

test('packs of words: versions, limits, and every line is held against them at once', async () => {
  const operator = await world.person('运营', { role: 'operator' })
  const put = (body: object) =>
    world.ask<{ version: number; code?: string }>('PUT', '/api/chat/terms', { as: operator, body })
  const pack = { name: '骂人', active: true, terms: ['傻瓜', 'idiot'], allow: ['傻瓜相机'] }
  const { id } = await world.room()
  const viewer = await enter(id, await world.person('小张'))
  assert.equal((await put({ version: 0, packs: [pack] })).body.version, 1)
  assert.equal((await put({ version: 0, packs: [pack] })).body.code, 'chat.terms_changed_meanwhile')
  assert.equal((await say(viewer, '主播是傻 瓜')).code, 'room.chat_terms')
  assert.equal((await say(viewer, '我有傻瓜相机')).code, 'accepted')
  assert.equal((await put({ version: 1, packs: [{ ...pack, terms: ['…'] }] })).body.code, 'chat.term_empty')
  const many = Array.from({ length: 15_000 }, (_, index) => `词${index}`)
  assert.equal(
    (await put({ version: 1, packs: [{ ...pack, terms: many, allow: many }] })).body.code,
    'chat.terms_too_many',
  )
  assert.equal((await put({ version: 1, packs: [{ ...pack, terms: ['长'.repeat(41)] }] })).body.code, 'request.invalid')
  assert.equal((await put({ version: 1, packs: [{ ...pack, active: false }] })).body.version, 2)
  assert.equal((await say(viewer, '主播不是傻 瓜')).code, 'accepted')
})
