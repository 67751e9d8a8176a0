import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buyer, HandSocket, handClock, openingOf, reader, roomOf } from './testing/room-fixtures.ts'

const hello = (known?: { epoch: string; offset: number }) => JSON.stringify({ t: 'hello', ...known })
const chat = (text: string) => JSON.stringify({ t: 'chat', id: crypto.randomUUID(), text })

function setUp(hooks?: Parameters<typeof roomOf>[3]) {
  const room = roomOf(openingOf(1), handClock(), {}, hooks)
  const enter = (viewer = reader, known?: { epoch: string; offset: number }) => {
    const socket = new HandSocket()
    room.join(socket, viewer)
    room.receive(socket, hello(known))
    return socket
  }
  return { room, enter }
}

test('a line that was taken down is sent to nobody again, neither in a snapshot nor to who comes back', () => {
  const { room, enter } = setUp()
  const talker = enter(buyer(1))
  const from = { epoch: room.view.epoch, offset: room.view.offset }
  room.receive(talker, chat('好吃'))
  room.receive(talker, chat('加我微信'))
  room.tick()
  const between = { epoch: room.view.epoch, offset: room.view.offset }
  room.receive(talker, chat('还有吗'))
  room.tick()
  const [, bad] = room.view.chat
  assert.ok(bad)
  room.publish({ t: 'chat_pin', line: bad }, 'now')
  room.publish({ t: 'chat_gone', lineIds: [bad.id] }, 'now')
  assert.equal(room.view.chatPin, null)
  for (const socket of [enter(), enter(reader, from), enter(reader, between)]) {
    assert.equal(socket.received[0]?.t, 'snapshot')
    assert.ok(!JSON.stringify(socket.received).includes('微信'))
  }
  const after = { epoch: room.view.epoch, offset: room.view.offset }
  room.receive(talker, chat('谢谢'))
  room.tick()
  assert.equal(enter(reader, after).received[0]?.t, 'resumed', 'who had seen all of it misses nothing')
})

test('a line that is taken down before the tick goes out to nobody', () => {
  const { room, enter } = setUp()
  const talker = enter(buyer(1))
  const other = enter()
  room.receive(talker, chat('加我微信'))
  const accepted = talker.received.at(-1)
  assert.ok(accepted?.t === 'accepted')
  room.publish({ t: 'chat_gone', lineIds: [accepted.lineId] }, 'now')
  assert.ok(!JSON.stringify(other.received).includes('微信'))
})

test('a flood of one person reads no texts once it is over the limit', () => {
  let judged = 0
  const { room, enter } = setUp({
    chatSaid: () => undefined,
    judgeChat() {
      judged += 1
      return null
    },
  })
  for (let socket = 0; socket < 20; socket += 1) {
    const flooder = enter(buyer(1))
    for (let line = 0; line < 100; line += 1) room.receive(flooder, chat(`${socket} ${line}`))
    assert.notEqual(flooder.closedWith, null)
  }
  assert.equal(judged, 5)
})
