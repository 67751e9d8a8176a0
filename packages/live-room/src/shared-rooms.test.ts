import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatLine, RoomServerMessage, RoomStreamEvent } from '@chunbo/contract'
import { applyRoomMessage, isStreamEvent, type RoomView } from '@chunbo/contract'
import fc from 'fast-check'
import type { LiveRoom } from './live-room.ts'
import { RoomHub } from './room-hub.ts'
import type { RoomOpening } from './room-opening.ts'
import { MemoryOrder, MemoryRoomBus } from './testing/memory-room-bus.ts'
import { buyer, HandSocket, handClock, openingOf, shelfOf } from './testing/room-fixtures.ts'

/** Several nodes on one order. Promises of the bus settle at once, so a few turns of the loop are all that is waited for. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Stands for SQL: chat is stored when it is said, state when it is settled. */
class Shop {
  chat: ChatLine[] = []
  pin: RoomOpening['pin'] = null
  version = 1

  opening(): RoomOpening {
    return { ...openingOf(1, shelfOf(9, 9), this.version), chat: [...this.chat], pin: this.pin }
  }
}

class Node {
  readonly bus: MemoryRoomBus
  readonly hub: RoomHub
  readonly clock = handClock()
  room: LiveRoom | null = null

  constructor(order: MemoryOrder, shop: Shop) {
    this.bus = new MemoryRoomBus(order)
    this.hub = new RoomHub({
      load: async () => shop.opening(),
      bus: this.bus,
      clock: this.clock,
      limits: { chatByUser: { burst: 1_000, perS: 1_000 }, messages: { burst: 1_000, perS: 1_000 } },
      judgeChat: () => null,
      chatSaid: (_room, line) => shop.chat.push(line),
    })
  }

  async open(): Promise<this> {
    this.room = await this.hub.open(1)
    return this
  }
}

/** A viewer who may go from node to node; it fails on a hole and on an event that comes twice. */
class Roamer {
  socket: HandSocket | null = null
  node: Node | null = null
  view: RoomView | null = null
  readonly lines: string[] = []
  readonly answers: RoomServerMessage[] = []
  readonly id: number
  #read = 0

  constructor(id: number) {
    this.id = id
  }

  enter(node: Node): void {
    this.leave()
    this.socket = new HandSocket()
    this.node = node
    this.#read = 0
    node.room?.join(this.socket, buyer(this.id))
    const known = this.view === null ? {} : { epoch: this.view.epoch, offset: this.view.offset }
    node.room?.receive(this.socket, JSON.stringify({ t: 'hello', ...known }))
  }

  leave(): void {
    this.apply()
    if (this.socket !== null) this.node?.room?.leave(this.socket)
    this.socket = null
  }

  say(id: string, text: string): void {
    if (this.socket !== null) this.node?.room?.receive(this.socket, JSON.stringify({ t: 'chat', id, text }))
  }

  apply(): void {
    const messages = this.socket?.received ?? []
    for (const message of messages.slice(this.#read)) {
      if (message.t === 'accepted' || message.t === 'refused') this.answers.push(message)
      if (message.t === 'tick' || message.t === 'resumed') this.#note(message.events.filter(isStreamEvent))
      const { view, gap } = applyRoomMessage(this.view, message)
      assert.equal(gap, false, 'a hole in the stream')
      this.view = view
    }
    this.#read = messages.length
  }

  #note(events: readonly RoomStreamEvent[]): void {
    for (const event of events) {
      if (event.t !== 'chat') continue
      assert.ok(!this.lines.includes(event.line.id), 'a line came twice')
      this.lines.push(event.line.id)
    }
  }
}

async function houseOf(count: number) {
  const order = new MemoryOrder()
  const shop = new Shop()
  const nodes = await Promise.all(Array.from({ length: count }, () => new Node(order, shop).open()))
  return { order, shop, nodes, first: nodes[0] as Node, second: nodes[1] as Node }
}
async function hearAll(nodes: readonly Node[]): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await settled()
    for (const node of nodes) node.bus.hear()
  }
  for (const node of nodes) node.hub.tick()
}

test('a line said at one node is heard at all, in one order, and a viewer goes on at another node', async () => {
  const { nodes, first, second } = await houseOf(2)
  const [a, b] = [new Roamer(1), new Roamer(2)]
  a.enter(first)
  b.enter(second)
  a.say('m1', '第一句')
  b.say('m2', '第二句')
  await hearAll(nodes)
  a.apply()
  b.apply()
  assert.equal(a.view?.chat.length, 2)
  assert.deepEqual(a.view?.chat, b.view?.chat)
  assert.equal(a.view?.epoch, b.view?.epoch)
  a.leave()
  b.say('m3', '你走的时候')
  await hearAll(nodes)
  a.enter(second)
  assert.equal(a.socket?.received[0]?.t, 'resumed')
  b.apply()
  a.apply()
  assert.deepEqual(a.view?.chat, b.view?.chat)
})

test('a message that is sent again to another node is said once', async () => {
  const { nodes, first, second, shop } = await houseOf(2)
  const a = new Roamer(1)
  a.enter(first)
  a.say('same', '在吗')
  await hearAll(nodes)
  a.enter(second)
  a.say('same', '在吗')
  await hearAll(nodes)
  a.apply()
  const lineIds = a.answers.map((answer) => answer.t === 'accepted' && answer.lineId)
  assert.equal(new Set(lineIds).size, 1)
  assert.equal(shop.chat.length, 1)
  assert.equal(a.view?.chat.length, 1)
})

test('older state of another desk at another node is left out everywhere', async () => {
  const { nodes, first, second } = await houseOf(2)
  const pin = (skuId: number) => ({ t: 'pin' as const, pin: { shopId: 1, skuId, pinnedAt: '2026-03-14T08:00:00Z' } })
  first.room?.publishState(pin(2), 6)
  second.room?.publishState(pin(1), 5)
  await hearAll(nodes)
  assert.deepEqual([first.room?.view.pin?.skuId, second.room?.view.pin?.skuId], [2, 2])
  assert.equal(first.room?.view.offset, 1)
})

test('viewers, hearts, stock, counts and the desk are told to all nodes', async () => {
  const { nodes, first, second } = await houseOf(2)
  const [a, b] = [new Roamer(1), new Roamer(2)]
  a.enter(first)
  b.enter(second)
  const desk = new HandSocket()
  second.room?.join(desk, { user: { id: 9, name: '中控', isHost: true } })
  second.room?.receive(desk, '{"t":"hello"}')
  if (a.socket) first.room?.receive(a.socket, '{"t":"like","n":9}')
  first.hub.setStock([{ shopId: 1, skuId: 1, stock: 0 }])
  first.room?.tellDesk('run', { at: 1 })
  for (let turn = 0; turn < 3; turn += 1) {
    for (const { hub, clock } of nodes) {
      clock.advance(1_000)
      hub.tellCrowds()
    }
    await hearAll(nodes)
  }
  a.apply()
  b.apply()
  for (const { view } of [a, b]) {
    assert.equal(view?.viewers, 2)
    assert.equal(view?.likes, 9)
    assert.equal(view?.shelf[0]?.stock, 0)
  }
  assert.equal(first.room?.view.offset, 1, 'one sold-out, although both nodes noticed it')
  assert.ok(desk.received.some((message) => message.t === 'desk' && message.section === 'run'))
})

test('while the order is away the show goes on, chat says that it is delayed, and afterwards all agree again', async () => {
  const { order, shop, nodes, first, second } = await houseOf(2)
  const [a, b] = [new Roamer(1), new Roamer(2)]
  a.enter(first)
  b.enter(second)
  a.say('m1', '断线之前')
  await hearAll(nodes)
  order.setAway(true)
  a.say('m2', '断线之中')
  shop.pin = { shopId: 1, skuId: 2, pinnedAt: '2026-03-14T08:05:00Z' }
  shop.version = 7
  first.room?.publishState({ t: 'pin', pin: shop.pin }, 7)
  first.hub.setStock([{ shopId: 1, skuId: 1, stock: 3 }])
  await hearAll(nodes)
  a.apply()
  b.apply()
  assert.equal(a.view?.pin?.skuId, 2, 'the pin is seen at its own node')
  assert.equal(a.view?.shelf[0]?.stock, 3)
  assert.equal(a.view?.chat.length, 1, 'nothing was lost')
  const answer = a.answers.at(-1)
  assert.ok(answer?.t === 'refused' && answer.code === 'room.chat_delayed')
  order.setAway(false)
  await hearAll(nodes)
  a.say('m2', '断线之中')
  await hearAll(nodes)
  a.apply()
  b.apply()
  assert.equal(b.view?.pin?.skuId, 2, 'and now at the other')
  assert.deepEqual(
    b.view?.chat.map(({ text }) => text),
    ['断线之前', '断线之中'],
  )
  assert.deepEqual(a.view?.chat, b.view?.chat)
  assert.deepEqual([a.view?.epoch, a.view?.offset], [b.view?.epoch, b.view?.offset])
})

test('an order that forgot everything begins a new epoch, and nothing that was said is lost', async () => {
  const { order, nodes, first, second } = await houseOf(2)
  const [a, b] = [new Roamer(1), new Roamer(2)]
  a.enter(first)
  b.enter(second)
  a.say('m1', '之前')
  await hearAll(nodes)
  order.lose()
  a.say('m2', '之后')
  await hearAll(nodes)
  b.say('m3', '也在')
  await hearAll(nodes)
  a.apply()
  b.apply()
  assert.deepEqual(
    b.view?.chat.map(({ text }) => text),
    ['之前', '之后', '也在'],
  )
  assert.deepEqual(a.view?.chat, b.view?.chat)
})

type Step = { do: 'say' | 'move' | 'hear' | 'tick' | 'kill' | 'again'; who: number; at: number }
const steps = fc.array(
  fc.record<Step>({
    do: fc.constantFrom('say', 'say', 'move', 'hear', 'hear', 'tick', 'kill', 'again'),
    who: fc.nat(3),
    at: fc.nat(2),
  }),
  { minLength: 10, maxLength: 80, size: 'max' },
)

test('nodes that hear late, viewers that roam and nodes that are killed: one order, nothing twice, nothing lost', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { order, shop, nodes } = await houseOf(3)
      const roamers = Array.from({ length: 4 }, (_, index) => new Roamer(index))
      let said = 0
      for (const step of plan) {
        const roamer = roamers[step.who] as Roamer
        const node = nodes[step.at] as Node
        if (step.do === 'say') roamer.say(`m${++said}`, `第${said}句`)
        // A client that heard no answer sends the same message again, wherever it is now.
        else if (step.do === 'again') roamer.say(`m${said}`, `第${said}句`)
        else if (step.do === 'move') roamer.enter(node)
        else if (step.do === 'hear') node.bus.hear(1 + step.who)
        else if (step.do === 'tick') node.hub.tick()
        else {
          // Gone without a word; those who were there come back elsewhere, and a new node takes its place.
          for (const each of roamers) if (each.node === node) each.leave()
          nodes[step.at] = await new Node(order, shop).open()
        }
        await settled()
        for (const each of roamers) each.apply()
      }
      for (const roamer of roamers) if (roamer.socket === null) roamer.enter(nodes[0] as Node)
      await hearAll(nodes)
      const entries = order.stream(1).entries.flatMap(({ event }) => (event.t === 'chat' ? [event.line.id] : []))
      assert.deepEqual(
        shop.chat.map(({ id }) => id),
        entries,
        'every accepted line is in the order once',
      )
      for (const roamer of roamers) {
        roamer.apply()
        assert.deepEqual(
          roamer.view?.chat.map(({ id }) => id),
          entries.slice(-50),
        )
        const places = roamer.lines.map((id) => entries.indexOf(id))
        assert.deepEqual(
          places,
          [...places].sort((left, right) => left - right),
          'in the order',
        )
      }
    }),
    { numRuns: 150 },
  )
})
