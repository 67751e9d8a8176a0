import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MediaFormatError } from '../ingest-sink.ts'
import { readFlvTags } from '../rtmp/flv-tags.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { clip } from '../testing/clips.ts'
import { drawClip } from '../testing/ffmpeg.ts'
import { avcConfigIn, parseAvcConfig } from './avc.ts'
import { inspectNalUnits } from './video-track.ts'

test('picture sizes that are no multiple of 16 come out as drawn, in all profiles', async () => {
  for (const size of ['160x90', '854x480', '98x102', '1920x1080']) {
    for (const bFrames of [false, true]) {
      const tags = readFlvTags(await drawClip({ seconds: 0.1, size, rate: 10, audio: false, bFrames }))
      const tag = tags.find(({ typeId, body }) => typeId === messageType.video && body[1] === 0)
      assert.ok(tag)
      const { widthPx, heightPx, codec } = parseAvcConfig(tag.body.subarray(5))
      assert.equal(`${widthPx}x${heightPx}`, size)
      assert.match(codec, bFrames ? /^avc1\.6400/ : /^avc1\.42c0/)
    }
  }
})

test('NAL units are walked only when their lengths add up', async () => {
  const frames = (await clip({ seconds: 1 })).filter(
    ({ typeId, body }) => typeId === messageType.video && body[1] === 1,
  )
  const [first, second] = frames.map(({ body }) => body.subarray(5))
  assert.ok(first && second)
  for (const whole of [first, second]) assert.deepEqual(inspectNalUnits(whole, 'avc'), { hasParameterSets: false })
  for (const cut of [1, 3, 5, first.length - 1]) assert.equal(inspectNalUnits(first.subarray(0, cut), 'avc'), null)
  assert.equal(inspectNalUnits(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2]), 'avc'), null)
})

test('short NAL lengths and records without an SPS are refused', () => {
  assert.throws(() => parseAvcConfig(Buffer.from([1, 66, 0, 30, 0xfc, 0xe0, 0])), MediaFormatError)
  assert.throws(() => parseAvcConfig(Buffer.from([1, 66, 0, 30, 0xff, 0xe0, 0])), MediaFormatError)
  assert.throws(() => parseAvcConfig(Buffer.alloc(0)), MediaFormatError)
})

test('parameter sets in a key frame make a record of the same picture', async () => {
  const tags = await clip({ seconds: 1 })
  const record = tags.find(({ typeId, body }) => typeId === messageType.video && body[1] === 0)?.body.subarray(5)
  assert.ok(record)
  const given = parseAvcConfig(record)
  const frame = Buffer.concat([given.parameterSets, Buffer.from([0, 0, 0, 2, 0x65, 1])])
  assert.deepEqual(parseAvcConfig(avcConfigIn(frame) ?? assert.fail()), { ...given, record: avcConfigIn(frame) })
  assert.equal(avcConfigIn(Buffer.from([0, 0, 0, 2, 0x65, 1])), null)
})
