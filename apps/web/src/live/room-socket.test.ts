import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { RoomClientMessage, RoomServerMessage, RoomView } from '@chunbo/contract/room-events'
import { CHAT_MODE_OPEN } from '@chunbo/contract/room-parts'
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
const parts = { chatPin: null, chatMode: CHAT_MODE_OPEN, answers: [], drops: [], likes: 0 }
const view: RoomView = { epoch: 'e1', offset: 3, room, shelf: [], pin: null, viewers: 1, chat: [], ...parts }
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

test('what was applied is acknowledged, the newest of it, and not with every tick', async () => {
  const server = await serve()
  const seen = listen()
  const socket = openRoomSocket(server.url, seen.events, { ...times, pingMs: 100_000, ackMs: 60, random: () => 0.5 })
  const { socket: peer } = await server.next()
  const acks: number[] = []
  const acked = new Promise<void>((resolve) => {
    peer.on('message', (data) => {
      const text = String(data)
      if (!text.startsWith('{"t":"ack"')) return
      assert.match(text, /^\{"t":"ack","offset":\d+\}$/, 'as the server reads it fast')
      acks.push((JSON.parse(text) as { offset: number }).offset)
      if (acks.at(-1) === 5) resolve()
    })
  })
  peer.send(JSON.stringify(snapshot))
  peer.send(JSON.stringify({ t: 'tick', from: 3, offset: 4, events: [{ t: 'chat', line }] }))
  peer.send(JSON.stringify({ t: 'tick', from: 4, offset: 5, events: [{ t: 'chat', line }] }))
  await acked
  assert.ok(acks.length <= 2, `three messages, ${acks.length} words`)
  socket.close()
  server.close()
})

/** A network that breaks sockets: every upgrade is cut, while plain HTTP works. Streams say what the test puts in. */
async function serveBroken() {
  let cut = true
  let answers = false
  const upgrades: number[] = []
  const posts: RoomClientMessage[] = []
  const streams: { last: string | undefined; answer: ServerResponse }[] = []
  let refusal: { status: number; retryAfterS: number } | null = null
  let wake = () => {}
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer((request, answer) => {
    if (request.method === 'POST') {
      request.setEncoding('utf8').on('data', (text: string) => posts.push(JSON.parse(text) as RoomClientMessage))
      request.on('end', () => {
        answer.writeHead(204).end()
        wake()
      })
      return
    }
    if (refusal !== null) {
      answer.writeHead(refusal.status, { 'retry-after': String(refusal.retryAfterS) }).end()
      refusal = null
      wake()
      return
    }
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    answer.write(`event: seat\ndata: s${streams.length}\n\n`)
    const last = request.headers['last-event-id']?.toString()
    streams.push({ last, answer })
    if (answers) {
      const resumed = { t: 'resumed' as const, epoch: 'e1', from: 3, offset: 3, events: [] }
      answer.write(eventOf(last === undefined ? snapshot : resumed, 'e1:3'))
    }
    wake()
  })
  server.on('upgrade', (request, raw, head) => {
    upgrades.push(performance.now())
    if (cut) raw.destroy()
    else
      sockets.handleUpgrade(request, raw, head, (socket) => {
        socket.once('message', (data) => {
          posts.push(JSON.parse(String(data)) as RoomClientMessage)
          socket.send(JSON.stringify(snapshot))
          wake()
        })
      })
    wake()
  })
  await once(server.listen(0), 'listening')
  async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve))
  }
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/rooms/1/socket`,
    upgrades,
    posts,
    streams,
    until,
    mend: () => {
      cut = false
    },
    /** From now on each stream begins by itself: with the state, or with nothing new for who has it. */
    answerStreams: () => {
      answers = true
    },
    refuseNext: (status: number, retryAfterS: number) => {
      refusal = { status, retryAfterS }
    },
    close: () => {
      server.closeAllConnections()
      server.close()
      sockets.close()
    },
  }
}
const eventOf = (message: RoomServerMessage, id: string) => `id: ${id}\ndata: ${JSON.stringify(message)}\n\n`

test('where sockets break a stream carries the room, and words go by POST', async (t) => {
  const server = await serveBroken()
  t.after(() => server.close())
  const seen = listen()
  const roomLine = openRoomSocket(server.url, seen.events, { random: () => 0, backMs: 600_000, ackMs: 600_000 })
  t.after(() => roomLine.close())
  await server.until(() => server.streams.length === 1)
  assert.equal(server.upgrades.length, 3, 'three sockets were tried first')
  const [first] = server.streams
  assert.equal(first?.last, undefined)
  const text = eventOf(snapshot, 'e1:3')
  first?.answer.write(text.slice(0, 40))
  first?.answer.write(text.slice(40))
  await seen.until(() => seen.states.at(-1) === 'open')
  first?.answer.write(':\n\n')
  first?.answer.write(eventOf({ t: 'tick', from: 3, offset: 4, events: [{ t: 'chat', line }] }, 'e1:4'))
  await seen.until(() => seen.views.at(-1)?.offset === 4)
  assert.equal(roomLine.say('a', '你好'), true)
  assert.equal(roomLine.like(2), true)
  assert.equal(roomLine.look(), true)
  const words = () => server.posts.filter((each) => each.t !== 'ack')
  await server.until(() => words().length === 3)
  assert.deepEqual(words(), [{ t: 'chat', id: 'a', text: '你好' }, { t: 'like', n: 2 }, { t: 'look' }])
})

test('while a stream carries the room a socket is tried now and then, and taken when it works', async (t) => {
  const server = await serveBroken()
  t.after(() => server.close())
  server.answerStreams()
  const seen = listen()
  const roomLine = openRoomSocket(server.url, seen.events, { random: () => 0, backMs: 200, ackMs: 600_000 })
  t.after(() => roomLine.close())
  await server.until(() => server.streams.length >= 2)
  assert.equal(server.streams[1]?.last, 'e1:3', 'after a socket in vain it goes on with the stream where it was')
  server.mend()
  await server.until(() => server.posts.some((each) => each.t === 'hello'))
  assert.deepEqual(
    server.posts.find((each) => each.t === 'hello'),
    { t: 'hello', epoch: 'e1', offset: 3 },
  )
  const lost = seen.states.filter((state) => state === 'lost').length
  assert.equal(lost, 3, 'a try while the stream works is no loss')
})

test('whoever is told when to come back does not come sooner', async () => {
  const server = await serveBroken()
  const seen = listen()
  server.refuseNext(503, 1)
  const roomLine = openRoomSocket(server.url, seen.events, { random: () => 0 })
  await server.until(() => server.upgrades.length === 3)
  const thirdMs = server.upgrades[2] ?? 0
  await server.until(() => server.upgrades.length === 4)
  assert.ok((server.upgrades[3] ?? 0) - thirdMs >= 1_000, 'the refused stream named a second')
  roomLine.close()

  const full = await serve()
  const told = listen()
  const second = openRoomSocket(full.url, told.events, { random: () => 0 })
  const { socket: peer } = await full.next()
  const closedMs = performance.now()
  peer.close(1013, 'room full; retry-after=1')
  await full.next()
  assert.ok(performance.now() - closedMs >= 1_000)
  second.close()
  full.close()
  server.close()
})

test('who is put out for good does not come back', async () => {
  const server = await serve()
  const seen = listen()
  const socket = openRoomSocket(server.url, seen.events, times)
  const { socket: peer } = await server.next()
  peer.send(JSON.stringify(snapshot))
  peer.close(4403, 'not allowed')
  await seen.until(() => seen.states.includes('gone'))
  socket.close()
  server.close()
})
