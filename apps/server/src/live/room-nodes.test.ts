import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomView } from '@chunbo/contract'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { RoomViewer } from './testing/room-viewer.ts'
import { createTestRedis, type TestRedis } from './testing/test-redis.ts'

let redis: TestRedis
let world: LiveWorld
before(async () => {
  redis = await createTestRedis()
  world = await createLiveWorld({ REDIS_URL: redis.url })
})
after(async () => {
  await world.close()
  await redis.close()
})

const has = (text: string) => (view: RoomView) => view.chat.some((line) => line.text === text)

test('a sale over a Redis that hangs for a while, and over a restart of the node', async () => {
  const { id } = await world.room()
  const url = () => `${world.wsUrl}/api/rooms/${id}/socket`
  const host = await new RoomViewer(url(), { cookie: world.cookieOf(world.hostId) }).whenView(() => true)
  const viewer = await new RoomViewer(url()).whenView(() => true)
  host.say('开始啦')
  await viewer.whenView(has('开始啦'))
  const peas = await world.goods({ stock: 9 })
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [peas] })
  await world.desk('PUT', `/api/rooms/${id}/pin`, peas)
  await viewer.whenView(({ pin }) => pin?.skuId === peas.skuId)
  const epoch = viewer.view?.epoch
  assert.ok(epoch)

  redis.hang(true)
  await viewer.whenView((view) => view.epoch !== epoch)
  await world.desk('DELETE', `/api/rooms/${id}/pin`)
  await viewer.whenView(({ pin }) => pin === null)
  world.app.slices.live.stockChanged([{ ...peas, stock: 4 }])
  await viewer.whenView(({ shelf }) => shelf[0]?.stock === 4)
  host.say('没有顺序')
  await host.when(({ messages }) => messages.some((each) => each.t === 'refused' && each.code === 'room.chat_delayed'))

  redis.hang(false)
  await viewer.whenView((view) => view.epoch === epoch)
  assert.equal(viewer.view?.pin, null)
  host.say('又通了')
  await viewer.whenView(has('又通了'))

  await world.restart()
  const back = await new RoomViewer(url(), { known: viewer.view }).when(({ messages }) => messages.length > 0)
  await back.whenView((view) => view.epoch === epoch || view.chat.length === 2)
  assert.deepEqual(
    back.view?.chat.map(({ text }) => text),
    ['开始啦', '又通了'],
  )
  back.ws.close()
})
