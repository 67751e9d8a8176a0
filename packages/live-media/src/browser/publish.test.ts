import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { openRtmpPublisher } from '../rtmp/rtmp-publisher.ts'
import { clip, countFrames, isAudio, isVideo, sendTags } from '../testing/clips.ts'
import { clipArgs, runFfmpeg, watch } from '../testing/ffmpeg.ts'
import { startMediaServer } from '../testing/media-server.ts'

test('what ffmpeg publishes over RTMP is what ffmpeg plays from live.m3u8, frame for frame', async (t) => {
  const server = await startMediaServer(t)
  const publisher = runFfmpeg(['-re', ...clipArgs({ seconds: 6 }), server.publishUrl('room-1')])
  const arrived = once(server.hub.events, 'video.arrived')
  const ended = once(server.hub.events, 'publish.ended')
  await arrived
  const watching = watch(server.mediaUrl(1, 'live.m3u8'))
  await ended
  await server.hub.endStream(1)
  const { frames, audioFrames, errors } = await watching
  assert.equal((await publisher.done).code, 0)
  assert.equal(errors, '')
  assert.equal(frames, 180)
  assert.ok(audioFrames > 250, `${audioFrames} audio frames`)
  assert.deepEqual(server.published, ['start 1', 'stop 1 unpublished'])

  const replayed = await watch(server.mediaUrl(1, 'replay.m3u8'))
  assert.equal(replayed.errors, '')
  assert.equal(replayed.frames, 180)
})

test('a publisher who drops and comes back with another picture size goes on in the same stream', async (t) => {
  const server = await startMediaServer(t)
  const small = await clip({ seconds: 4 })
  const large = await clip({ seconds: 4, size: '854x480' })
  const first = await openRtmpPublisher(server.publishUrl('room-2'))
  await sendTags(first, small)
  const dropped = once(server.hub.events, 'publish.ended')
  first.destroy()
  await dropped
  assert.equal(server.hub.stream(2)?.health().state, 'waiting')
  const second = await openRtmpPublisher(server.publishUrl('room-2'))
  await sendTags(second, large, 7_000_000)
  await second.close()
  await server.hub.endStream(2)

  const text = await (await fetch(server.mediaUrl(2, 'live.m3u8'))).text()
  assert.equal(text.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1)
  assert.equal(text.match(/#EXT-X-MAP/g)?.length, 2)
  for (const playlist of ['live.m3u8', 'replay.m3u8']) {
    const { sizes, errors } = await watch(server.mediaUrl(2, playlist))
    assert.deepEqual(sizes, { '640x360': countFrames(small), '854x480': countFrames(large) }, playlist)
    assert.equal(errors, '', playlist)
  }
})

test('new parameter sets in the middle of one publish start a new init segment and lose no frame', async (t) => {
  const server = await startMediaServer(t)
  const small = await clip({ seconds: 4 })
  const large = await clip({ seconds: 4, size: '854x480' })
  const publisher = await openRtmpPublisher(server.publishUrl('room-3'))
  await sendTags(publisher, small)
  await sendTags(publisher, large, 4_000)
  await publisher.close()
  await server.hub.endStream(3)
  const { sizes, errors } = await watch(server.mediaUrl(3, 'live.m3u8'))
  assert.deepEqual(sizes, { '640x360': countFrames(small), '854x480': countFrames(large) })
  assert.equal(errors, '')
})

test('B-frames with signed composition offsets play in order', async (t) => {
  const server = await startMediaServer(t)
  const tags = await clip({ seconds: 3, bFrames: true })
  const publisher = await openRtmpPublisher(server.publishUrl('room-4'))
  await sendTags(publisher, tags)
  const health = server.hub.stream(4)?.health()
  await publisher.close()
  await server.hub.endStream(4)
  assert.ok(health)
  const { frames, errors } = await watch(server.mediaUrl(4, 'live.m3u8'))
  assert.equal(frames, countFrames(tags))
  assert.equal(errors, '')
  assert.ok(server.hub.stream(4)?.health().warnings.includes('b_frames'))
})

test('video alone plays, and audio that comes late joins at a key frame', async (t) => {
  const type = 'application/vnd.apple.mpegurl'
  const pages: Record<string, { type: string; body: string }> = {}
  const server = await startMediaServer(t, { pages })
  const tags = await clip({ seconds: 6 })
  const silent = await openRtmpPublisher(server.publishUrl('room-5'))
  await sendTags(silent, tags.filter(isVideo))
  await silent.close()
  await server.hub.endStream(5)
  const alone = await watch(server.mediaUrl(5, 'live.m3u8'))
  assert.equal(alone.frames, 180)
  assert.equal(alone.audioFrames, 0)

  const late = await openRtmpPublisher(server.publishUrl('room-6'))
  const configured = tags.filter((tag) => isAudio(tag) && tag.body[1] === 0)
  await sendTags(
    late,
    tags.filter((tag) => isVideo(tag) && tag.timestampMs < 2_500),
  )
  await sendTags(late, configured, 2_500)
  await sendTags(
    late,
    tags.filter((tag) => tag.timestampMs >= 2_500),
  )
  await late.close()
  await server.hub.endStream(6)
  const text = await (await fetch(server.mediaUrl(6, 'replay.m3u8'))).text()
  assert.equal(text.match(/#EXT-X-MAP/g)?.length, 2)
  assert.equal(text.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1)
  // ffmpeg as a client keeps the tracks it saw first, so it plays the two halves one by one.
  const [head = '', tail = ''] = text.split('#EXT-X-DISCONTINUITY\n')
  pages['/media/6/before.m3u8'] = { type, body: `${head}#EXT-X-ENDLIST\n` }
  pages['/media/6/after.m3u8'] = { type, body: `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n${tail}` }
  const before = await watch(server.mediaUrl(6, 'before.m3u8'))
  const after = await watch(server.mediaUrl(6, 'after.m3u8'))
  assert.equal(before.frames + after.frames, 180)
  assert.equal(before.audioFrames, 0)
  assert.ok(after.audioFrames > 100, `${after.audioFrames} audio frames`)
  assert.equal(after.errors, '')
})

test('jumps of the publisher clock, back, forward and over its 32-bit end, leave a continuous stream', async (t) => {
  const server = await startMediaServer(t)
  const tags = await clip({ seconds: 3 })
  const publisher = await openRtmpPublisher(server.publishUrl('room-7'))
  for (const shiftMs of [0xffffffff - 1_500, 500, 3_600_000, 20]) await sendTags(publisher, tags, shiftMs)
  await publisher.close()
  await server.hub.endStream(7)
  assert.ok((server.hub.stream(7)?.health().clockJumps ?? 0) >= 3)
  const { frames, errors } = await watch(server.mediaUrl(7, 'replay.m3u8'))
  assert.equal(frames, 4 * 90)
  assert.equal(errors, '')
  const text = await (await fetch(server.mediaUrl(7, 'replay.m3u8'))).text()
  const lengths = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  assert.ok(Math.abs(total - 12) < 0.5, `${total} s`)
})
