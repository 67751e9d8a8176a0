import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { Viewer } from '@chunbo/live-media/testing/viewer'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { mediaPidsOf } from './testing/media-pids.ts'
import { countFrames, publish } from './testing/publisher.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** The whole application with its media process, which is killed under a stream, and asked from the side. */

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

let world: LiveWorld
let mediaPort = 0
before(async () => {
  mediaPort = await freePort()
  world = await createLiveWorld({ MEDIA_PORT: String(mediaPort) })
})
after(() => world.close())

const enter = (roomId: number) => new RoomViewer(`${world.wsUrl}/api/rooms/${roomId}/socket`).whenView(() => true)

test('killed under a stream, the room pauses, the publisher comes back, and the recording goes on', async () => {
  const { id, ingest } = await world.room()
  const viewer = await enter(id)
  const first = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 3)
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/live.flv`, 1)) >= 20, 'FLV comes through the server')
  const [pid = 0] = mediaPidsOf(process.pid)
  process.kill(pid, 'SIGKILL')
  await first.ended
  await viewer.whenView((view) => view.room.status === 'paused')
  assert.match(
    await (await fetch(`${world.httpUrl}/metrics`)).text(),
    /^chunbo_media_restarts_total 1$/m,
    'the restart is counted',
  )
  const again = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 3)
  await world.desk('POST', `/api/rooms/${id}/end`)
  await again.ended
  const replay = await (await fetch(`${world.httpUrl}/media/${id}/replay.m3u8`)).text()
  assert.equal(replay.match(/#EXT-X-DISCONTINUITY/g)?.length, 1, 'the gap is marked')
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/replay.m3u8`)) >= 75)
  viewer.ws.close()
})

test('a request that waits in the media process ends with its viewer, and all of them leave nothing open', async () => {
  const { id, ingest } = await world.room()
  const viewer = await enter(id)
  const publisher = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 1)
  await publisher.kill()
  const far = `${world.httpUrl}/media/${id}/live.m3u8?_HLS_msn=`
  const text = await (await fetch(`${world.httpUrl}/media/${id}/live.m3u8`)).text()
  const msn = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]) + (text.match(/#EXTINF/g)?.length ?? 0)
  const left = Array.from({ length: 50 }, async () => {
    const abort = new AbortController()
    const asked = fetch(`${far}${msn}&_HLS_part=3`, { signal: abort.signal })
    setTimeout(() => abort.abort(), 100)
    await assert.rejects(asked, { name: 'AbortError' })
  })
  await Promise.all(left)
  await world.desk('POST', `/api/rooms/${id}/end`)
  viewer.ws.close()
})

test('a viewer checked by the server is served by the media process, and told when that is started anew', async () => {
  const { id, ingest } = await world.room()
  const practice = await world.room({ practice: true })
  const socketUrl = (roomId: number) => `${world.wsUrl}/media/${roomId}/live.ws`
  const refusedWith = async (url: string, headers: Record<string, string> = {}) => {
    const { refusedWith } = await new Viewer(url, headers).when('been refused', (each) => each.refusedWith !== null)
    return refusedWith
  }
  assert.equal(await refusedWith(socketUrl(id), { origin: 'https://elsewhere.example' }), 403)
  assert.equal(await refusedWith(socketUrl(practice.id)), 404)
  assert.equal(await refusedWith(socketUrl(999_999)), 404)
  const host = { cookie: world.cookieOf(world.hostId) }
  const inPractice = await new Viewer(socketUrl(practice.id), host).when('a word', ({ words }) => words.length > 0)
  assert.deepEqual(inPractice.kinds, ['waiting'])
  inPractice.ws.close()

  const viewers = Array.from({ length: 50 }, () => new Viewer(socketUrl(id)))
  for (const viewer of viewers) await viewer.when('a word', ({ words }) => words.length > 0)
  const publisher = publish(world.publishUrl(ingest.streamKey))
  for (const viewer of viewers) await viewer.when('two seconds', ({ pieces }) => pieces.length > 30)
  const metrics = async () => (await fetch(`${world.httpUrl}/metrics`)).text()
  let told = ''
  for (let n = 0; n < 60 && !told.includes('video_sockets 50'); n += 1) {
    told = await metrics()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.match(told, /^chunbo_video_sockets 50$/m)
  const playlist = `${world.httpUrl}/media/${id}/live.m3u8`
  const text = await (await fetch(playlist)).text()
  const [, msn] = /part-(\d+)\.\d+\.m4s"\n$/.exec(text) ?? assert.fail('no hint')
  const blocked = fetch(`${playlist}?_HLS_msn=${Number(msn) + 1}`)
  const [pid = 0] = mediaPidsOf(process.pid)
  process.kill(pid, 'SIGTERM')
  assert.ok([502, 503].includes((await blocked).status), 'the show is not over')
  for (const viewer of viewers) await viewer.when('been sent away', ({ closedWith }) => closedWith === 1012)
  await publisher.ended
  // The next one is up when it answers again.
  const isAway = async () => [502, 503].includes((await fetch(`${world.httpUrl}/media/${id}/live.m3u8`)).status)
  while (await isAway()) await world.page(id)
  await world.desk('POST', `/api/rooms/${id}/end`)
})

test('what a viewer says together with its request is not lost on the way to the media process', async () => {
  const { id } = await world.room()
  const raw = connect(Number(new URL(world.httpUrl).port), '127.0.0.1')
  let said = ''
  raw.on('data', (bytes: Buffer) => {
    said += bytes.toString('latin1')
  })
  const head =
    `GET /media/${id}/live.ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
  const ping = Buffer.from([0x89, 0x84, 0, 0, 0, 0, ...Buffer.from('here')])
  raw.write(Buffer.concat([Buffer.from(head), ping.subarray(0, 3)]))
  setTimeout(() => raw.write(ping.subarray(3)), 1)
  while (!said.includes('\x8a\x04here') && !raw.destroyed) await Promise.race([once(raw, 'data'), once(raw, 'close')])
  assert.match(said, /^HTTP\/1\.1 101 /)
  assert.ok(said.includes('\x8a\x04here'), 'it is answered')
  raw.destroy()
})

test('the media port gives what anybody may watch, and nothing of a practice room', async () => {
  const open = await world.room()
  const practice = await world.room({ practice: true })
  const viewer = await enter(open.id)
  const publishers = [open, practice].map(({ ingest }) => publish(world.publishUrl(ingest.streamKey)))
  await viewer.whenView((view) => view.room.status === 'live')
  const path = (id: number) => `/media/${id}/live.m3u8`
  const asHost = { headers: { cookie: world.cookieOf(world.hostId) } }
  let seen = await fetch(world.httpUrl + path(practice.id), asHost)
  while (seen.status === 404) seen = await fetch(world.httpUrl + path(practice.id), asHost)
  assert.equal(seen.status, 200, 'its team sees it through the server')
  assert.equal(seen.headers.get('cache-control'), 'private, no-store')
  const straight = (id: number, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${mediaPort}${path(id)}`, { headers })
  assert.equal((await straight(open.id)).status, 200)
  assert.equal((await straight(practice.id)).status, 404)
  assert.equal((await straight(practice.id, { 'x-chunbo-media': 'guessed' })).status, 404)
  assert.equal((await straight(999_999)).status, 404)
  assert.equal((await fetch(`http://127.0.0.1:${mediaPort}/`)).status, 404)
  assert.equal((await fetch(`http://127.0.0.1:${mediaPort}${path(open.id)}`, { method: 'POST' })).status, 405)
  const socketUrl = (id: number) => `ws://127.0.0.1:${mediaPort}/media/${id}/live.ws`
  const straightViewer = await new Viewer(socketUrl(open.id)).when('chunks', ({ pieces }) => pieces.length > 2)
  straightViewer.ws.close()
  const refusals: [number, Record<string, string>, number][] = [
    [practice.id, { cookie: world.cookieOf(world.hostId) }, 404],
    [999_999, {}, 404],
    [open.id, { origin: 'https://elsewhere.example' }, 403],
  ]
  for (const [id, headers, status] of refusals)
    await new Viewer(socketUrl(id), headers).when('been refused', ({ refusedWith }) => refusedWith === status)
  for (const { id } of [open, practice]) await world.desk('POST', `/api/rooms/${id}/end`)
  await Promise.all(publishers.map(({ ended }) => ended))
  viewer.ws.close()
})
