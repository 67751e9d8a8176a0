import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROOM_CLOSE, type RoomServerMessage, type SkuCard } from '@chunbo/contract'
import { TokenBucket } from '@chunbo/web-socket'
import type { Viewer } from './session.ts'
import { buyer, HandSocket, handClock, openingOf, reader, roomOf, shelfOf } from './testing/room-fixtures.ts'

const hello = '{"t":"hello"}'
const chat = (id: string, text: string) => JSON.stringify({ t: 'chat', id, text })

function setUp(viewer: Viewer = buyer(1), limits = {}) {
  const clock = handClock()
  const room = roomOf(openingOf(7, shelfOf(5, 1)), clock, limits)
  const socket = new HandSocket()
  room.join(socket, viewer)
  room.receive(socket, hello)
  const last = () => socket.received.at(-1) as RoomServerMessage
  return { clock, room, socket, last }
}

test('a first hello gets a snapshot of the last tick, and ticks from there on', () => {
  const { room, socket } = setUp()
  assert.equal(socket.received[0]?.t, 'snapshot')
  room.receive(socket, chat('a', '这豌豆甜吗'))
  const late = new HandSocket()
  room.join(late, reader)
  room.receive(late, hello)
  const snapshot = late.received[0]
  assert.ok(snapshot?.t === 'snapshot')
  assert.deepEqual(snapshot.chat, [], 'what waits for the tick is not in the snapshot, so it cannot come twice')
  room.tick()
  const tick = late.received[1]
  assert.ok(tick?.t === 'tick' && tick.from === snapshot.offset && tick.offset === snapshot.offset + 1)
})

test('pin, status and the last pack go out at once, chat and stock with the tick', () => {
  const { room, last } = setUp()
  room.setStock([{ shopId: 1, skuId: 1, stock: 4 }])
  assert.equal(last().t, 'snapshot')
  room.publishState({ t: 'pin', pin: { shopId: 1, skuId: 2, pinnedAt: '2026-03-14T08:01:00Z' } }, 2)
  const pinned = last()
  assert.ok(pinned.t === 'tick')
  assert.deepEqual(
    pinned.events.map((event) => event.t),
    ['pin', 'stock', 'viewers'],
  )
  room.setStock([{ shopId: 1, skuId: 2, stock: 0 }])
  const soldOut = last()
  assert.ok(soldOut.t === 'tick')
  assert.deepEqual(
    soldOut.events.map((event) => event.t),
    ['sold_out', 'stock'],
  )
})

test('a frame to many is written in slices, and what is urgent meanwhile goes out in one frame right behind it', () => {
  const clock = handClock()
  const room = roomOf(openingOf(7, shelfOf(5)), clock, { sliceSockets: 1 })
  const enter = () => {
    const socket = new HandSocket()
    room.join(socket, reader)
    room.receive(socket, '{"t":"hello"}')
    return socket
  }
  const [first, second] = [enter(), enter()]
  const kinds = (socket: HandSocket) => socket.received.map(({ t }) => t)
  const offsets = (socket: HandSocket) =>
    socket.received.map((message) => ('offset' in message ? message.offset : null))
  const notice = (text: string) => room.publish({ t: 'notice', textZh: text, textEn: '' }, 'now')
  notice('一')
  assert.deepEqual([kinds(first), kinds(second)], [['snapshot', 'tick'], ['snapshot']])
  const late = enter()
  notice('二')
  notice('三')
  while (clock.turn());
  assert.deepEqual(kinds(second), ['snapshot', 'tick', 'tick'])
  assert.deepEqual(offsets(first), [0, 1, 3])
  assert.deepEqual(offsets(second), offsets(first), 'everybody gets the same frames in the same order')
  assert.deepEqual(offsets(late), [1, 3], 'the snapshot has what was on its way')
  notice('四')
  room.closeAll(1012, 'restart')
  assert.deepEqual(
    [first, second, late].map((socket) => offsets(socket).at(-1)),
    [4, 4, 4],
    'nobody is put out before it has it',
  )
})

test('stock is told by its latest value only, and only of the shelf', () => {
  const { room, last, socket } = setUp()
  room.tick()
  for (const stock of [4, 3, 2]) room.setStock([{ shopId: 1, skuId: 1, stock }])
  room.setStock([{ shopId: 9, skuId: 1, stock: 3 }])
  room.tick()
  const tick = last()
  assert.ok(tick.t === 'tick')
  assert.deepEqual(tick.events, [{ t: 'stock', items: [{ shopId: 1, skuId: 1, stock: 2 }] }])
  const count = socket.received.length
  room.setStock([{ shopId: 1, skuId: 1, stock: 2 }])
  room.tick()
  assert.equal(socket.received.length, count, 'nothing new, nothing sent')
})

test('state that is told in the wrong order does not go back', () => {
  const { room } = setUp()
  const pin = (skuId: number) => ({ t: 'pin' as const, pin: { shopId: 1, skuId, pinnedAt: '2026-03-14T08:01:00Z' } })
  room.publishState(pin(2), 6)
  room.publishState(pin(1), 5)
  assert.equal(room.view.pin?.skuId, 2)
  room.publishState({ t: 'status', status: 'ended', startedAt: null, endedAt: null }, 5)
  assert.equal(room.view.room.status, 'ended', 'another part of the state has its own order')
})

test('a shelf that is told twice before the tick carries its cards once', () => {
  const { room, last } = setUp()
  const card = { skuId: 1, version: 2 } as SkuCard
  for (let times = 0; times < 2; times += 1) room.publishState({ t: 'shelf', items: shelfOf(5, 1), cards: [card] }, 2)
  room.tick()
  const tick = last()
  assert.ok(tick.t === 'tick')
  assert.deepEqual(
    tick.events.flatMap((event) => (event.t === 'shelf' ? event.cards : [])),
    [card],
  )
})

test('a shelf that was read before the last sale does not bring packs back', () => {
  const { room } = setUp()
  room.setStock([{ shopId: 1, skuId: 1, stock: 2 }])
  room.publishState({ t: 'shelf', items: shelfOf(5, 1, 8), cards: [] }, 2)
  room.tick()
  assert.deepEqual(
    room.view.shelf.map((entry) => entry.stock),
    [2, 1, 8],
  )
})

test('chat needs a signed-in user, and every refusal says why in two languages', () => {
  const { room, socket, last } = setUp(reader)
  room.receive(socket, chat('a', '你好'))
  const refused = last()
  assert.ok(refused.t === 'refused')
  assert.equal(refused.code, 'room.chat_sign_in')
  assert.ok(refused.texts.zh.length > 0 && refused.texts.en.length > 0)
})

test('chat is cleaned, bounded and slowed', () => {
  const { room, socket, last, clock } = setUp()
  const codeOf = (text: string, id: string) => {
    room.receive(socket, chat(id, text))
    const answer = last()
    return answer.t === 'refused' ? answer.code : answer.t
  }
  assert.equal(codeOf(' \u200b\n ', 'empty'), 'room.chat_empty')
  assert.equal(codeOf('豆'.repeat(201), 'long'), 'room.chat_too_long')
  assert.equal(codeOf('  多少钱\n\n一斤？\u202e ', 'good'), 'accepted')
  room.tick()
  assert.equal(room.view.chat.at(-1)?.text, '多少钱 一斤？')
  for (let index = 0; index < 4; index += 1) assert.equal(codeOf('好', `n${index}`), 'accepted')
  assert.equal(codeOf('好', 'n5'), 'room.chat_too_fast')
  const refused = last()
  assert.ok(refused.t === 'refused' && refused.retryAfterMs === 2_000)
  clock.advance(2_000)
  assert.equal(codeOf('好', 'n6'), 'accepted')
})

test('a message that is sent again after a dropped connection is said once', () => {
  const { room, socket, last } = setUp()
  room.receive(socket, chat('same', '第一次'))
  const first = last()
  room.receive(socket, chat('same', '第一次'))
  assert.deepEqual(last(), first)
  room.tick()
  assert.equal(room.view.chat.length, 1)
})

test('nobody talks after the end', () => {
  const { room, socket, last } = setUp()
  room.publishState({ t: 'status', status: 'ended', startedAt: null, endedAt: '2026-03-14T09:00:00Z' }, 2)
  room.receive(socket, chat('a', '还有吗'))
  const refused = last()
  assert.ok(refused.t === 'refused' && refused.code === 'room.chat_closed')
})

test('what is not of the contract ends the session', () => {
  const bad = ['', '{', 'null', '[]', '{"t":"x"}', '{"t":"hello"}', '{"t":"chat","id":"a"}', '{"t":"ping","x":1}']
  for (const message of bad) {
    const { room, socket } = setUp()
    room.receive(socket, message)
    assert.equal(socket.closedWith, ROOM_CLOSE.badMessage, message)
    assert.equal(room.figures.sockets, 0)
  }
  const silent = setUp()
  const socket = new HandSocket()
  silent.room.join(socket, reader)
  silent.room.receive(socket, '{"t":"ping"}')
  assert.equal(socket.closedWith, ROOM_CLOSE.badMessage, 'the first message is hello')
})

test('a flood ends the session', () => {
  const { room, socket } = setUp()
  for (let index = 0; index < 40; index += 1) room.receive(socket, '{"t":"ping"}')
  assert.equal(socket.closedWith, ROOM_CLOSE.tooMany)
})

test('a slow reader is skipped, gets one snapshot when it has drained, and goes after ten seconds', () => {
  const { room, socket, clock, last } = setUp(buyer(1), { chatByUser: { burst: 500, perS: 1 } })
  const talker = new HandSocket()
  const say = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      clock.advance(250)
      room.receive(talker, chat(`${clock.steadyMs()}`, '豌豆'.repeat(95)))
      room.tick()
    }
  }
  room.join(talker, buyer(2))
  room.receive(talker, hello)
  socket.stall()
  say(120)
  assert.equal(room.figures.lagging, 1)
  assert.ok(socket.pendingBytes < 70_000, `${socket.pendingBytes} bytes are held for it`)
  const before = socket.received.length
  socket.resume()
  room.tick()
  assert.equal(room.figures.lagging, 0)
  assert.equal(last().t, 'snapshot')
  assert.equal(socket.received.slice(before).filter((message) => message.t === 'snapshot').length, 1)
  socket.stall()
  say(120)
  assert.equal(room.figures.lagging, 1)
  clock.advance(10_000)
  room.tick()
  assert.equal(socket.closedWith, 1006)
  assert.equal(room.figures.viewers, 1)
})

test('no hello, no sign of life: put out; the silent are pinged before, and who speaks is not', () => {
  const { room, socket, clock } = setUp()
  const silent = new HandSocket()
  room.join(silent, reader)
  const speaking = new HandSocket()
  room.join(speaking, reader)
  room.receive(speaking, '{"t":"hello"}')
  clock.advance(20_000)
  room.receive(speaking, '{"t":"ack","offset":0}')
  clock.advance(5_000)
  room.sweep()
  assert.equal(silent.closedWith, ROOM_CLOSE.badMessage)
  assert.deepEqual([socket.pings, speaking.pings], [1, 0])
  clock.advance(35_000)
  room.sweep()
  assert.equal(socket.closedWith, 1006)
})

test('a full room sends the next one away for a while', () => {
  const { room } = setUp(reader, { viewersMax: 1 })
  const next = new HandSocket()
  room.join(next, reader)
  assert.equal(next.closedWith, ROOM_CLOSE.standardTryLater)
})

test('the viewer count is told at most once a second', () => {
  const { room, clock, socket } = setUp()
  const told = () =>
    socket.received.flatMap((message) =>
      message.t === 'tick' ? message.events.flatMap((event) => (event.t === 'viewers' ? [event.viewers] : [])) : [],
    )
  room.tick()
  for (let index = 0; index < 10; index += 1) {
    const other = new HandSocket()
    room.join(other, reader)
    room.receive(other, hello)
    clock.advance(200)
    room.tick()
  }
  assert.deepEqual(told(), [1, 6, 11])
  assert.equal(room.figures.viewersPeak, 11)
})

test('the host team at its desk does not count as viewers', () => {
  const { room } = setUp()
  assert.equal(room.figures.viewers, 1)
  const desk = new HandSocket()
  room.join(desk, { user: { id: 9, name: '中控', isHost: true } })
  room.receive(desk, hello)
  assert.equal(room.figures.viewers, 1)
  assert.equal(room.figures.sockets, 2)
  room.leave(desk)
  assert.equal(room.figures.viewers, 1)
})

test('opening the goods counts once a line, and not of the host team', () => {
  const { room, socket } = setUp(reader)
  const [other, host] = [new HandSocket(), new HandSocket()]
  room.join(other, reader)
  room.join(host, { user: { id: 9, name: '中控', isHost: true } })
  for (const each of [other, host]) room.receive(each, hello)
  for (const each of [socket, socket, other, host]) room.receive(each, '{"t":"look"}')
  assert.equal(room.figures.looks, 2)
})

test('hearts count up to the limit of a socket and of a room, and nobody is put out for more', () => {
  const { room, socket, clock } = setUp(reader, {
    likes: { burst: 30, perS: 10 },
    likesByRoom: { burst: 40, perS: 5 },
  })
  const other = new HandSocket()
  room.join(other, reader)
  room.receive(other, hello)
  for (let index = 0; index < 5; index += 1) room.receive(socket, '{"t":"like","n":20}')
  assert.equal(room.figures.likes, 30)
  room.receive(other, '{"t":"like","n":20}')
  assert.equal(room.figures.likes, 40)
  clock.advance(2_000)
  room.receive(other, '{"t":"like","n":20}')
  assert.equal(room.figures.likes, 50)
  assert.equal(socket.closedWith, null)
  clock.advance(1_000)
  room.tick()
  assert.equal(room.view.likes, 50)
  room.publishState({ t: 'status', status: 'ended', startedAt: null, endedAt: '2026-03-14T09:00:00Z' }, 2)
  room.receive(socket, '{"t":"like","n":5}')
  assert.equal(room.figures.likes, 50, 'not after the end')
})

test('a flood by many sockets of one account or address ends those who speak', () => {
  const clock = handClock()
  const room = roomOf(openingOf(7), clock)
  const shared = [new TokenBucket({ burst: 50, perS: 1 }, clock.steadyMs())]
  const sockets = Array.from({ length: 4 }, () => new HandSocket())
  for (const socket of sockets) {
    room.join(socket, buyer(1), shared)
    room.receive(socket, hello)
  }
  const quiet = new HandSocket()
  room.join(quiet, buyer(2))
  room.receive(quiet, hello)
  for (let turn = 0; turn < 20; turn += 1) for (const socket of sockets) room.receive(socket, '{"t":"ping"}')
  assert.ok(sockets.every(({ closedWith }) => closedWith === ROOM_CLOSE.tooMany))
  assert.equal(quiet.closedWith, null)
})

test('a wall clock that jumps changes no order, no limit and no lag', () => {
  const clock = handClock()
  let shiftMs = 0
  const room = roomOf(openingOf(7), { ...clock, wallMs: () => clock.wallMs() + shiftMs })
  const socket = new HandSocket()
  room.join(socket, buyer(1))
  room.receive(socket, hello)
  room.receive(socket, '{"t":"ack","offset":0}')
  for (const [index, shift] of [0, 86_400_000, -86_400_000, -40 * 365 * 86_400_000, 3_600_000].entries()) {
    shiftMs = shift
    clock.advance(1_000)
    room.receive(socket, chat(`m${index}`, `第${index}句`))
    room.tick()
    room.sweep()
  }
  const ids = room.view.chat.map(({ id }) => id)
  assert.equal(ids.length, 5)
  assert.deepEqual(ids, [...ids].sort(), 'stored lines sort as they were said')
  assert.equal(room.figures.lagging, 0)
  assert.equal(socket.closedWith, null)
})
