import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Chunk } from './mux/chunker.ts'
import { watch } from './testing/ffmpeg.ts'
import { probe } from './testing/ffprobe.ts'
import { publishWithGstreamer } from './testing/gstreamer.ts'
import { startMediaServer } from './testing/media-server.ts'

/** GStreamer as publisher, beside ffmpeg in the other tests, and ffprobe on every output, which must have nothing to say. */

test('what GStreamer publishes comes out of every output, and ffprobe finds nothing to say', async (t) => {
  const server = await startMediaServer(t)
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-publishers-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const [at, sink] of (['rtmp2sink', 'rtmpsink'] as const).entries()) {
    const roomId = at + 1
    const chunks: Chunk[] = []
    server.hub.events.on('publish.started', (event) => {
      if (event.roomId === roomId) setImmediate(() => server.hub.stream(roomId)?.onChunk((chunk) => chunks.push(chunk)))
    })
    const flv = once(server.hub.events, 'video.arrived').then(async () => {
      const answer = await fetch(server.mediaUrl(roomId, 'live.flv'))
      return Buffer.from(await answer.arrayBuffer())
    })
    const { said } = await publishWithGstreamer({ seconds: 5, sink, url: server.publishUrl(`room-${roomId}`) })
    const health = server.hub.stream(roomId)?.health()
    assert.match(health?.videoCodec ?? '', /^avc1\./, said)
    assert.equal(health?.audioCodec, 'mp4a.40.2')
    assert.ok((health?.frames ?? 0) > 120, `${health?.frames} frames`)
    await server.hub.endStream(roomId)
    const joined = join(folder, `${sink}.mp4`)
    await writeFile(
      joined,
      Buffer.concat([chunks[0]?.init.bytes ?? assert.fail(), ...chunks.map(({ bytes }) => bytes)]),
    )
    const received = join(folder, `${sink}.flv`)
    await writeFile(received, await flv)
    const playlists = ['live.m3u8', 'replay.m3u8'].map((name) => server.mediaUrl(roomId, name))
    for (const source of [...playlists, joined, received]) {
      const { streams, packets, warnings } = await probe(source)
      assert.deepEqual(streams.toSorted(), ['aac', 'h264 320x180'], source)
      assert.ok(Math.min(...packets) > 110 && Math.max(...packets) > 180, packets.join())
      assert.equal(warnings, '', source)
    }
    // GStreamer stamps its first pictures milliseconds apart, which ffmpeg as a player of a fixed rate remarks upon.
    const { frames } = await watch(server.mediaUrl(roomId, 'replay.m3u8'))
    assert.ok(frames > 120, `${frames} frames`)
  }
})
