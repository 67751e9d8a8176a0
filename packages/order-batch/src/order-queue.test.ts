import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Checkout } from './checkout.ts'
import { createOrderQueue, QueueBusy } from './order-queue.ts'
import type { PackedBatch } from './pack-batch.ts'
import type { BatchAnswer } from './read-answer.ts'

/** The invariant of this file: every checkout that was taken in is answered once, and never more than the limit wait. */

const checkout = (buyerId: number, key: string = crypto.randomUUID()): Checkout => ({
  buyerId,
  key,
  roomId: null,
  addressId: 1,
  lines: [{ shopId: 1, skuId: 1, qty: 1, expectedPriceFen: 100 }],
})

const accept = (batch: PackedBatch): BatchAnswer => ({
  outcomes: null,
  refused_lines: null,
  details: null,
  same_as: null,
  order_ids: batch.orders.map((_, index) => index + 1).join(','),
  replays: null,
  changed_skus: '1',
  stock_left: '7',
  discounts: null,
  log_position: '1',
})
const sizeOf = (batch: PackedBatch) => batch.firstOrder.length - 1

/** A database that answers when it is told to. */
function heldDatabase() {
  const held: { batch: PackedBatch; answer: () => void }[] = []
  return {
    held,
    execute: (batch: PackedBatch) =>
      new Promise<BatchAnswer>((resolve) => held.push({ batch, answer: () => resolve(accept(batch)) })),
  }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))
const failed = (code: string) => Object.assign(new Error(code), { code })

test('what arrives while batches are in flight goes together with the next', async () => {
  const { held, execute } = heldDatabase()
  const queue = createOrderQueue({ execute, now: () => new Date(), batchMax: 3, inFlightMax: 2 })
  const answers = [1, 2].map((n) => queue.place(checkout(n)))
  await turn()
  answers.push(...[3, 4, 5, 6, 7, 8].map((n) => queue.place(checkout(n))))
  await turn()
  assert.deepEqual(
    held.map(({ batch }) => sizeOf(batch)),
    [2, 3],
  )
  assert.equal(queue.depth, 3)
  while (held.length > 0) {
    held.shift()?.answer()
    await turn()
    await turn()
  }
  assert.ok((await Promise.all(answers)).every(({ kind }) => kind === 'accepted'))
})

test('a full queue refuses at once and takes in again when there is room', async () => {
  const { held, execute } = heldDatabase()
  const queue = createOrderQueue({ execute, now: () => new Date(), batchMax: 1, inFlightMax: 1, queueMax: 2 })
  const first = queue.place(checkout(1))
  await turn()
  const waiting = [queue.place(checkout(2)), queue.place(checkout(3))]
  await assert.rejects(queue.place(checkout(4)), (error) => error instanceof QueueBusy && error.reason === 'full')
  held.shift()?.answer()
  await first
  await turn()
  await turn()
  waiting.push(queue.place(checkout(5)))
  const drained = queue.drain()
  await assert.rejects(queue.place(checkout(6)), (error) => error instanceof QueueBusy && error.reason === 'draining')
  while (held.length > 0) {
    held.shift()?.answer()
    await turn()
    await turn()
  }
  await drained
  assert.equal((await Promise.all(waiting)).length, 3)
})

test('a batch that others undid runs again; after five times its buyers hear of it', async () => {
  let runs = 0
  const queue = createOrderQueue({
    now: () => new Date(),
    async execute(batch) {
      runs += 1
      if (runs < 3 || runs > 3) throw failed('40P01')
      return accept(batch)
    },
  })
  assert.equal((await queue.place(checkout(1))).kind, 'accepted')
  assert.equal(runs, 3)
  await assert.rejects(queue.place(checkout(1)), { code: '40P01' })
  assert.equal(runs, 8)
})

test('one checkout that the database cannot take does not fail its neighbours', async () => {
  const queue = createOrderQueue({
    now: () => new Date(),
    async execute(batch) {
      if (String(batch.values).includes('666')) throw failed('22003')
      return accept(batch)
    },
  })
  const answers = await Promise.allSettled([1, 2, 666, 4, 5].map((n) => queue.place(checkout(n))))
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  )
  await assert.rejects(queue.place(checkout(1, 'no uuid')), RangeError)
})

test('a lost connection is told to all of the batch and nothing runs again by itself', async () => {
  let runs = 0
  const queue = createOrderQueue({
    now: () => new Date(),
    async execute() {
      runs += 1
      throw failed('ECONNRESET')
    },
  })
  const answers = await Promise.allSettled([1, 2, 3].map((n) => queue.place(checkout(n))))
  assert.ok(answers.every(({ status }) => status === 'rejected'))
  assert.equal(runs, 1)
})

test('metrics hear of every batch, and stock of what was sold', async () => {
  const sizes: number[] = []
  const levels: unknown[] = []
  const queue = createOrderQueue({
    execute: async (batch) => accept(batch),
    now: () => new Date(),
    onBatch: ({ checkouts }) => sizes.push(checkouts),
    onStock: (left) => levels.push(...left),
  })
  await Promise.all([queue.place(checkout(1)), queue.place(checkout(2))])
  await queue.drain()
  assert.deepEqual(sizes, [2])
  assert.deepEqual(levels, [{ shopId: 1, skuId: 1, stock: 7 }])
})

test('of two batches that are read in another order than they were committed the newer one is told last', async () => {
  const held: ((answer: BatchAnswer) => void)[] = []
  const told: number[] = []
  const queue = createOrderQueue({
    execute: () => new Promise<BatchAnswer>((resolve) => held.push(resolve)),
    now: () => new Date(),
    batchMax: 1,
    inFlightMax: 2,
    onStock: (left) => told.push(...left.map(({ stock }) => stock)),
  })
  const answer = (at: number, stock: number): BatchAnswer => ({
    ...accept({ orders: [{}] } as unknown as PackedBatch),
    stock_left: String(stock),
    log_position: String(at),
  })
  const answers = [queue.place(checkout(1)), queue.place(checkout(2))]
  await turn()
  held[1]?.(answer(9_000_000_002, 0))
  await answers[1]
  held[0]?.(answer(9_000_000_001, 5))
  await answers[0]
  assert.deepEqual(told, [0])
  const third = queue.place(checkout(3))
  await turn()
  // A database that was set up anew counts from below again.
  held[2]?.(answer(1, 40))
  await third
  assert.deepEqual(told, [0, 40])
})

test('a key is in one batch in flight at a time', async () => {
  const { held, execute } = heldDatabase()
  const queue = createOrderQueue({ execute, now: () => new Date(), inFlightMax: 2 })
  const key = crypto.randomUUID()
  const answers = [queue.place(checkout(1, key))]
  await turn()
  answers.push(queue.place(checkout(1, key.toUpperCase())), queue.place(checkout(2, key)))
  await turn()
  assert.deepEqual(
    held.map(({ batch }) => sizeOf(batch)),
    [1, 1],
  )
  assert.equal(queue.depth, 1)
  while (held.length > 0) {
    held.shift()?.answer()
    await turn()
    await turn()
  }
  assert.equal((await Promise.all(answers)).length, 3)
})

test('a listener that throws is warned about and takes no order with it', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  const fail = () => {
    throw new Error('the room is on fire')
  }
  const queue = createOrderQueue({
    execute: async (batch) => accept(batch),
    now: () => new Date(),
    onStock: fail,
    onBatch: fail,
  })
  assert.equal((await queue.place(checkout(1))).kind, 'accepted')
  assert.match((await warned).message, /on fire/)
  assert.equal((await queue.place(checkout(2))).kind, 'accepted')
})
