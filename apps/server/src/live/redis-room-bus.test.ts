import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomStreamEvent } from '@chunbo/contract'
import type { RoomBus, RoomWord, SharedEntry } from '@chunbo/live-room'
import { createRedisRoomBus } from './redis-room-bus.ts'
import { createTestRedis, type TestRedis } from './testing/test-redis.ts'

let redis: TestRedis
before(async () => {
  redis = await createTestRedis()
})
after(() => redis.close())

const notice = (text: string): RoomStreamEvent => ({ t: 'notice', textZh: text, textEn: '' })
const entry = (text: string): SharedEntry => ({ event: notice(text), when: 'tick' })

/** A node's bus with what it was told. */
class Ear {
  readonly bus: RoomBus
  readonly heard: string[] = []
  readonly words: RoomWord[] = []
  turns = 0
  #wake: () => void = () => undefined

  constructor() {
    this.bus = createRedisRoomBus(redis.url, () => undefined)
    const note = () => this.#wake()
    this.bus.start({
      entry: (roomId, _epoch, offset, { event }) => {
        this.heard.push(`${roomId}:${offset} ${event.t === 'notice' ? event.textZh : event.t}`)
        note()
      },
      word: (_node, word) => {
        this.words.push(word)
        note()
      },
      away: () => {
        this.turns += 1
        note()
      },
      back: () => {
        this.turns += 1
        note()
      },
    })
  }

  async when(until: (ear: this) => boolean): Promise<this> {
    while (!until(this)) {
      await new Promise<void>((done) => {
        this.#wake = done
      })
    }
    return this
  }
}

test('two nodes append at once and both hear the same order, from where they asked', async () => {
  const [a, b] = [await new Ear().when(({ bus }) => bus.isUp), await new Ear().when(({ bus }) => bus.isUp)]
  const { epoch, offset } = await a.bus.attach(1)
  assert.equal(offset, 0)
  assert.equal((await b.bus.attach(1)).epoch, epoch)
  a.bus.follow(1, 0)
  await Promise.all(Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? a : b).bus.append(1, epoch, entry(`${n}`))))
  const late = await b.bus.attach(1)
  assert.equal(late.offset, 100)
  b.bus.follow(1, 90)
  await a.when(({ heard }) => heard.length === 100)
  await b.when(({ heard }) => heard.length === 10)
  assert.deepEqual(a.heard.slice(90), b.heard)
  assert.deepEqual(
    late.kept.map((event, index) => `1:${index + 1} ${event.t === 'notice' ? event.textZh : ''}`),
    a.heard,
  )
  await Promise.all([a.bus.close(), b.bus.close()])
})

test('the same message is added once, older state is not, and another epoch is told so', async () => {
  const { bus } = await new Ear().when((ear) => ear.bus.isUp)
  const { epoch } = await bus.attach(2)
  const said = (value: string): SharedEntry => ({ ...entry(value), once: { key: 'said:1:a', value, forS: 60 } })
  assert.deepEqual(await bus.append(2, epoch, said('l1')), { done: 'added' })
  assert.deepEqual(await bus.append(2, epoch, said('l2')), { done: 'known', value: 'l1' })
  const unpin = (version: number): SharedEntry => ({ event: { t: 'unpin' }, when: 'now', version })
  assert.deepEqual(await bus.append(2, epoch, unpin(6)), { done: 'added' })
  assert.deepEqual(await bus.append(2, epoch, unpin(5)), { done: 'stale' })
  assert.deepEqual(await bus.append(2, epoch, unpin(6)), { done: 'added' })
  assert.deepEqual(await bus.append(2, 'another', entry('x')), { done: 'gone' })
  assert.equal((await bus.attach(2)).offset, 3)
  await bus.close()
})

test('words reach the other nodes, and a Redis that dies and comes back empty is noticed both times', async () => {
  const [a, b] = [await new Ear().when(({ bus }) => bus.isUp), await new Ear().when(({ bus }) => bus.isUp)]
  const { epoch } = await a.bus.attach(3)
  // Whoever has just subscribed may miss a word; only the newest counts, and it is told again and again.
  while (b.words.length === 0) {
    a.bus.tell({ t: 'counts', roomId: 3, dropId: 1, counts: [7] })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.deepEqual(b.words[0], { t: 'counts', roomId: 3, dropId: 1, counts: [7] })
  assert.deepEqual(a.words, [], 'nobody hears himself')
  await redis.kill()
  await a.when(({ bus }) => !bus.isUp)
  await assert.rejects(a.bus.append(3, epoch, entry('x')))
  await redis.start()
  await a.when(({ bus }) => bus.isUp)
  assert.equal(a.turns, 3, 'there, away, there again')
  const anew = await a.bus.attach(3)
  assert.notEqual(anew.epoch, epoch)
  assert.equal(anew.offset, 0)
  await Promise.all([a.bus.close(), b.bus.close()])
})
