import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { parseAvcConfig } from './codec/avc.ts'
import { createLiveHub } from './live-hub.ts'
import type { FlvTag } from './rtmp/flv-tags.ts'
import { openRtmpPublisher } from './rtmp/rtmp-publisher.ts'
import { clip, countFrames, isAudio, isVideo, sendTags } from './testing/clips.ts'
import { feed } from './testing/feed.ts'
import { runFfmpeg, watch } from './testing/ffmpeg.ts'
import { probe } from './testing/ffprobe.ts'
import { startMediaServer } from './testing/media-server.ts'
import { until } from './testing/until.ts'

/** What goes wrong on the way from a camera: sound or picture missing, a phone turned, a network gone for a while. */

const isConfig = ({ body }: FlvTag): boolean => body[1] === 0
const from = (tags: readonly FlvTag[], ms: number): FlvTag[] => tags.filter(({ timestampMs }) => timestampMs >= ms)
const before = (tags: readonly FlvTag[], ms: number): FlvTag[] => tags.filter(({ timestampMs }) => timestampMs < ms)

test('sound alone, as ffmpeg publishes it, plays as sound alone', async (t) => {
  const server = await startMediaServer(t, { streamLimits: { pictureWaitMs: 500 } })
  const tone = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '5', '-c:a', 'aac']
  const publisher = runFfmpeg([...tone, '-f', 'flv', server.publishUrl('room-1')])
  await once(server.hub.events, 'publish.ended')
  assert.equal((await publisher.done).code, 0)
  const health = server.hub.stream(1)?.health()
  assert.deepEqual([health?.videoCodec, health?.audioCodec], [null, 'mp4a.40.2'])
  await server.hub.endStream(1)
  for (const playlist of ['live.m3u8', 'replay.m3u8']) {
    const { streams, packets, warnings } = await probe(server.mediaUrl(1, playlist))
    assert.deepEqual(streams, ['aac'])
    assert.ok((packets[0] ?? 0) > 190, `${packets[0]} packets`)
    assert.equal(warnings, '', playlist)
    const { errors, audioFrames } = await watch(server.mediaUrl(1, playlist))
    assert.ok(audioFrames > 190, `${audioFrames} sounds`)
    assert.equal(errors, '', playlist)
  }
})

test('a microphone pulled out for four seconds is silence, and no player stops or starts anew', async (t) => {
  const server = await startMediaServer(t)
  const tags = await clip({ seconds: 8 })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendTags(publisher, before(tags, 2_000))
  await sendTags(publisher, before(from(tags, 2_000), 6_000).filter(isVideo))
  await until('silence is told of', () => server.hub.stream(1)?.health().warnings.includes('sound_gone') ?? false)
  await sendTags(publisher, from(tags, 6_000))
  await publisher.close()
  const health = server.hub.stream(1)?.health()
  assert.ok((health?.silenceMs ?? 0) > 3_500 && (health?.silenceMs ?? 0) < 4_300, `${health?.silenceMs} ms of silence`)
  await server.hub.endStream(1)
  const text = await (await fetch(server.mediaUrl(1, 'replay.m3u8'))).text()
  assert.equal(text.match(/#EXT-X-MAP/g)?.length, 1)
  assert.ok(!text.includes('#EXT-X-DISCONTINUITY'))
  const { frames, audioFrames, errors } = await watch(server.mediaUrl(1, 'replay.m3u8'))
  assert.equal(frames, countFrames(tags))
  assert.ok(Math.abs(audioFrames - (8 * 44_100) / 1_024) < 8, `${audioFrames} sounds`)
  assert.equal(errors, '')
  assert.equal((await probe(server.mediaUrl(1, 'replay.m3u8'))).warnings, '')
})

test('a phone that is turned and tells it in the key frame alone gets a new init segment', async (t) => {
  const server = await startMediaServer(t)
  const wide = await clip({ seconds: 3, size: '320x180' })
  const upright = await clip({ seconds: 3, size: '180x320' })
  const record = upright.find((tag) => isVideo(tag) && isConfig(tag))?.body.subarray(5) ?? assert.fail()
  const { parameterSets } = parseAvcConfig(record)
  const turned = upright
    .filter((tag) => !isConfig(tag))
    .map((tag) => {
      const isKey = isVideo(tag) && tag.body.readUInt8(0) >> 4 === 1
      return isKey
        ? { ...tag, body: Buffer.concat([tag.body.subarray(0, 5), parameterSets, tag.body.subarray(5)]) }
        : tag
    })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendTags(publisher, wide)
  await sendTags(publisher, turned, 3_000)
  await publisher.close()
  assert.deepEqual([server.hub.stream(1)?.health().widthPx, server.hub.stream(1)?.health().heightPx], [180, 320])
  await server.hub.endStream(1)
  const { sizes, errors } = await watch(server.mediaUrl(1, 'replay.m3u8'))
  assert.deepEqual(sizes, { '320x180': countFrames(wide), '180x320': countFrames(upright) })
  assert.equal(errors, '')
})

test('sound that joins after five seconds does so at a key frame, and the picture goes on', async (t) => {
  const server = await startMediaServer(t)
  const tags = await clip({ seconds: 8 })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendTags(publisher, before(tags, 5_000).filter(isVideo))
  await sendTags(
    publisher,
    tags.filter((tag) => isAudio(tag) && isConfig(tag)),
    5_000,
  )
  await sendTags(publisher, from(tags, 5_000))
  await publisher.close()
  await server.hub.endStream(1)
  const text = await (await fetch(server.mediaUrl(1, 'replay.m3u8'))).text()
  assert.equal(text.match(/#EXT-X-MAP/g)?.length, 2)
  assert.equal(text.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1)
  const lengths = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length))
  assert.ok(Math.abs(lengths.reduce((sum, length) => sum + length, 0) - 8) < 0.1, lengths.join())
  const codecs = server.hub.stream(1)?.health()
  assert.deepEqual([codecs?.audioCodec, codecs?.clockJumps], ['mp4a.40.2', 0])
})

test('a publisher that is away for thirty seconds comes back into the same show and recording, with the gap marked', async (t) => {
  const server = await startMediaServer(t)
  let nowMs = Date.parse('2026-11-30T12:00:00Z')
  const hub = createLiveHub({ storage: server.storage, now: () => nowMs })
  t.after(() => hub.close())
  const tags = await clip({ seconds: 4 })
  const publish = async (): Promise<boolean> => {
    const resumed = once(hub.events, 'publish.started')
    const answer = await hub.openIngest({ roomId: 7, protocol: 'rtmp', onEvicted: () => {} })
    assert.equal(answer.kind, 'opened')
    for (let second = 0; second < 4; second++) {
      feed(answer.sink, before(from(tags, second * 1_000), (second + 1) * 1_000))
      nowMs += 1_000
    }
    answer.sink.end('disconnected')
    return ((await resumed)[0] as { resumed: boolean }).resumed
  }
  assert.equal(await publish(), false)
  nowMs += 30_000
  assert.equal(await publish(), true)
  assert.match(hub.stream(7)?.playlist(false).toString() ?? '', /#EXT-X-DISCONTINUITY\n/)
  await hub.endStream(7)
  const replay = await (await fetch(server.mediaUrl(7, 'replay.m3u8'))).text()
  assert.equal(replay.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1)
  const clocks = [...replay.matchAll(/PROGRAM-DATE-TIME:(.*)\n#EXTINF:([\d.]+)/g)].map(([, at = '', s]) => ({
    startMs: Date.parse(at),
    endMs: Date.parse(at) + Number(s) * 1_000,
  }))
  const gaps = clocks.slice(1).map(({ startMs }, at) => startMs - (clocks[at]?.endMs ?? 0))
  const long = gaps.filter((ms) => ms > 1_000)
  assert.equal(long.length, 1)
  assert.ok(Math.abs((long[0] ?? 0) - 30_000) < 1_500, `${long[0]} ms`)
  const { frames, errors } = await watch(server.mediaUrl(7, 'replay.m3u8'))
  assert.equal(frames, 2 * countFrames(tags))
  assert.equal(errors, '')
})

test('with a key frame a minute a viewer still starts at the last one, and memory stays bounded', async (t) => {
  const server = await startMediaServer(t)
  const answer = await server.hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
  assert.equal(answer.kind, 'opened')
  const { sink, stream } = answer
  const tags = await clip({ seconds: 62, size: '160x90', rate: 10, gop: 600 })
  feed(sink, before(tags, 58_000))
  const late = stream.onChunk(() => {})
  assert.ok(late.backlog[0]?.key)
  assert.equal(late.backlog[0]?.startMs, 0)
  assert.ok(stream.init)
  feed(sink, from(tags, 58_000))
  const fresh = stream.onChunk(() => {})
  assert.ok((fresh.backlog[0]?.startMs ?? 0) >= 60_000)
  assert.ok(stream.health().warnings.includes('long_gop'))
  sink.end('stopped')
  await server.hub.endStream(1)
  const { frames, errors } = await watch(server.mediaUrl(1, 'replay.m3u8'))
  assert.equal(frames, countFrames(tags))
  assert.equal(errors, '')
})

test('a clock that passes its 32-bit end goes on without a jump', async (t) => {
  const server = await startMediaServer(t)
  const tags = await clip({ seconds: 4 })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendTags(publisher, tags, 0xffffffff - 2_000)
  await publisher.close()
  assert.equal(server.hub.stream(1)?.health().clockJumps, 0)
  await server.hub.endStream(1)
  const { frames, audioFrames, errors } = await watch(server.mediaUrl(1, 'replay.m3u8'))
  assert.equal(frames, countFrames(tags))
  assert.ok(audioFrames >= 170, `${audioFrames} sounds`)
  assert.equal(errors, '')
})

test('twenty minutes and a hundred starts leave no more behind than the window of the playlist', async (t) => {
  let nowMs = 0
  const hub = createLiveHub({ storage: null, now: () => nowMs, limits: { lingerMs: 1 } })
  t.after(() => hub.close())
  const tags = await clip({ seconds: 4, size: '160x90', rate: 10 })
  const publish = async (rounds: number): Promise<void> => {
    const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
    assert.equal(answer.kind, 'opened')
    for (let round = 0; round < rounds; round++) {
      feed(answer.sink, tags, round * 4_000)
      nowMs += 4_000
    }
    const { stream, sink } = answer
    const numbers =
      stream
        .playlist(false)
        .toString()
        .match(/seg-\d+/g) ?? []
    const last = Number(numbers.at(-1)?.slice(4))
    assert.ok(numbers.length <= 6)
    assert.ok(stream.segmentBytes(last))
    assert.equal(stream.segmentBytes(last - 9), null, 'older segments are let go')
    assert.ok(stream.onChunk(() => {}).backlog.length < 30)
    sink.end('stopped')
  }
  await publish(300)
  for (let start = 0; start < 100; start++) await publish(2)
  await hub.endStream(1)
  await until('the ended show is let go', () => hub.streams().length === 0)
})
