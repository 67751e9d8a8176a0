import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentOpusPacket } from '../codec/silence.ts'
import type { AudioConfig, IngestSink, VideoCodec } from '../ingest-sink.ts'
import { feedFlvAudio, feedFlvVideo } from '../rtmp/flv-media.ts'
import { type FlvTag, readFlvTags } from '../rtmp/flv-tags.ts'
import { clip, countFrames, isAudio, isVideo } from '../testing/clips.ts'
import { feed } from '../testing/feed.ts'
import { watch } from '../testing/ffmpeg.ts'
import { probe } from '../testing/ffprobe.ts'
import { hevcTags } from '../testing/hevc-clip.ts'
import { type MediaServer, startMediaServer } from '../testing/media-server.ts'
import { until } from '../testing/until.ts'

/** Readers of FLV on real sockets: ffprobe, ffmpeg, our own reader, and one that does not read. */

async function open({ hub }: MediaServer, roomId: number): Promise<IngestSink> {
  const answer = await hub.openIngest({ roomId, protocol: 'rtmp', onEvicted: () => {} })
  return answer.kind === 'opened' ? answer.sink : assert.fail()
}

/** What a reader who is there from the first key frame on is given of these tags. */
async function readAll(server: MediaServer, act: (sink: IngestSink) => Promise<void> | void): Promise<Buffer> {
  const sink = await open(server, 1)
  const response = await fetch(server.mediaUrl(1, 'live.flv'))
  assert.equal(response.headers.get('content-type'), 'video/x-flv')
  await act(sink)
  await server.hub.endStream(1)
  return Buffer.from(await response.arrayBuffer())
}

/** Puts an FLV file into a sink that writes down what comes out. */
function reread(file: Buffer) {
  const heard = {
    codecs: [] as (VideoCodec | undefined)[],
    audio: [] as AudioConfig[],
    pictures: 0,
    sounds: 0,
    keys: 0,
  }
  const timesMs: number[] = []
  const sink: IngestSink = {
    setVideo: (_, codec) => heard.codecs.push(codec),
    setAudio: (config) => heard.audio.push(config),
    video: ({ dtsMs, key }) => {
      heard.pictures++
      if (key) heard.keys++
      timesMs.push(dtsMs)
    },
    audio: () => heard.sounds++,
    end: () => {},
  }
  const tags: FlvTag[] = readFlvTags(file)
  for (const tag of tags) {
    if (isVideo(tag)) feedFlvVideo(sink, tag.timestampMs, tag.body)
    if (isAudio(tag)) feedFlvAudio(sink, tag.timestampMs, tag.body)
  }
  assert.deepEqual(
    timesMs,
    timesMs.toSorted((a, b) => a - b),
  )
  return heard
}

test('ffprobe reads every packet without a warning, also of a picture that changes its size', async (t) => {
  const server = await startMediaServer(t)
  const [wide, small] = [await clip({ seconds: 2, bFrames: true }), await clip({ seconds: 2, size: '320x180' })]
  const file = await readAll(server, (sink) => {
    feed(sink, wide)
    feed(sink, small, 2_000)
  })
  const path = join(server.folder, 'seen.flv')
  await writeFile(path, file)
  const { streams, packets, warnings } = await probe(path)
  assert.deepEqual([streams, warnings], [['h264 640x360', 'aac'], ''])
  assert.equal(packets[0], countFrames(wide) + countFrames(small))
  assert.equal(reread(file).codecs.length, 2, 'the new size is told')
})

test('ffmpeg plays it from the last key frame on while it comes', async (t) => {
  const server = await startMediaServer(t)
  const sink = await open(server, 1)
  const tags = await clip({ seconds: 2 })
  let round = 0
  feed(sink, tags, round++ * 2_000)
  let seen: Awaited<ReturnType<typeof watch>> | undefined
  const watching = watch(server.mediaUrl(1, 'live.flv'), 3).then((watched) => {
    seen = watched
  })
  while (!seen && round < 500) {
    feed(sink, tags, round++ * 2_000)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await watching
  assert.equal(seen?.errors, '')
  assert.deepEqual(seen?.sizes, { '640x360': seen?.frames })
  assert.ok((seen?.frames ?? 0) >= 85 && (seen?.audioFrames ?? 0) > 100)
})

test('HEVC and Opus go by their four letters, and come out as they went in', async (t) => {
  const server = await startMediaServer(t)
  const tags = await hevcTags({ seconds: 2, size: '320x180', rate: 30 }, 'enhanced')
  const hevc = reread(await readAll(server, (sink) => feed(sink, tags)))
  assert.deepEqual(hevc.codecs, ['hevc'])
  assert.deepEqual([hevc.pictures, hevc.keys], [60, 2])
  assert.ok(hevc.sounds > 80)

  const other = await startMediaServer(t)
  const pictures = (await clip({ seconds: 2 })).filter(isVideo)
  const opus = reread(
    await readAll(other, (sink) => {
      sink.setAudio({ codec: 'opus', channels: 2 })
      for (const tag of pictures) {
        feed(sink, [tag])
        sink.audio({ dtsMs: tag.timestampMs, data: silentOpusPacket })
      }
    }),
  )
  assert.deepEqual(opus.audio, [{ codec: 'opus', channels: 2 }])
  assert.ok(opus.sounds > 50 && opus.pictures === 60)
})

test('who does not read is given no more and is put out; where nobody publishes there is nothing', async (t) => {
  const server = await startMediaServer(t, {
    viewerLimits: { stallMs: 300, sweepMs: 50, socketsByAddressMax: 1 },
    // Minutes of it are fed at once.
    streamLimits: { ingestBitsPerSecond: 1e12 },
  })
  assert.equal((await fetch(server.mediaUrl(1, 'live.flv'))).status, 404)
  const sink = await open(server, 1)
  const tags = await clip({ seconds: 2 })
  const { hostname, port, pathname } = new URL(server.mediaUrl(1, 'live.flv'))
  const raw = connect(Number(port), hostname)
  raw.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`)
  await once(raw, 'readable')
  assert.equal((await fetch(server.mediaUrl(1, 'live.flv'))).status, 429)
  let isFree = false
  for (let round = 0; !isFree && round < 500; round++) {
    feed(sink, tags, round * 2_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
    const answer = await fetch(server.mediaUrl(1, 'live.flv'))
    isFree = answer.status === 200
    await answer.body?.cancel()
  }
  assert.ok(isFree, 'its place is free')
  raw.on('error', () => {}).resume()
  await until('its connection is gone', () => raw.destroyed)
})
