import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { PUBLISH_HEAD_BYTES, PUBLISH_KIND, PUBLISH_VERSION, type PublishServerMessage } from '@chunbo/contract'
import { WebSocket } from 'ws'
import { createLiveWorld, type LiveWorld, ZHENYUAN } from './testing/live-world.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** A browser that goes on air: who may, and what the room makes of it, through the server and its media process. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

const addressOf = (roomId: number) => `${world.wsUrl}/media/${roomId}/publish`

/** Status with which the upgrade is refused; 101 when it is not. */
async function statusOf(roomId: number, headers: Record<string, string>): Promise<number> {
  const ws = new WebSocket(addressOf(roomId), { headers })
  ws.on('error', () => {})
  return new Promise((resolve) => {
    ws.once('open', () => {
      ws.terminate()
      resolve(101)
    })
    ws.once('unexpected-response', (_request, response) => {
      ws.terminate()
      resolve(response.statusCode ?? 0)
    })
  })
}

interface OnAir {
  readonly ws: WebSocket
  readonly first: PublishServerMessage
}

async function publish(roomId: number, userId: number, session: string): Promise<OnAir> {
  const ws = new WebSocket(addressOf(roomId), { headers: { cookie: world.cookieOf(userId) } })
  ws.on('error', () => {})
  await once(ws, 'open')
  const heard = once(ws, 'message')
  ws.send(JSON.stringify({ t: 'hello', v: PUBLISH_VERSION, session, format: 'mp4', encoder: 'tests' }))
  const [data] = (await heard) as [Buffer]
  return { ws, first: JSON.parse(data.toString('utf8')) }
}

async function recording(): Promise<Buffer> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-t', '3']
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25']
  const file = ['-f', 'mp4', '-movflags', 'empty_moov+frag_keyframe+default_base_moof', '-']
  const args = ['-loglevel', 'error', ...picture, ...codec, ...file]
  const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

function send({ ws }: OnAir, bytes: Buffer): void {
  const head = Buffer.alloc(PUBLISH_HEAD_BYTES)
  head.writeUInt8(PUBLISH_KIND.container, 0)
  ws.send(Buffer.concat([head, bytes]))
}

test('only the room’s team may go on air, and only from a page of ours', async () => {
  const open = await world.room()
  const practice = await world.room({ practice: true })
  const cookieOf = (userId: number) => ({ cookie: world.cookieOf(userId) })
  const buyer = await world.person('买家')
  const neighbour = await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN })
  assert.equal(await statusOf(open.id, {}), 401)
  for (const userId of [buyer, neighbour]) {
    assert.equal(await statusOf(open.id, cookieOf(userId)), 403)
    assert.equal(await statusOf(practice.id, cookieOf(userId)), 404, 'to others there is no room for practice')
  }
  assert.equal(await statusOf(999_999, cookieOf(world.hostId)), 404)
  const elsewhere = { ...cookieOf(world.hostId), origin: 'https://elsewhere.example' }
  assert.equal(await statusOf(open.id, elsewhere), 403)
  for (const { id } of [open, practice]) assert.equal(await statusOf(id, cookieOf(world.hostId)), 101)
})

test('a browser makes the room live, comes back on another socket unnoticed, and is told when the show has ended', async () => {
  const { id } = await world.room()
  const viewer = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  const session = 'server-server-server-s'
  const first = await publish(id, world.hostId, session)
  assert.ok(first.first.t === 'welcome' && !first.first.resumed)
  send(first, await recording())
  await viewer.whenView((view) => view.room.status === 'live')
  const desk = await world.desk('GET', `/api/rooms/${id}/desk`)
  assert.deepEqual([desk.stream?.connected, desk.stream?.width, desk.stream?.height], [true, 320, 180])

  const colleague = await world.person('同事', { role: 'operator' })
  const busy = await publish(id, colleague, 'others-others-others-o')
  assert.ok(busy.first.t === 'problem' && busy.first.code === 'busy')

  const second = await publish(id, world.hostId, session)
  assert.ok(second.first.t === 'welcome' && second.first.resumed)
  const words: PublishServerMessage[] = []
  second.ws.on('message', (data) => words.push(JSON.parse(String(data))))
  const gone = once(second.ws, 'close')
  await world.desk('POST', `/api/rooms/${id}/end`)
  await gone
  assert.ok(words.some((word) => word.t === 'problem' && word.code === 'ended'))
  await viewer.whenView((view) => view.room.status === 'ended')
  const late = await publish(id, world.hostId, session)
  assert.ok(late.first.t === 'problem' && late.first.code === 'ended' && late.first.final)
  viewer.ws.close()
})

test('where the desk says so a second publisher takes over, and the first one learns of it', async () => {
  const { id } = await world.room()
  await world.desk('PUT', `/api/rooms/${id}/publishing`, { takeover: true, keyUntil: null })
  const first = await publish(id, world.hostId, 'first-first-first-firs')
  const words: PublishServerMessage[] = []
  first.ws.on('message', (data) => words.push(JSON.parse(String(data))))
  const gone = once(first.ws, 'close')
  const colleague = await world.person('同事', { role: 'operator' })
  const second = await publish(id, colleague, 'second-second-second-s')
  assert.equal(second.first.t, 'welcome')
  await gone
  assert.ok(words.some((word) => word.t === 'problem' && word.code === 'taken_over'))
  const again = await publish(id, world.hostId, 'first-first-first-firs')
  assert.ok(again.first.t === 'problem' && again.first.code === 'taken_over')
  second.ws.terminate()
})
