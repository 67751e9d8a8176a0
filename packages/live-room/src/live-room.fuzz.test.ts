import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  applyRoomMessage,
  type ChatLine,
  isStreamEvent,
  type RoomDrop,
  type RoomServerMessage,
  type RoomStreamEvent,
  type RoomView,
} from '@chunbo/contract'
import fc from 'fast-check'
import type { LiveRoom } from './live-room.ts'
import { buyer, HandSocket, handClock, openingOf, roomOf, shelfOf } from './testing/room-fixtures.ts'

/**
 * The room against a model: viewers and hosts that join, drop, come back, stop reading, read on and say how far they are, truly or not, behind
 * buffers that show a lag or hide it, in any order, while everything happens that can happen in a room. Whoever drains must have the room's
 * own view, every run of stream events must be exactly the model's, only a snapshot may jump, and a host has the newest of every section.
 */

const clientCount = 6
/** Behind buffers that hide a lag. */
const hiding = new Set([3, 4, 5])
/** Says how far it is; the others are old clients that never do. */
const acking = new Set([1, 2, 3, 4])
type Step =
  | { do: ClientStep | 'say'; client: number }
  | { do: 'event'; kind: number; value: number }
  | { do: 'desk' | 'lie'; value: number }
  | { do: 'pin' | 'stock'; sku: number; value: number }
  | { do: 'unpin' | 'shelf' | 'tick' | 'sweep' | 'turn' }
  | { do: 'wait'; ms: number }

/** Coming back stands there twice: it goes on where it was only when the log still has that place, which is seldom. */
const CLIENT_STEPS = [
  'join',
  'comeBack',
  'comeBack',
  'drop',
  'stall',
  'read',
  'ack',
  'like',
  'look',
  'promote',
  'demote',
] as const
type ClientStep = (typeof CLIENT_STEPS)[number]
const clientStep = fc.record({ do: fc.constantFrom(...CLIENT_STEPS), client: fc.nat(clientCount - 1) })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: clientStep },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('event' as const), kind: fc.nat(9), value: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('desk' as const, 'lie' as const), value: fc.nat(50) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), client: fc.nat(clientCount - 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stock' as const), sku: fc.nat(3), value: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pin' as const), sku: fc.nat(2), value: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('unpin' as const, 'shelf' as const, 'sweep' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(50, 900, 4_000) }) },
)

const coupon = (id: number, left: number): RoomDrop => ({
  id,
  kind: 'coupon',
  openedAtMs: 1,
  closesAtMs: 2,
  open: left > 0,
  offFen: 500,
  fromFen: 5_000,
  shopId: 1,
  total: 9,
  left,
  validUntilMs: 3,
})
const poll = (id: number): RoomDrop => ({
  id,
  kind: 'poll',
  openedAtMs: 1,
  closesAtMs: 2,
  open: true,
  questionZh: '下一件？',
  questionEn: 'Next?',
  options: [{ zh: '豌豆', en: 'Peas', votes: 0 }],
})

/** Events that other slices bring, one of each kind. */
function eventOf(kind: number, value: number, lineIds: readonly string[]): RoomStreamEvent {
  const line: ChatLine = { id: lineIds[0] ?? 'none', atMs: 1, name: '王', from: 'viewer', text: '好吃' }
  const kinds: RoomStreamEvent[] = [
    { t: 'notice', textZh: `第${value}号通知`, textEn: '' },
    { t: 'chat_gone', lineIds: lineIds.slice(0, value) },
    { t: 'chat_pin', line: value > 2 ? null : line },
    { t: 'chat_mode', mode: { slowS: value, followersOnly: value > 3, closed: false } },
    {
      t: 'answer',
      answer: { questionId: value, question: '邮费多少', askers: 34, text: '包邮', skuId: null, atMs: 1 },
    },
    { t: 'drop', drop: coupon(value, value) },
    { t: 'drop', drop: poll(value + 5) },
    { t: 'drop_gone', dropId: value },
    { t: 'sold_out', shopId: 1, skuId: value },
    { t: 'status', status: value > 3 ? 'scheduled' : 'live', startedAt: null, endedAt: null },
  ]
  return kinds[kind] as RoomStreamEvent
}

/** A client as a browser would be: it keeps its view across sockets. */
class Client {
  socket: HandSocket | null = null
  view: RoomView | null = null
  /** Stream events by the offset after each, as this client saw them. */
  readonly seen = new Map<number, RoomStreamEvent>()
  /** What the desk of this client shows, by section. */
  desk = new Map<string, unknown>()
  isHost = false
  #read = 0

  take(socket: HandSocket): void {
    this.socket = socket
    this.desk = new Map()
    this.#read = 0
  }

  /** Applies what has arrived. */
  apply(): void {
    const messages = this.socket?.received ?? []
    for (const message of messages.slice(this.#read)) this.#applyOne(message)
    this.#read = messages.length
  }

  #applyOne(message: RoomServerMessage): void {
    if (message.t === 'desk') this.desk.set(message.section, message.data)
    if (message.t === 'snapshot') {
      assert.ok(
        this.view === null || this.view.epoch !== message.epoch || message.offset >= this.view.offset,
        'a snapshot goes back in time',
      )
    }
    if (message.t === 'tick' || message.t === 'resumed') this.#note(message)
    const { view, gap } = applyRoomMessage(this.view, message)
    assert.equal(gap, false, 'a hole in the stream')
    this.view = view
  }

  #note(message: Extract<RoomServerMessage, { t: 'tick' | 'resumed' }>): void {
    const stream = message.events.filter(isStreamEvent)
    assert.equal(stream.length, message.offset - message.from, 'offsets count the stream events')
    for (const [index, event] of stream.entries()) {
      const offset = message.from + index + 1
      assert.ok(!this.seen.has(offset), 'an event came twice')
      this.seen.set(offset, event)
    }
  }
}

/** A room, its viewers and a witness who never lags and so gathers the whole stream. */
class Evening {
  readonly clock = handClock()
  readonly said: string[] = []
  readonly room: LiveRoom
  readonly clients = Array.from({ length: clientCount }, () => new Client())
  readonly witness = new Client()
  readonly witnessSocket = new HandSocket()
  /** The newest of each section that was told. */
  readonly desk = new Map<string, unknown>()
  resumes = 0
  lags = 0
  hiddenLags = 0
  #version = 1
  #chats = 0

  constructor(historyEventsMax: number, sliceSockets: number) {
    const slow = { slowBytes: 1_500, lagMs: 5_000, ackEveryMs: 2_000, ackLagMs: 2_000 }
    const limits = { ...slow, historyEventsMax, sliceSockets, chatByUser: { burst: 3, perS: 50 } }
    this.room = roomOf(openingOf(7, shelfOf(3, 3, 3)), this.clock, limits, {
      chatSaid: (_roomId, line) => this.said.push(line.id),
      judgeChat: () => null,
    })
    this.room.join(this.witnessSocket, buyer(99))
    this.room.receive(this.witnessSocket, '{"t":"hello"}')
    this.witness.take(this.witnessSocket)
  }

  play(each: Step): void {
    this.#run(each)
    for (const client of [this.witness, ...this.clients]) client.apply()
    if (this.room.figures.lagging > 0) this.lags += 1
    const stuck = this.clients.some(({ socket }) => socket?.hides === true && socket.closedWith === 1006)
    if (stuck) this.hiddenLags += 1
  }

  #run(each: Step): void {
    if ('client' in each) this.#act(each.do, this.clients[each.client] as Client, each.client)
    else if (each.do === 'event') this.#happen(each.kind, each.value)
    else if (each.do === 'desk') {
      const section = each.value % 2 === 0 ? 'run' : 'questions'
      this.desk.set(section, { value: each.value })
      this.room.tellDesk(section, { value: each.value })
    } else if (each.do === 'lie') {
      const { socket } = this.clients[1] as Client
      if (socket?.closedWith === null) this.room.receive(socket, `{"t":"ack","offset":${each.value * 7}}`)
    } else if ('sku' in each) this.#change(each.do, each.sku, each.value)
    else if ('ms' in each) {
      this.clock.advance(each.ms)
      // The witness answers pings, or a sweep would put it out.
      this.room.heard(this.witnessSocket)
    } else if (each.do === 'turn') this.clock.turn()
    else if (each.do === 'tick') this.room.tick()
    else if (each.do === 'sweep') this.room.sweep()
    else if (each.do === 'unpin') this.room.publishState({ t: 'unpin' }, ++this.#version)
    else this.room.publishState({ t: 'shelf', items: shelfOf(2, 2, 2), cards: [] }, ++this.#version)
  }

  #happen(kind: number, value: number): void {
    const lineIds = this.room.view.chat.map(({ id }) => id)
    this.room.publish(eventOf(kind, value, lineIds), value === 0 ? 'now' : 'tick')
    if (kind === 6) this.room.setCounts(value + 5, [value])
  }

  #act(what: ClientStep | 'say', client: Client, id: number): void {
    const { socket, view } = client
    if (what === 'join') this.#enter(client, {}, id)
    else if (what === 'comeBack') this.#enter(client, view && { epoch: view.epoch, offset: view.offset }, id)
    else if (socket === null) return
    else if (what === 'promote' || what === 'demote') {
      client.isHost = what === 'promote'
      this.room.judgeUser(id, { ...buyer(id).user, id, name: '人', isHost: client.isHost })
    } else if (what === 'ack') {
      if (acking.has(id) && view !== null && socket.received.length > 0)
        this.room.receive(socket, `{"t":"ack","offset":${view.offset}}`)
    } else if (what === 'look') this.room.receive(socket, '{"t":"look"}')
    else if (what === 'like') this.room.receive(socket, '{"t":"like","n":7}')
    else if (what === 'stall') socket.stall()
    else if (what === 'read') socket.resume()
    else if (what === 'drop') {
      client.apply()
      this.room.leave(socket)
      socket.terminate()
    } else if (socket.closedWith === null) {
      this.#chats += 1
      const text = `第${this.#chats}句，这豌豆怎么卖？`
      this.room.receive(socket, JSON.stringify({ t: 'chat', id: `m${this.#chats}`, text }))
    }
  }

  #enter(client: Client, known: object | null, id: number): void {
    if (client.socket !== null && client.socket.closedWith === null) return
    const socket = new HandSocket(hiding.has(id))
    client.take(socket)
    this.room.join(socket, { user: { id, name: '人', isHost: client.isHost } })
    this.room.receive(socket, JSON.stringify({ t: 'hello', ...known }))
    if (socket.received[0]?.t === 'resumed') this.resumes += 1
  }

  #change(what: 'pin' | 'stock', sku: number, value: number): void {
    if (what === 'stock') {
      this.room.setStock([{ shopId: 1, skuId: sku + 1, stock: value }])
      return
    }
    // Some pins are told late, with a version that was overtaken.
    const version = value < 3 ? Math.max(1, this.#version - 1) : ++this.#version
    const pin = { shopId: 1, skuId: sku + 1, pinnedAt: new Date(this.clock.wallMs()).toISOString() }
    this.room.publishState({ t: 'pin', pin }, version)
  }

  /** Everybody reads what there is, and then everybody must agree. */
  settle(): void {
    const { room, witness } = this
    // Nobody says how far it is before it has what was on its way.
    while (this.clock.turn()) room.tick()
    for (const [id, client] of this.clients.entries()) {
      client.socket?.resume()
      client.apply()
      this.#act('ack', client, id)
    }
    this.clock.advance(1_000)
    for (let tick = 0; tick < 2; tick += 1) {
      room.tick()
      while (this.clock.turn());
    }
    for (const client of [witness, ...this.clients]) client.apply()
    assert.equal(this.witnessSocket.closedWith, null)
    assert.equal(witness.seen.size, room.view.offset, 'the witness has the whole stream')
    const lines = [...witness.seen.values()].flatMap((event) => (event.t === 'chat' ? [event.line.id] : []))
    assert.deepEqual(lines, this.said, 'every accepted line is in the stream once and in order')
    assert.deepEqual(witness.view, room.view)
    for (const client of this.clients) {
      for (const [offset, event] of client.seen) assert.deepEqual(event, witness.seen.get(offset))
      if (client.socket === null || client.socket.closedWith !== null) continue
      assert.deepEqual(client.view, room.view, 'whoever is connected and has drained sees the room as it is')
      if (client.isHost) assert.deepEqual(client.desk, this.desk, 'and a host the newest of every section')
    }
  }
}

test('everyone who drains has exactly the stream, whatever they do', () => {
  const met = { resumes: 0, lags: 0, hiddenLags: 0 }
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 20, maxLength: 250, size: 'max' }),
      fc.constantFrom(4, 1_000),
      fc.constantFrom(1, 2, 500),
      (steps, kept, slice) => {
        const evening = new Evening(kept, slice)
        for (const each of steps) evening.play(each)
        evening.settle()
        met.resumes += evening.resumes
        met.lags += evening.lags
        met.hiddenLags += evening.hiddenLags
      },
    ),
    { numRuns: 1_000 },
  )
  const { resumes, lags, hiddenLags } = met
  assert.ok(resumes > 100 && lags > 100 && hiddenLags > 20, `the runs came across all of it: ${JSON.stringify(met)}`)
})
