import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomServerMessage } from '@chunbo/contract'
import type { Viewer } from './session.ts'
import { buyer, HandSocket, handClock, openingOf, roomOf, shelfOf } from './testing/room-fixtures.ts'

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

test('whoever says how far it is and then falls silent lags, and has one snapshot when it speaks again', () => {
  const { room, socket, clock, last } = setUp(buyer(1), { chatByUser: { burst: 500, perS: 5 } })
  const talker = new HandSocket()
  room.join(talker, buyer(2))
  room.receive(talker, hello)
  const talk = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000)
      room.receive(talker, chat(`${clock.steadyMs()}`, '豌豆'))
      room.tick()
    }
  }
  const ack = (offset: number) => room.receive(socket, JSON.stringify({ t: 'ack', offset }))
  ack(0)
  talk(4)
  ack(room.view.offset)
  talk(12)
  assert.equal(room.figures.lagging, 0, 'the word is due after five seconds and may be late by eight')
  talk(1)
  assert.equal(room.figures.lagging, 1)
  const told = socket.received.length
  talk(3)
  assert.equal(socket.received.length, told, 'nothing is sent into buffers that nobody reads')
  ack(8)
  room.tick()
  assert.equal(room.figures.lagging, 1, 'it reads, and has not read everything yet')
  const lastTick = socket.received.findLast((message) => message.t === 'tick')
  ack(lastTick?.t === 'tick' ? lastTick.offset : 0)
  room.tick()
  assert.equal(room.figures.lagging, 0)
  assert.equal(last().t, 'snapshot')
  talk(10)
  assert.equal(room.figures.lagging, 0, 'its next word is due from the snapshot on')
  talk(14)
  assert.equal(socket.closedWith, 1006, 'silent for good')
  assert.equal(talker.closedWith, null, 'a client that never acknowledges is not judged by it')
})

test('an acknowledgement of what was sent long ago shows a slow line', () => {
  const { room, socket, clock } = setUp(buyer(1), { chatByUser: { burst: 500, perS: 5 } })
  const say = (id: string) => {
    room.receive(socket, chat(id, '豌豆'))
    room.tick()
  }
  say('a')
  clock.advance(7_000)
  room.receive(socket, '{"t":"ack","offset":0}')
  say('b')
  assert.equal(room.figures.lagging, 0)
  clock.advance(2_000)
  room.receive(socket, '{"t":"ack","offset":0}')
  assert.equal(room.figures.lagging, 1, 'the first event is nine seconds old and not applied')
  room.receive(socket, '{"t":"ack","offset":999999}')
  room.tick()
  assert.equal(room.figures.lagging, 0, 'nobody is further than what was sent; whoever says so means all of it')
})

test('in a quiet room nobody is behind, however long nothing is heard', () => {
  const { room, socket, clock } = setUp()
  room.receive(socket, '{"t":"ack","offset":0}')
  clock.advance(40_000)
  room.publish({ t: 'notice', textZh: '开始', textEn: 'Start' }, 'now')
  assert.equal(room.figures.lagging, 0)
  assert.equal(socket.received.at(-1)?.t, 'tick')
})

test('a desk that lagged has every section when it is back', () => {
  const { room, socket, clock } = setUp({ user: { id: 9, name: '中控', isHost: true } }, { slowBytes: 400 })
  room.tellDesk('run', { at: 1 })
  socket.stall()
  while (room.figures.lagging === 0) {
    clock.advance(200)
    room.publish({ t: 'notice', textZh: '豌豆'.repeat(50), textEn: '' }, 'now')
  }
  room.tellDesk('run', { at: 2 })
  room.tellDesk('questions', { waiting: 3 })
  const before = socket.received.length
  socket.resume()
  room.tick()
  const desk = socket.received.slice(before).filter((message) => message.t === 'desk')
  assert.deepEqual(desk, [
    { t: 'desk', section: 'run', data: { at: 2 } },
    { t: 'desk', section: 'questions', data: { waiting: 3 } },
  ])
})
