import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { RoomClientMessage, RoomServerMessage, RoomView } from '@chunbo/contract/room-events'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import { type LineState, openRoomSocket, type RoomSocketEvents } from './room-socket.ts'

const room = {
  id: 1,
  status: 'live' as const,
  titleZh: '景东豌豆',
  titleEn: '',
  hostName: '李副县长',
  hostOffice: '副县长',
  hostOfficeEn: '',
  scheduledAt: '2027-03-01T12:00:00Z',
  startedAt: '2027-03-01T12:00:00Z',
  endedAt: null,
}
const view: RoomView = { epoch: 'e1', offset: 3, room, shelf: [], pin: null, viewers: 1, chat: [] }
const snapshot: RoomServerMessage = { t: 'snapshot', ...view }
const line = { id: 'l1', atMs: 0, name: '王', from: 'viewer' as const, text: '好吃' }

/** A real WebSocket server that hands out what each connection says and lets the test answer. */
async function serve() {
  const server = new WebSocketServer({ port: 0 })
  await once(server, 'listening')
  const waiting: ((found: { socket: ServerSocket; hello: RoomClientMessage }) => void)[] = []
  const come: { socket: ServerSocket; hello: RoomClientMessage }[] = []
  server.on('connection', (socket) => {
    socket.once('message', (data) => {
      const found = { socket, hello: JSON.parse(String(data)) as RoomClientMessage }
      const next = waiting.shift()
      if (next) next(found)
      else come.push(found)
    })
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () =>
      new Promise<{ socket: ServerSocket; hello: RoomClientMessage }>((resolve) => {
        const found = come.shift()
        if (found) resolve(found)
        else waiting.push(resolve)
      }),
    close: () => {
      for (const client of server.clients) client.terminate()
      server.close()
    },
  }
}

function listen() {
  const views: RoomView[] = []
  const states: LineState[] = []
  const heard: string[] = []
  let wake = () => {}
  const note = () => wake()
  const events: RoomSocketEvents = {
    view: (next) => {
      views.push(next)
      note()
    },
    state: (state) => {
      states.push(state)
      note()
    },
    event: (event) => heard.push(event.t),
    accepted: (id, lineId) => {
      heard.push(`accepted ${id} ${lineId}`)
      note()
    },
    refused: (id) => {
      heard.push(`refused ${id}`)
      note()
    },
  }
  async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve))
  }
  return { views, states, heard, events, until }
}
const times = { pingMs: 30, silenceMs: 100_000, random: () => 0 }

test('says hello, takes the snapshot, and comes back with epoch and offset after the line broke', async () => {
  const server = await serve()
  const seen = listen()
  const socket = openRoomSocket(server.url, seen.events, times)
  const first = await server.next()
  assert.deepEqual(first.hello, { t: 'hello' })
  first.socket.send(JSON.stringify(snapshot))
  await seen.until(() => seen.states.includes('open'))
  first.socket.send(JSON.stringify({ t: 'tick', from: 3, offset: 4, events: [{ t: 'chat', line }] }))
  await seen.until(() => seen.views.at(-1)?.offset === 4)
  assert.equal(seen.views.at(-1)?.chat[0]?.text, '好吃')
  first.socket.terminate()
  const second = await server.next()
  assert.deepEqual(second.hello, { t: 'hello', epoch: 'e1', offset: 4 })
  socket.close()
  server.close()
})

test('a gap makes it ask for everything anew', async () => {
  const server = await serve()
  const seen = listen()
  const socket = openRoomSocket(server.url, seen.events, times)
  const first = await server.next()
  first.socket.send(JSON.stringify(snapshot))
  first.socket.send(JSON.stringify({ t: 'tick', from: 9, offset: 10, events: [] }))
  const second = await server.next()
  assert.deepEqual(second.hello, { t: 'hello' })
  socket.close()
  server.close()
})

test('a room that does not exist is not asked for again; a server that is full is', async () => {
  const server = await serve()
  const gone = listen()
  const first = openRoomSocket(server.url, gone.events, times)
  ;(await server.next()).socket.close(4404)
  await gone.until(() => gone.states.includes('gone'))
  assert.equal(gone.states.at(-1), 'gone')
  first.close()

  const full = listen()
  const second = openRoomSocket(server.url, full.events, times)
  ;(await server.next()).socket.close(1013)
  await server.next()
  second.close()
  server.close()
})

test('a line that has gone silent counts as dead and is opened anew', async () => {
  const server = await serve()
  const seen = listen()
  const socket = openRoomSocket(server.url, seen.events, { pingMs: 20, silenceMs: 60, random: () => 0 })
  const first = await server.next()
  first.socket.send(JSON.stringify(snapshot))
  const second = await server.next()
  assert.deepEqual(second.hello, { t: 'hello', epoch: 'e1', offset: 3 })
  assert.ok(seen.states.includes('lost'))
  socket.close()
  server.close()
})

test('what was said is answered to the one who said it', async () => {
  const server = await serve()
  const seen = listen()
  const socket = openRoomSocket(server.url, seen.events, times)
  const { socket: peer } = await server.next()
  peer.on('message', (data) => {
    const message = JSON.parse(String(data)) as RoomClientMessage
    if (message.t === 'chat') peer.send(JSON.stringify({ t: 'accepted', id: message.id, lineId: 'l9' }))
  })
  peer.send(JSON.stringify(snapshot))
  await seen.until(() => seen.states.includes('open'))
  assert.equal(socket.say('a', '你好'), true)
  await seen.until(() => seen.heard.includes('accepted a l9'))
  socket.close()
  assert.equal(socket.say('b', '再说'), false)
  server.close()
})
