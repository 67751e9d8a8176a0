import assert from 'node:assert/strict'
import { delimiter } from 'node:path'
import { test } from 'node:test'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { countFrames, type Publisher, publish } from './testing/publisher.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** The whole application with LADDER=1, with and without an ffmpeg in its PATH. */

async function onAir(world: LiveWorld): Promise<{ id: number; publisher: Publisher }> {
  const { id, ingest } = await world.room()
  const viewer = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  const publisher = publish(world.publishUrl(ingest.streamKey), '720x404')
  await viewer.whenView((view) => view.room.status === 'live')
  viewer.ws.close()
  return { id, publisher }
}

async function master(world: LiveWorld, id: number, wanted: RegExp): Promise<string> {
  for (;;) {
    const text = await (await fetch(`${world.httpUrl}/media/${id}/master.m3u8`)).text()
    if (wanted.test(text)) return text
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('with LADDER=1 and ffmpeg a room has a smaller rendition, until it ends', async () => {
  const world = await createLiveWorld({ LADDER: '1' })
  const { id, publisher } = await onAir(world)
  assert.match(await master(world, id, /360\/live\.m3u8/), /RESOLUTION=720x404[\s\S]*RESOLUTION=642x360/)
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/360/live.m3u8`, 1)) >= 12)
  assert.equal((await world.page(id)).video.url, `/media/${id}/master.m3u8`, 'players are shown them all')
  await world.desk('POST', `/api/rooms/${id}/end`)
  await publisher.ended
  const ended = await (await fetch(`${world.httpUrl}/media/${id}/360/live.m3u8`)).text()
  assert.match(ended, /#EXT-X-ENDLIST/)
  await world.close()
})

test('with LADDER=1 and no ffmpeg the room goes on air and the source is all there is', async () => {
  const { PATH = '' } = process.env
  const publisherPath = PATH
  process.env.PATH = PATH.split(delimiter)
    .filter((folder) => !/\/bin$|\/sbin$/.test(folder) || folder.includes('node-linux'))
    .join(delimiter)
  const world = await createLiveWorld({ LADDER: '1' })
  process.env.PATH = publisherPath
  const { id, publisher } = await onAir(world)
  const text = await master(world, id, /live\.m3u8/)
  assert.match(text, /\nlive\.m3u8\n$/)
  assert.ok((await countFrames(`${world.httpUrl}/media/${id}/master.m3u8`, 2)) >= 25)
  await world.desk('POST', `/api/rooms/${id}/end`)
  await publisher.ended
  await world.close()
})
