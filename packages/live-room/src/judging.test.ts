import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROOM_CLOSE, type RoomServerMessage } from '@chunbo/contract'
import type { Viewer } from './session.ts'
import { buyer, HandSocket, handClock, openingOf, roomOf, shelfOf } from './testing/room-fixtures.ts'

const hello = '{"t":"hello"}'
const chat = (id: string, text: string) => JSON.stringify({ t: 'chat', id, text })

function setUp(viewer: Viewer = buyer(1)) {
  const clock = handClock()
  const room = roomOf(openingOf(7, shelfOf(5, 1)), clock)
  const socket = new HandSocket()
  room.join(socket, viewer)
  room.receive(socket, hello)
  const last = () => socket.received.at(-1) as RoomServerMessage
  return { clock, room, socket, last }
}

test('a line carries level and badge of who says it, as they are when it is said', () => {
  const { room, socket, last } = setUp({
    user: { id: 1, name: '县供销社', isHost: false, level: 3, badge: 'official' },
  })
  const lineOf = (id: string) => {
    room.receive(socket, chat(id, '今早摘的'))
    room.tick()
    const line = room.view.chat.at(-1)
    return { badge: line?.badge, level: line?.level, name: line?.name }
  }
  assert.deepEqual(lineOf('a'), { badge: 'official', level: 3, name: '县供销社' })
  assert.equal(room.judgeUser(1, { id: 1, name: '供销社', isHost: false, level: 4 }), 1)
  assert.deepEqual(lineOf('b'), { badge: undefined, level: 4, name: '供销社' })
  assert.equal(last().t, 'tick')
})

test('who is judged anew changes places with the team, and who may not be here is put out', () => {
  const { room, socket } = setUp(buyer(1))
  room.tellDesk('run', { at: 1 })
  assert.ok(!socket.received.some(({ t }) => t === 'desk'))
  room.judgeUser(1, { id: 1, name: '助手', isHost: true })
  assert.deepEqual(socket.received.at(-1), { t: 'desk', section: 'run', data: { at: 1 } })
  assert.equal(room.figures.viewers, 0)
  room.judgeUser(1, { id: 1, name: '助手', isHost: false })
  room.tellDesk('run', { at: 2 })
  assert.ok(!socket.received.some((message) => message.t === 'desk' && (message.data as { at: number }).at === 2))
  assert.equal(room.figures.viewers, 1)
  room.judgeUser(1, null)
  assert.equal(socket.closedWith, ROOM_CLOSE.notAllowed)
  assert.equal(room.figures.sockets, 0)
  assert.equal(room.hasUser(1), false)
})
