import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { applyRoomMessage, ROOM_CLOSE, type RoomServerMessage, type RoomView } from '@chunbo/contract'
import { upgrade } from '@chunbo/web-socket'
import { WebSocket } from 'ws'
import type { RoomLimits } from './limits.ts'
import { RoomHub } from './room-hub.ts'
import { frameText } from './shared-frame.ts'
import { openingOf, shelfOf } from './testing/room-fixtures.ts'

/** Real sockets through a real HTTP server. Every wait is for something that must come, never for time to pass. */

const limits = {
  tickMs: 20,
  viewersEveryMs: 50,
  helloMs: 60_000,
  joinsByAddress: { burst: 5_000, perS: 1_000 },
  socketsByAddressMax: 5_000,
  chatByUser: { burst: 10_000, perS: 10_000 },
  chatByRoom: { burst: 10_000, perS: 10_000 },
  messages: { burst: 10_000, perS: 10_000 },
  messagesByAddress: { burst: 100_000, perS: 100_000 },
  messagesByUser: { burst: 100_000, perS: 100_000 },
}
let house: House
let hub: RoomHub
before(async () => {
  house = await openHouse({})
  hub = house.hub
})
after(() => house.close())

interface House {
  readonly hub: RoomHub
  readonly port: number
  close(): void
}

/** A hub behind an HTTP server; rooms 1 to 99 exist. */
async function openHouse(own: Partial<RoomLimits>): Promise<House> {
  const opened = new RoomHub({
    limits: { ...limits, ...own },
    load: async (roomId) => (roomId < 100 ? openingOf(roomId, shelfOf(1_000_000)) : null),
    chatSaid: () => undefined,
    judgeChat: () => null,
  })
  opened.start()
  const server = createServer()
  server.on('upgrade', (request, raw, head) => {
    const roomId = Number(request.url?.slice(1))
    opened.open(roomId).then((room) => {
      const asked = opened.admit('127.0.0.1')
      if (!asked.admitted) return raw.end(`HTTP/1.1 ${asked.status} \r\nRetry-After: ${asked.retryAfterS}\r\n\r\n`)
      if (room === null) return raw.destroy()
      const viewer = { user: { id: 1, name: '买家', isHost: false } }
      const upgraded = upgrade(request, raw, head)
      if (upgraded !== null) opened.seat(roomId, upgraded, viewer, asked.place)
      return
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  await once(server, 'listening')
  const close = () => {
    opened.stop()
    server.closeAllConnections()
    server.close()
  }
  return { hub: opened, port: (server.address() as AddressInfo).port, close }
}

/** A viewer as a browser: keeps its view, fails on a hole, and can wait for what its view must become. */
class Viewer {
  readonly ws: WebSocket
  view: RoomView | null
  closedWith: number | null = null
  readonly kinds: string[] = []
  #waiting: { until: (viewer: Viewer) => boolean; done: () => void }[] = []

  constructor(roomId: number, view: RoomView | null = null, compress = false, at = house) {
    this.view = view
    this.ws = new WebSocket(`ws://127.0.0.1:${at.port}/${roomId}`, { perMessageDeflate: compress })
    const known = view === null ? {} : { epoch: view.epoch, offset: view.offset }
    this.ws.on('open', () => this.ws.send(JSON.stringify({ t: 'hello', ...known })))
    this.ws.on('message', (data) => this.#take(JSON.parse(String(data))))
    this.ws.on('error', () => undefined)
    this.ws.on('close', (code) => {
      this.closedWith = code
      this.#wake()
    })
  }

  say(text: string): void {
    this.ws.send(JSON.stringify({ t: 'chat', id: crypto.randomUUID(), text }))
  }

  async when(until: (viewer: Viewer) => boolean): Promise<this> {
    if (!until(this)) await new Promise<void>((done) => this.#waiting.push({ until, done }))
    return this
  }

  #take(message: RoomServerMessage): void {
    this.kinds.push(message.t)
    const { view, gap } = applyRoomMessage(this.view, message)
    assert.equal(gap, false)
    this.view = view
    this.#wake()
  }

  #wake(): void {
    const ready = this.#waiting.filter((each) => each.until(this))
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each))
    for (const each of ready) each.done()
  }
}

const joined = (viewer: Viewer) => viewer.view !== null
const heard = (text: string) => (viewer: Viewer) => viewer.view?.chat.some((line) => line.text === text) === true

/** A client of bare TCP that has done the handshake and says and reads only what the test wants. */
async function rawClient(roomId: number, at = house): Promise<Socket> {
  const socket = connect(at.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    `GET /${roomId} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await once(socket, 'data')
  return socket
}

/** A masked client frame; the mask is zero, which is allowed and keeps the bytes readable. */
function clientFrame(payload: Buffer, opcode = 1): Buffer {
  const head = Buffer.from(
    payload.length < 126
      ? [0x80 | opcode, 0x80 | payload.length]
      : [0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 255],
  )
  return Buffer.concat([head, Buffer.alloc(4), payload])
}

test('frames of every length form are read by a client as they were written', async () => {
  const echo = createServer()
  const texts = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000].map(
    (size) => '豆'.repeat(size / 3) + 'x'.repeat(size % 3),
  )
  echo.on('upgrade', (request, raw, head) => {
    upgrade(request, raw, head)
    for (const text of texts) raw.write(frameText(text).wire)
  })
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  const ws = new WebSocket(`ws://127.0.0.1:${(echo.address() as AddressInfo).port}/`)
  const read: string[] = []
  await new Promise<void>((done) => {
    ws.on('message', (data) => {
      read.push(String(data))
      if (read.length === texts.length) done()
    })
  })
  assert.deepEqual(read, texts)
  ws.terminate()
  echo.close()
})

test('chat, pin and stock reach everyone, also a client that offers compression', async () => {
  const plain = await new Viewer(1).when(joined)
  const compressing = await new Viewer(1, null, true).when(joined)
  assert.match(compressing.ws.extensions, /permessage-deflate/)
  // Said compressed, told compressed: long enough that the shared frame is the deflated one.
  for (let line = 0; line < 20; line += 1) compressing.say(`第${line}句：${'豌豆怎么煮才甜？'.repeat(20)}`)
  for (const viewer of [plain, compressing])
    await viewer.when(({ view }) => view?.chat.some(({ text }) => text.startsWith('第19句')) === true)
  assert.deepEqual(compressing.view?.chat, plain.view?.chat)
  plain.say('这豌豆怎么煮？')
  hub.setStock([{ shopId: 1, skuId: 1, stock: 42 }])
  hub.tell(1, (room) =>
    room.publishState({ t: 'pin', pin: { shopId: 1, skuId: 1, pinnedAt: '2026-03-14T08:00:00Z' } }, 2),
  )
  for (const viewer of [plain, compressing]) {
    await viewer.when(heard('这豌豆怎么煮？'))
    await viewer.when(({ view }) => view?.pin?.skuId === 1 && view.shelf[0]?.stock === 42 && view.viewers === 2)
  }
  plain.ws.close()
  compressing.ws.close()
})

test('whoever comes back gets what was missed, and after a restart everything', async () => {
  const host = await new Viewer(2).when(joined)
  const viewer = await new Viewer(2).when(joined)
  viewer.ws.terminate()
  await viewer.when(({ closedWith }) => closedWith !== null)
  for (const text of ['一', '二', '三']) host.say(text)
  await host.when(heard('三'))
  const back = await new Viewer(2, viewer.view).when(heard('三'))
  assert.equal(back.kinds[0], 'resumed')
  assert.deepEqual(
    back.view?.chat.map((line) => line.text),
    ['一', '二', '三'],
  )
  const stale = { ...(back.view as RoomView), epoch: 'of-a-process-before' }
  const anew = await new Viewer(2, stale).when(({ kinds }) => kinds.length > 0)
  assert.equal(anew.kinds[0], 'snapshot')
  for (const each of [host, back, anew]) each.ws.close()
})

test('a reader that stops reading costs the others nothing and is brought back by a snapshot', async () => {
  const talker = await new Viewer(3).when(joined)
  const stalled = await new Viewer(3).when(joined)
  stalled.ws.pause()
  let sent = 0
  while (hub.find(3)?.figures.lagging === 0) {
    sent += 50
    for (let index = 0; index < 50; index += 1) talker.say('豌豆'.repeat(100))
    const mark = `第 ${sent} 句`
    talker.say(mark)
    await talker.when(heard(mark))
  }
  talker.say('还在吗')
  await talker.when(heard('还在吗'))
  const snapshots = () => stalled.kinds.filter((kind) => kind === 'snapshot').length
  assert.equal(snapshots(), 1)
  stalled.ws.resume()
  await stalled.when(() => snapshots() === 2)
  talker.say('回来了')
  await stalled.when(heard('回来了'))
  assert.deepEqual(stalled.view?.chat, talker.view?.chat)
  for (const each of [talker, stalled]) each.ws.close()
})

test('a reader that stays stalled is put out', async (t) => {
  const strict = await openHouse({ lagMs: 300 })
  t.after(() => strict.close())
  const talker = await new Viewer(4, null, false, strict).when(joined)
  const stalled = await rawClient(4, strict)
  stalled.write(clientFrame(Buffer.from('{"t":"hello"}')))
  stalled.pause()
  const room = strict.hub.find(4)
  assert.ok(room)
  for (let round = 0; room.figures.lagging === 0; round += 1) {
    for (let index = 0; index < 50; index += 1) talker.say('豌豆'.repeat(100))
    talker.say(`${round}`)
    await talker.when(heard(`${round}`))
  }
  await talker.when(({ view }) => view?.viewers === 1)
  assert.equal(room.figures.sockets, 1)
  stalled.destroy()
  talker.ws.close()
})

test('garbage, unmasked, oversize, binary and half frames end that session and no other', async () => {
  const witness = await new Viewer(5).when(joined)
  const hello = clientFrame(Buffer.from('{"t":"hello"}'))
  const attacks: Buffer[] = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]),
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
    Buffer.concat([hello, clientFrame(Buffer.from([0, 1, 2]), 2)]),
    Buffer.concat([hello, clientFrame(Buffer.alloc(2_049, 'x'))]),
    Buffer.concat([hello, clientFrame(Buffer.from([0xff, 0xfe, 0xfd]))]),
    Buffer.concat([hello, Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255])]),
    Buffer.concat([hello, clientFrame(Buffer.from('not json'))]),
  ]
  for (const attack of attacks) {
    const socket = await rawClient(5)
    socket.resume()
    socket.write(attack)
    if (!socket.closed) await once(socket, 'close')
  }
  const half = await rawClient(5)
  half.write(hello.subarray(0, 4))
  half.destroy()
  witness.say('我还在')
  await witness.when(heard('我还在'))
  await witness.when(({ view }) => view?.viewers === 1)
  assert.equal(witness.closedWith, null)
  witness.ws.close()
})

test('half-open peers are found: one that never answers a ping, and one that only stopped sending', async (t) => {
  const strict = await openHouse({ pingEveryMs: 50, silenceMs: 600, sweepMs: 25 })
  t.after(() => strict.close())
  const living = await new Viewer(9, null, false, strict).when(joined)
  const mute = await rawClient(9, strict)
  mute.resume()
  mute.write(clientFrame(Buffer.from('{"t":"hello"}')))
  await living.when(({ view }) => view?.viewers === 2)
  if (!mute.closed) await once(mute, 'close')
  const halfClosed = await rawClient(9, strict)
  halfClosed.resume()
  halfClosed.end(clientFrame(Buffer.from('{"t":"hello"}')))
  await once(halfClosed, 'close')
  await living.when(({ view }) => view?.viewers === 1)
  assert.equal(strict.hub.figures.sockets, 1)
  assert.equal(living.closedWith, null, 'whoever answers pings stays')
  living.ws.close()
})

test('close codes say why', async () => {
  const bad = await new Viewer(6).when(joined)
  bad.ws.send('{"t":"nonsense"}')
  await bad.when(({ closedWith }) => closedWith !== null)
  assert.equal(bad.closedWith, ROOM_CLOSE.badMessage)
  const big = await new Viewer(6).when(joined)
  big.ws.send('x'.repeat(3_000))
  await big.when(({ closedWith }) => closedWith !== null)
  assert.equal(big.closedWith, 1009)
})

test('two thousand sockets in one room all hear the same and all leave', async () => {
  const crowd: Viewer[] = []
  for (let from = 0; from < 2_000; from += 100) {
    const group = Array.from({ length: 100 }, () => new Viewer(8))
    await Promise.all(group.map((viewer) => viewer.when(joined)))
    crowd.push(...group)
  }
  const [first, last] = [crowd[0] as Viewer, crowd[1_999] as Viewer]
  first.say('开卖啦')
  await Promise.all(crowd.map((viewer) => viewer.when(heard('开卖啦'))))
  await last.when(({ view }) => view?.viewers === 2_000)
  for (const viewer of crowd) assert.deepEqual(viewer.view?.chat, first.view?.chat)
  for (const viewer of crowd) if (viewer !== first) viewer.ws.terminate()
  await first.when(({ view }) => view?.viewers === 1)
  first.ws.close()
})

test('stopping sends everyone away with 1012 and lets no one in', async (t) => {
  const own = await openHouse({})
  t.after(() => own.close())
  const viewer = await new Viewer(1, null, false, own).when(joined)
  own.hub.stop()
  await viewer.when(({ closedWith }) => closedWith !== null)
  assert.equal(viewer.closedWith, ROOM_CLOSE.standardRestart)
  const refused = new WebSocket(`ws://127.0.0.1:${own.port}/1`)
  const [, response] = await once(refused, 'unexpected-response')
  assert.equal(response.statusCode, 503)
  assert.equal(response.headers['retry-after'], '2')
  response.destroy()
})

test('a reader whose lag the system hides is noticed by what it does not say, and goes', async (t) => {
  const own = await openHouse({ ackEveryMs: 50, ackLagMs: 200, lagMs: 300 })
  t.after(() => own.close())
  const talker = await new Viewer(1, null, false, own).when(joined)
  const hidden = await new Viewer(1, null, false, own).when(joined)
  hidden.ws.send('{"t":"ack","offset":0}')
  await talker.when(({ view }) => view?.viewers === 2)
  hidden.ws.pause()
  // A few words fit into buffers a thousand times over: nothing waits in the process.
  let said = 0
  while (own.hub.figures.sockets === 2) {
    said += 1
    const words = `第${said}句`
    talker.say(words)
    await talker.when(heard(words))
  }
  await talker.when(({ view }) => view?.viewers === 1)
  assert.equal(talker.closedWith, null, 'who never acknowledges is not judged by it')
  hidden.ws.terminate()
  talker.ws.close()
})
