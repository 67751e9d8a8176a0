import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RoomHub } from './room-hub.ts'
import type { RoomOpening } from './room-opening.ts'
import { HandSocket, handClock, openingOf, reader, shelfOf } from './testing/room-fixtures.ts'

const pinned = (skuId: number) => ({ t: 'pin' as const, pin: { shopId: 1, skuId, pinnedAt: '2026-03-14T08:00:00Z' } })

function hubOf(load: (roomId: number) => Promise<RoomOpening | null>, limits = {}) {
  const clock = handClock()
  return { clock, hub: new RoomHub({ load, limits, clock, chatSaid: () => undefined, judgeChat: () => null }) }
}

test('all who open a room at once share one load', async () => {
  let loads = 0
  const { hub } = hubOf(async (roomId) => {
    loads += 1
    return openingOf(roomId)
  })
  const rooms = await Promise.all([hub.open(1), hub.open(1), hub.open(1)])
  assert.equal(loads, 1)
  assert.ok(rooms[0] !== null && rooms.every((room) => room === rooms[0]))
})

test('a change that is told while the room is being loaded is not lost', async () => {
  let finish: (opening: RoomOpening) => void = () => undefined
  const { hub } = hubOf(() => new Promise((resolve) => (finish = resolve)))
  const opening = hub.open(1)
  hub.tell(1, (room) => room.publishState(pinned(5), 2))
  finish(openingOf(1, shelfOf(3), 1))
  const room = await opening
  await Promise.resolve()
  assert.equal(room?.view.pin?.skuId, 5)
})

test('a room that could not be loaded can be tried again', async () => {
  let away = true
  const { hub } = hubOf(async (roomId) => {
    if (away) throw new Error('database away')
    return openingOf(roomId)
  })
  await assert.rejects(hub.open(1), /database away/)
  away = false
  assert.ok(await hub.open(1))
})

test('stock gathers until the tick, but for the last pack', async () => {
  const { hub } = hubOf(async (roomId) => openingOf(roomId, shelfOf(9, 9)))
  const room = await hub.open(1)
  hub.setStock([{ shopId: 1, skuId: 1, stock: 8 }])
  hub.setStock([{ shopId: 1, skuId: 1, stock: 7 }])
  assert.equal(room?.view.shelf[0]?.stock, 9)
  hub.tick()
  assert.equal(room?.view.shelf[0]?.stock, 7)
  hub.setStock([{ shopId: 1, skuId: 2, stock: 0 }])
  assert.equal(room?.view.shelf[1]?.stock, 0)
})

test('full rooms take turns with a tick, the next tick waits for the last of them, and stopping tells all', async () => {
  const { hub, clock } = hubOf(async (roomId) => openingOf(roomId), { sliceSockets: 1 })
  const sockets = await Promise.all(
    [1, 2, 3].map(async (roomId) => {
      const room = await hub.open(roomId)
      const socket = new HandSocket()
      room?.join(socket, reader)
      room?.receive(socket, '{"t":"hello"}')
      return socket
    }),
  )
  const say = (text: string) => {
    for (const room of hub.rooms) room.publish({ t: 'notice', textZh: text, textEn: '' })
  }
  const ticks = () => sockets.map(({ received }) => received.filter(({ t }) => t === 'tick').length)
  say('一')
  hub.tick()
  assert.deepEqual(ticks(), [1, 0, 0])
  // One turn for the end of the first room's frame, and one for the next room.
  clock.turn()
  clock.turn()
  say('二')
  hub.tick()
  assert.deepEqual(ticks(), [1, 1, 0])
  while (clock.turn());
  assert.deepEqual(ticks(), [1, 1, 1])
  hub.stop()
  assert.deepEqual(ticks(), [2, 2, 1], 'the third was told both at once')
})

test('an empty room is forgotten after a while, one with a viewer is not', async () => {
  const { hub, clock } = hubOf(async (roomId) => openingOf(roomId), { idleRoomMs: 60_000 })
  const busy = await hub.open(1)
  await hub.open(2)
  const socket = new HandSocket()
  busy?.join(socket, reader)
  busy?.receive(socket, '{"t":"hello"}')
  clock.advance(59_000)
  busy?.heard(socket)
  hub.sweep()
  assert.equal(hub.figures.rooms, 2)
  clock.advance(1_000)
  hub.sweep()
  assert.ok(hub.find(1) && !hub.find(2))
})

test('a full memory forgets empty rooms first and then refuses', async () => {
  const { hub } = hubOf(async (roomId) => openingOf(roomId), { roomsMax: 2 })
  const first = await hub.open(1)
  await hub.open(2)
  first?.join(new HandSocket(), reader)
  const third = await hub.open(3)
  assert.ok(hub.find(1) && !hub.find(2) && hub.find(3))
  third?.join(new HandSocket(), reader)
  await assert.rejects(hub.open(4), /too many rooms/)
})
