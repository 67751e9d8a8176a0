import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type S3Server, startS3Server } from '../platform/testing/s3-server.ts'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { countFrames, publish } from './testing/publisher.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** The whole application with its files in a bucket. */
let world: LiveWorld
let s3: S3Server
let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunbo-bucket-'))
  s3 = await startS3Server()
  world = await createLiveWorld({
    STORAGE_S3_ENDPOINT: s3.place.endpoint,
    STORAGE_S3_BUCKET: s3.place.bucket,
    STORAGE_S3_REGION: s3.place.region,
    STORAGE_S3_ACCESS_KEY: s3.place.accessKey,
    STORAGE_S3_SECRET_KEY: s3.place.secretKey,
  })
})
after(async () => {
  await world.close()
  await s3.close()
  await rm(folder, { recursive: true, force: true })
})

const media = (roomId: number, path: string, as?: number, headers: Record<string, string> = {}) =>
  fetch(`${world.httpUrl}/media/${roomId}/${path}`, {
    headers: { ...headers, ...(as === undefined ? {} : { cookie: world.cookieOf(as) }) },
  })

test('a show in a bucket is replayed, exported by its team alone, and has its pictures', async () => {
  const { id, ingest } = await world.room()
  const viewer = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  const publisher = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 4)
  const poster = await media(id, 'poster.jpg')
  assert.deepEqual([poster.status, poster.headers.get('content-type')], [200, 'image/jpeg'])
  const { stream } = await world.desk('GET', `/api/rooms/${id}/desk`)
  assert.deepEqual(stream?.recording, { state: 'on', lostSegments: 0 })
  await world.desk('POST', `/api/rooms/${id}/end`)
  await publisher.ended
  viewer.ws.close()
  assert.equal(existsSync(join(world.app.platform.config.dataDir, 'files', 'recordings')), false)

  const frames = await countFrames(`${world.httpUrl}/media/${id}/replay.m3u8`)
  assert.ok(frames >= 75)
  const whole = await media(id, 'replay.mp4', world.hostId)
  assert.equal(whole.status, 200)
  assert.match(whole.headers.get('content-disposition') ?? '', /attachment; filename="room-\d+\.mp4"/)
  const bytes = Buffer.from(await whole.arrayBuffer())
  assert.equal(Number(whole.headers.get('content-length')), bytes.length)
  const file = join(folder, 'replay.mp4')
  await writeFile(file, bytes)
  assert.equal(await countFrames(file), frames)
  const part = await media(id, 'replay.mp4', world.hostId, { range: 'bytes=100-299' })
  assert.equal(part.status, 206)
  assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 300)))

  const thumbs = (await (await media(id, 'thumbs.json')).json()) as { items: { url: string }[] }
  assert.equal((await media(id, thumbs.items[0]?.url ?? '')).status, 200)
})

test('an export is for the team of the room, and says what it cannot do', async () => {
  const { id } = await world.room()
  const path = `/media/${id}/replay.mp4`
  const buyer = await world.person('买家')
  assert.equal(await world.refusal('GET', path), 'identity.sign_in_needed')
  assert.equal(await world.refusal('GET', path, { as: buyer }), 'identity.not_allowed')
  assert.equal(await world.refusal('GET', path, { as: world.hostId }), 'live.nothing_recorded')
  assert.equal(await world.refusal('GET', `${path}?from=5&to=1`, { as: world.hostId }), 'live.export_moments_invalid')
})
