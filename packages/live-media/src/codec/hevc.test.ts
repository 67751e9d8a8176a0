import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MediaFormatError } from '../ingest-sink.ts'
import { encodeAmf0 } from '../rtmp/amf0.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { openRtmpPublisher } from '../rtmp/rtmp-publisher.ts'
import { connectAccepted } from '../rtmp/rtmp-replies.ts'
import { isVideo, sendTags } from '../testing/clips.ts'
import { watch } from '../testing/ffmpeg.ts'
import { type HevcDress, hevcTags } from '../testing/hevc-clip.ts'
import { startMediaServer } from '../testing/media-server.ts'
import { parseHevcConfig } from './hevc.ts'

const countPictures = (tags: Awaited<ReturnType<typeof hevcTags>>): number => tags.filter(isVideo).length - 1

test('HEVC by enhanced RTMP and by codec 12 is passed through, and a change of size starts a new init segment', async (t) => {
  const server = await startMediaServer(t)
  const dresses: HevcDress[] = ['enhanced', 'codec 12']
  for (const [at, dress] of dresses.entries()) {
    const roomId = at + 1
    const wide = await hevcTags({ seconds: 3, size: '320x180', rate: 30 }, dress)
    const upright = await hevcTags({ seconds: 3, size: '180x320', rate: 30, bFrames: 2 }, dress)
    const publisher = await openRtmpPublisher(server.publishUrl(`room-${roomId}`))
    await sendTags(publisher, wide)
    await sendTags(publisher, upright, 3_000)
    await publisher.close()
    const health = server.hub.stream(roomId)?.health()
    assert.match(health?.videoCodec ?? '', /^hvc1\.1\.6\.L\d+\.9?[0-9A-F.]+$/)
    assert.ok(health?.warnings.includes('hevc'))
    await server.hub.endStream(roomId)
    const init = server.hub
      .stream(roomId)
      ?.playlist(false)
      .toString()
      .match(/init-[0-9a-f]+\.mp4/g)
    assert.equal(new Set(init).size, 2)
    for (const playlist of ['live.m3u8', 'replay.m3u8']) {
      const { sizes, errors, audioFrames } = await watch(server.mediaUrl(roomId, playlist))
      assert.deepEqual(sizes, { '320x180': countPictures(wide), '180x320': countPictures(upright) }, dress)
      assert.ok(audioFrames > 250, `${audioFrames} audio frames`)
      assert.equal(errors, '', `${dress} ${playlist}`)
    }
  }
})

test('sizes that are no multiple of a block come out as drawn, and records that are none are refused', async () => {
  for (const size of ['320x180', '98x102', '1920x1080']) {
    const [config] = await hevcTags({ seconds: 0.2, size, rate: 10 }, 'codec 12')
    const record = config?.body.subarray(5) ?? assert.fail()
    const { widthPx, heightPx, common } = parseHevcConfig(record)
    assert.equal(`${widthPx}x${heightPx}`, size)
    assert.ok(common)
    for (const cut of [0, 10, 22, 40, record.length - 1]) {
      assert.throws(() => parseHevcConfig(record.subarray(0, cut)), MediaFormatError)
    }
  }
})

test('a client that lists its codecs is told which are passed on, and another is not bothered', () => {
  const [told, plain] = [true, false].map((enhanced) => connectAccepted(1, enhanced).toString('latin1'))
  for (const name of ['fourCcList', 'videoFourCcInfoMap', 'hvc1', 'avc1', 'Opus', 'capsEx']) {
    assert.ok(told?.includes(name), name)
    assert.ok(!plain?.includes(name), name)
  }
})

test('what cannot be passed on is refused by its name, over RTMP and at the desk', async (t) => {
  const server = await startMediaServer(t)
  const { video, audio } = messageType
  const strange: [name: string, typeId: number, body: Buffer][] = [
    ['AV1', video, Buffer.from('\x90av01\x81\0\0\0', 'latin1')],
    ['VP9', video, Buffer.from('\x90vp09\0\0\0\0', 'latin1')],
    ['Sorenson H.263', video, Buffer.from([0x12, 0, 0, 0, 0, 0])],
    ['MP3', audio, Buffer.from([0x2f, 0xff, 0xfb, 0x90])],
    ['Speex', audio, Buffer.from([0xb6, 1, 2])],
    ['MP3', audio, Buffer.from('\x91.mp3\xff\xfb', 'latin1')],
    ['FLAC', audio, Buffer.from('\x90fLaC\0\0', 'latin1')],
  ]
  for (const [at, [name, typeId, body]] of strange.entries()) {
    const publisher = await openRtmpPublisher(server.publishUrl(`room-${at + 1}`))
    await publisher.send({ typeId: messageType.dataAmf0, timestampMs: 0, body: encodeAmf0(['onMetaData', {}]) })
    await publisher.send({ typeId, timestampMs: 0, body })
    await publisher.closed
    const note = server.hub.lastRefusal(at + 1)
    assert.equal(note?.code, typeId === video ? 'video_codec' : 'audio_codec')
    assert.ok(note?.zh.includes(name) && note.en.includes(name), note?.en)
    assert.match(publisher.refusal ?? '', new RegExp(`NetStream.Publish.Rejected.*${name}`))
  }
})
