import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomCard } from '@chunbo/contract'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { countFrames, publish } from './testing/publisher.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** A real ffmpeg publishes over RTMP into the whole application; what viewers see is what its sockets and playlists say. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

const enter = (roomId: number) => new RoomViewer(`${world.wsUrl}/api/rooms/${roomId}/socket`).whenView(() => true)
const playlist = async (roomId: number, name: string) => {
  const response = await fetch(`${world.httpUrl}/media/${roomId}/${name}`)
  return { status: response.status, text: await response.text() }
}

test('video makes a room live, a drop pauses it, coming back resumes it, the host ends it, the replay plays', async () => {
  const { id, ingest } = await world.room()
  const viewer = await enter(id)
  assert.equal((await playlist(id, 'live.m3u8')).status, 404)
  const first = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  const page = await world.page(id)
  assert.equal(page.status, 'live')
  assert.ok(page.startedAt)
  const onAir = await world.ask<{ items: RoomCard[] }>('GET', '/api/rooms?status=live')
  assert.deepEqual(
    onAir.body.items.map((card) => [card.id, card.viewers]),
    [[id, 1]],
  )
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 2)) >= 25)
  const desk = await world.desk('GET', `/api/rooms/${id}/desk`)
  assert.equal(desk.stream?.connected, true)
  assert.deepEqual([desk.stream?.width, desk.stream?.height], [320, 180])
  assert.ok((desk.stream?.bitrateKbps ?? 0) > 0 && (desk.stream?.fps ?? 0) > 15)

  await first.kill()
  await viewer.whenView((view) => view.room.status === 'paused')
  assert.equal((await world.desk('GET', `/api/rooms/${id}/desk`)).stream?.connected, false)
  const second = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  assert.equal(viewer.view?.room.startedAt, page.startedAt, 'it is the same show')
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 1)) >= 12)

  const ended = await world.desk('POST', `/api/rooms/${id}/end`)
  assert.deepEqual([ended.status, ended.hasReplay], ['ended', true])
  await viewer.whenView((view) => view.room.status === 'ended')
  const { code } = await second.ended
  assert.notEqual(code, 0, 'the publisher was sent away')
  assert.match((await playlist(id, 'replay.m3u8')).text, /#EXT-X-ENDLIST/)
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/replay.m3u8`)) >= 50, 'both parts are in the replay')
  const over = await world.ask<{ items: RoomCard[] }>('GET', '/api/rooms?status=ended')
  assert.deepEqual(
    over.body.items.map((card) => card.id),
    [id],
  )
  const late = publish(world.publishUrl(ingest.streamKey))
  assert.notEqual((await late.ended).code, 0, 'an ended room lets nobody in')
  assert.equal((await world.page(id)).status, 'ended')
  viewer.ws.close()
})

test('a publisher that is back within the grace is not noticed', async () => {
  const { id, ingest } = await world.room()
  const viewer = await enter(id)
  const first = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await first.kill()
  const second = publish(world.publishUrl(ingest.streamKey))
  // Watched for longer than the grace, so that a pause would have been told by then.
  await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 9)
  await world.desk('POST', `/api/rooms/${id}/end`)
  await viewer.whenView((view) => view.room.status === 'ended')
  await second.ended
  const told = viewer.messages.flatMap((message) =>
    message.t === 'tick' ? message.events.flatMap((event) => (event.t === 'status' ? [event.status] : [])) : [],
  )
  assert.deepEqual(told, ['live', 'ended'])
  viewer.ws.close()
})

test('a wrong key, an old key and nonsense open nothing', async () => {
  const { id, ingest } = await world.room()
  await world.desk('POST', `/api/rooms/${id}/stream-key`)
  for (const key of ['a'.repeat(26), ingest.streamKey, "' or 1=1 --", String(id), '../1']) {
    const { code } = await publish(world.publishUrl(encodeURIComponent(key))).ended
    assert.notEqual(code, 0, key)
  }
  assert.equal((await world.page(id)).status, 'scheduled')
  assert.equal((await playlist(id, 'live.m3u8')).status, 404)
})

test('a new key sends the publisher of the old one away', async () => {
  const { id, ingest } = await world.room()
  const viewer = await enter(id)
  const old = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  const { ingest: fresh } = await world.desk('POST', `/api/rooms/${id}/stream-key`)
  assert.notEqual((await old.ended).code, 0)
  await viewer.whenView((view) => view.room.status === 'paused')
  const again = publish(world.publishUrl(fresh.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await again.kill()
  await world.desk('POST', `/api/rooms/${id}/end`)
  viewer.ws.close()
})

test('a room that was live when the server ended is paused after the restart, unless its publisher comes back', async () => {
  const { id, ingest } = await world.room()
  const watching = await enter(id)
  const publisher = publish(world.publishUrl(ingest.streamKey))
  await watching.whenView((view) => view.room.status === 'live')
  await world.restart()
  await publisher.ended
  const viewer = await enter(id)
  assert.equal(viewer.view?.room.status, 'live', 'for the length of the grace')
  await viewer.whenView((view) => view.room.status === 'paused')
  const again = publish(world.publishUrl(ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/live.m3u8`, 1)) >= 12)
  await again.kill()
  await world.desk('POST', `/api/rooms/${id}/end`)
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/replay.m3u8`)) > 0)
  viewer.ws.close()
})

test('a show whose host went home ends after two hours of silence, and one with video does not', async () => {
  const { db } = world.app.platform
  const [silent, onAir] = [await world.room(), await world.room()]
  const viewer = await enter(onAir.id)
  const publisher = publish(world.publishUrl(onAir.ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  await db.query(
    `update rooms set status = 'paused', started_at = now() - interval '3 hours', video_at = now() - interval '119 minutes'
     where id = $1`,
    [silent.id],
  )
  await db.query(`update rooms set video_at = now() - interval '3 hours' where id = $1`, [onAir.id])
  const job = world.app.slices.live.jobs?.find(({ name }) => name === 'live.end-silent-rooms')
  assert.ok(job)
  await job.run()
  assert.equal((await world.page(silent.id)).status, 'paused')
  await db.query(`update rooms set video_at = now() - interval '121 minutes' where id = $1`, [silent.id])
  await job.run()
  assert.equal((await world.page(silent.id)).status, 'ended')
  assert.equal((await world.page(onAir.id)).status, 'live')
  await world.desk('POST', `/api/rooms/${onAir.id}/end`)
  await publisher.ended
  viewer.ws.close()
})

test('nothing outside of the room is to be had under /media', async () => {
  for (const path of [
    '1/../2/live.m3u8',
    '1/%2e%2e/index.ndjson',
    '1/index.ndjson',
    'x/live.m3u8',
    '1/',
    '1/seg-..m4s',
  ]) {
    const response = await fetch(`${world.httpUrl}/media/${path}`)
    assert.ok(response.status === 404 || response.status === 400, `${path}: ${response.status}`)
    await response.body?.cancel()
  }
})
