import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyRoomMessage, type RoomServerMessage, type RoomStreamEvent, type RoomView } from '@chunbo/contract'
import fc from 'fast-check'
import { buyer, HandSocket, handClock, openingOf, roomOf, shelfOf } from './room-fixtures.ts'

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

/** Plays the steps, checks the invariants and counts what the run came across. */
function play(steps: Step[], historyEventsMax: number): { resumes: number; lags: number } {
  const clock = handClock()
  const limits = { slowBytes: 900, lagMs: 5_000, historyEventsMax, chatByUser: { burst: 3, perS: 50 } }
  const said: string[] = []
  const room = roomOf(openingOf(7, shelfOf(3, 3, 3)), clock, limits, {
    chatSaid: (_roomId, line) => said.push(line.id),
  })
  const clients = Array.from({ length: clientCount }, () => new Client())
  /** The model: every stream event in order, gathered by a witness who never lags. */
  const witness = new Client()
  const witnessSocket = new HandSocket()
  const marks = { version: 1, chat: 0, resumes: 0, lags: 0 }
  room.join(witnessSocket, buyer(99))
  room.receive(witnessSocket, '{"t":"hello"}')
  witness.take(witnessSocket)

  const enter = (client: Client, hello: object, id: number) => {
    if (client.socket !== null && client.socket.closedWith === null) return
    const socket = new HandSocket()
    client.take(socket)
    room.join(socket, buyer(id))
    room.receive(socket, JSON.stringify({ t: 'hello', ...hello }))
    if (socket.received[0]?.t === 'resumed') marks.resumes += 1
  }
  const run = (each: Step) => {
    switch (each.do) {
      case 'join':
        return enter(clients[each.client] as Client, {}, each.client)
      case 'comeBack': {
        const client = clients[each.client] as Client
        const { view } = client
        return enter(client, view === null ? {} : { epoch: view.epoch, offset: view.offset }, each.client)
      }
      case 'drop': {
        const client = clients[each.client] as Client
        if (client.socket === null) return
        client.apply()
        room.leave(client.socket)
        client.socket.terminate()
        return
      }
      case 'stall':
        return clients[each.client]?.socket?.stall()
      case 'read':
        return clients[each.client]?.socket?.resume()
      case 'say': {
        const client = clients[each.client] as Client
        marks.chat += 1
        if (client.socket?.closedWith !== null) return
        const text = `第${marks.chat}句，这豌豆怎么卖？`
        return room.receive(client.socket, JSON.stringify({ t: 'chat', id: `m${marks.chat}`, text }))
      }
      case 'stock':
        return room.setStock([{ shopId: 1, skuId: each.sku + 1, stock: each.value }])
      case 'pin': {
        // Every third pin is told late, with a version that was overtaken; it must change nothing.
        const version = each.value < 3 ? marks.version : ++marks.version
        const pin = { shopId: 1, skuId: each.sku + 1, pinnedAt: new Date(clock.wallMs()).toISOString() }
        return room.publishState({ t: 'pin', pin }, version)
      }
      case 'unpin':
        return room.publishState({ t: 'unpin' }, ++marks.version)
      case 'shelf':
        return room.publishState({ t: 'shelf', items: shelfOf(2, 2, 2), cards: [] }, ++marks.version)
      case 'tick':
        return room.tick()
      case 'sweep':
        return room.sweep()
      case 'wait':
        clock.advance(each.ms)
        // The witness answers pings, or a sweep would put it out.
        return room.heard(witnessSocket)
    }
  }
  for (const each of steps) {
    run(each)
    for (const client of [witness, ...clients]) client.apply()
    if (room.figures.lagging > 0) marks.lags += 1
  }

  for (const client of clients) client.socket?.resume()
  clock.advance(1_000)
  room.tick()
  room.tick()
  for (const client of [witness, ...clients]) client.apply()
  assert.equal(witnessSocket.closedWith, null)
  assert.equal(witness.seen.size, room.view.offset, 'the witness has the whole stream')
  const linesSeen = [...witness.seen.values()].flatMap((event) => (event.t === 'chat' ? [event.line.id] : []))
  assert.deepEqual(linesSeen, said, 'every accepted line is in the stream once and in order')
  for (const client of clients) {
    for (const [offset, event] of client.seen) assert.deepEqual(event, witness.seen.get(offset))
    if (client.socket === null || client.socket.closedWith !== null) continue
    assert.deepEqual(client.view, room.view, 'whoever is connected and has drained sees the room as it is')
  }
  assert.deepEqual(witness.view, room.view)
  return marks
}

test('everyone who drains has exactly the stream, whatever they do', () => {
  const met = { resumes: 0, lags: 0 }
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 20, maxLength: 250, size: 'max' }),
      fc.constantFrom(4, 1_000),
      (steps, kept) => {
        const marks = play(steps, kept)
        met.resumes += marks.resumes
        met.lags += marks.lags
      },
    ),
    { numRuns: 1_000 },
  )
  assert.ok(met.resumes > 100 && met.lags > 100, `the runs came across resumes and lags: ${JSON.stringify(met)}`)
})
