import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyRoomMessage, type RoomServerMessage, type RoomStreamEvent, type RoomView } from '@chunbo/contract'
import fc from 'fast-check'
import type { LiveRoom } from './live-room.ts'
import { buyer, HandSocket, handClock, openingOf, roomOf, shelfOf } from './testing/room-fixtures.ts'

/**
 * The room against a model: viewers that join, drop, come back, stop reading and read on, in any order, while things happen. Whoever drains
 * must have the room's own view, every run of stream events must be exactly the model's, and only a snapshot may jump.
 */

const clientCount = 5
type Step =
  | { do: 'join' | 'comeBack' | 'drop' | 'stall' | 'read' | 'say'; client: number }
  | { do: 'pin' | 'stock'; sku: number; value: number }
  | { do: 'unpin' | 'shelf' | 'tick' | 'sweep' }
  | { do: 'wait'; ms: number }

const clientStep = fc.record({
  do: fc.constantFrom('join' as const, 'comeBack' as const, 'drop' as const, 'stall' as const, 'read' as const),
  client: fc.nat(clientCount - 1),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: clientStep },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), client: fc.nat(clientCount - 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stock' as const), sku: fc.nat(3), value: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pin' as const), sku: fc.nat(2), value: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('unpin' as const, 'shelf' as const, 'sweep' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(50, 900, 4_000) }) },
)

/** A client as a browser would be: it keeps its view across sockets. */
class Client {
  socket: HandSocket | null = null
  view: RoomView | null = null
  /** Stream events by the offset after each, as this client saw them. */
  readonly seen = new Map<number, RoomStreamEvent>()
  #read = 0

  take(socket: HandSocket): void {
    this.socket = socket
    this.#read = 0
  }

  /** Applies what has arrived. */
  apply(): void {
    const messages = this.socket?.received ?? []
    for (const message of messages.slice(this.#read)) this.#applyOne(message)
    this.#read = messages.length
  }

  #applyOne(message: RoomServerMessage): void {
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
    const stream = message.events.filter((event) => event.t !== 'stock' && event.t !== 'viewers')
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
  resumes = 0
  lags = 0
  #version = 1
  #chats = 0

  constructor(historyEventsMax: number) {
    const limits = { slowBytes: 900, lagMs: 5_000, historyEventsMax, chatByUser: { burst: 3, perS: 50 } }
    this.room = roomOf(openingOf(7, shelfOf(3, 3, 3)), this.clock, limits, {
      chatSaid: (_roomId, line) => this.said.push(line.id),
    })
    this.room.join(this.witnessSocket, buyer(99))
    this.room.receive(this.witnessSocket, '{"t":"hello"}')
    this.witness.take(this.witnessSocket)
  }

  play(each: Step): void {
    this.#run(each)
    for (const client of [this.witness, ...this.clients]) client.apply()
    if (this.room.figures.lagging > 0) this.lags += 1
  }

  #run(each: Step): void {
    if ('client' in each) this.#act(each.do, this.clients[each.client] as Client, each.client)
    else if ('sku' in each) this.#change(each.do, each.sku, each.value)
    else if ('ms' in each) {
      this.clock.advance(each.ms)
      // The witness answers pings, or a sweep would put it out.
      this.room.heard(this.witnessSocket)
    } else if (each.do === 'tick') this.room.tick()
    else if (each.do === 'sweep') this.room.sweep()
    else if (each.do === 'unpin') this.room.publishState({ t: 'unpin' }, ++this.#version)
    else this.room.publishState({ t: 'shelf', items: shelfOf(2, 2, 2), cards: [] }, ++this.#version)
  }

  #act(what: 'join' | 'comeBack' | 'drop' | 'stall' | 'read' | 'say', client: Client, id: number): void {
    const { socket, view } = client
    if (what === 'join') this.#enter(client, {}, id)
    else if (what === 'comeBack') this.#enter(client, view && { epoch: view.epoch, offset: view.offset }, id)
    else if (socket === null) return
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
    const socket = new HandSocket()
    client.take(socket)
    this.room.join(socket, buyer(id))
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
    for (const client of this.clients) client.socket?.resume()
    this.clock.advance(1_000)
    room.tick()
    room.tick()
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
    }
  }
}

test('everyone who drains has exactly the stream, whatever they do', () => {
  const met = { resumes: 0, lags: 0 }
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 20, maxLength: 250, size: 'max' }),
      fc.constantFrom(4, 1_000),
      (steps, kept) => {
        const evening = new Evening(kept)
        for (const each of steps) evening.play(each)
        evening.settle()
        met.resumes += evening.resumes
        met.lags += evening.lags
      },
    ),
    { numRuns: 1_000 },
  )
  assert.ok(met.resumes > 100 && met.lags > 100, `the runs came across resumes and lags: ${JSON.stringify(met)}`)
})
