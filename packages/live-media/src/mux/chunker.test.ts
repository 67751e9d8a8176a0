import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultStreamLimits } from '../limits.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { clip } from '../testing/clips.ts'
import { type Chunk, Chunker } from './chunker.ts'
import { readBoxes } from './mp4-boxes.ts'

interface Run {
  trackId: number
  baseTicks: number
  endTicks: number
  samples: number
  bytes: number
}

/** Reads the runs of a fragment back with a reader that shares nothing with the writer but the box splitter. */
function runsOf(fragment: Buffer): { runs: Run[]; dataBytes: number } {
  const [moof, mdat] = readBoxes(fragment)
  assert.ok(moof && mdat)
  const runs = readBoxes(moof.payload)
    .filter(({ type }) => type === 'traf')
    .map(({ payload }) => {
      const [tfhd, tfdt, trun] = readBoxes(payload)
      assert.ok(tfhd && tfdt && trun)
      const baseTicks = Number(tfdt.payload.readBigUInt64BE(4))
      const samples = trun.payload.readUInt32BE(4)
      let endTicks = baseTicks
      let bytes = 0
      for (let at = 12; at < trun.payload.length; at += 16) {
        assert.ok(trun.payload.readUInt32BE(at) > 0, 'a sample has a length')
        endTicks += trun.payload.readUInt32BE(at)
        bytes += trun.payload.readUInt32BE(at + 4)
      }
      return { trackId: tfhd.payload.readUInt32BE(4), baseTicks, endTicks, samples, bytes }
    })
  return { runs, dataBytes: mdat.payload.length }
}

async function makeChunker(onChunk: (chunk: Chunk) => void): Promise<Chunker> {
  const tags = await clip({ seconds: 1, size: '160x90', rate: 15 })
  const configuration = (typeId: number, headBytes: number): Buffer => {
    const tag = tags.find((candidate) => candidate.typeId === typeId && candidate.body[1] === 0)
    assert.ok(tag)
    return tag.body.subarray(headBytes)
  }
  const start = { startMs: 0, sequence: 0, partTargetMs: null, discontinuity: false }
  const chunker = new Chunker({ ...start, limits: defaultStreamLimits, onChunk })
  chunker.setVideo(configuration(messageType.video, 5))
  chunker.setAudio({ codec: 'aac', specificConfig: configuration(messageType.audio, 2) })
  return chunker
}

const picture = Buffer.from([0, 0, 0, 3, 0x41, 1, 2])
const sound = Buffer.from([1, 2, 3])

test('whatever the stamps, both tracks run on without overlap, and every chunk holds what it lists', async () => {
  const step = fc.record({
    stepMs: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 15, max: 70 }) },
      fc.integer({ min: -90_000, max: 90_000 }),
    ),
    key: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    sounds: fc.array(fc.integer({ min: -200, max: 200 }), { maxLength: 3 }),
    compositionMs: fc.integer({ min: -0x800000, max: 0x7fffff }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150 }), fc.nat(0xffffffff), async (steps, startMs) => {
      const chunks: Chunk[] = []
      const chunker = await makeChunker((chunk) => chunks.push(chunk))
      let dtsMs = startMs
      let placed = 0
      for (const { stepMs, key, sounds, compositionMs } of steps) {
        dtsMs += stepMs
        chunker.video({ dtsMs, compositionMs, key, data: picture })
        if (key || placed > 0) placed++
        for (const offMs of sounds) chunker.audio({ dtsMs: dtsMs + offMs, data: sound })
      }
      chunker.end()
      assertContinuous(chunks)
      const frames = chunks.flatMap(({ bytes }) => runsOf(bytes).runs.filter(({ trackId }) => trackId === 1))
      assert.equal(
        frames.reduce((sum, run) => sum + run.samples, 0),
        placed,
      )
    }),
    { numRuns: 400 },
  )
})

function assertContinuous(chunks: readonly Chunk[]): void {
  let videoTicks: number | null = null
  let audioTicks = 0
  let startsNext = true
  for (const chunk of chunks) {
    assert.equal(chunk.startsSegment, startsNext)
    assert.ok(!chunk.endsSegment || chunk.endsPart)
    assert.ok(chunk.durationMs > 0)
    startsNext = chunk.endsSegment
    const { runs, dataBytes } = runsOf(chunk.bytes)
    assert.equal(
      runs.reduce((sum, run) => sum + run.bytes, 0),
      dataBytes,
    )
    for (const { trackId, baseTicks, endTicks } of runs) {
      if (trackId === 1) {
        assert.equal(baseTicks, videoTicks ?? baseTicks, 'pictures follow on from each other')
        assert.equal(endTicks - baseTicks, chunk.durationMs * 90)
        videoTicks = endTicks
      } else {
        assert.ok(baseTicks >= audioTicks, 'sounds never overlap')
        audioTicks = endTicks
      }
    }
  }
}

test('endless GOPs are cut, and frames that cannot be are dropped and counted', async () => {
  const chunks: Chunk[] = []
  const chunker = await makeChunker((chunk) => chunks.push(chunk))
  chunker.video({ dtsMs: 0, compositionMs: 0, key: false, data: picture })
  for (let i = 0; i < 1_000; i++) chunker.video({ dtsMs: i * 33, compositionMs: 0, key: i === 0, data: picture })
  chunker.video({ dtsMs: 34_000, compositionMs: 0, key: false, data: Buffer.from([0, 0, 0, 9, 1]) })
  chunker.video({ dtsMs: 34_000, compositionMs: 0, key: false, data: Buffer.alloc(0) })
  chunker.end()
  assert.equal(chunker.droppedFrames, 3)
  const segments = chunks.filter(({ endsSegment }) => endsSegment).length
  assert.equal(segments, 4)
})

test('sound that goes on without pictures plays alone until a key frame comes', async () => {
  const chunks: Chunk[] = []
  const chunker = await makeChunker((chunk) => chunks.push(chunk))
  chunker.video({ dtsMs: 0, compositionMs: 0, key: true, data: picture })
  const sounds = 1_000
  for (let i = 0; i < sounds; i++) chunker.audio({ dtsMs: Math.round((i * 1024) / 44.1), data: sound })
  chunker.video({ dtsMs: 23_300, compositionMs: 0, key: false, data: picture })
  chunker.video({ dtsMs: 23_400, compositionMs: 0, key: true, data: picture })
  chunker.end()
  const codecs = chunks.map(({ init }) => init.codecs)
  assert.match(codecs.at(0) ?? '', /^avc1\.42c0..,mp4a\.40\.2$/)
  assert.equal(codecs.at(-1), codecs.at(0))
  const alone = chunks.filter(({ init }) => init.codecs === 'mp4a.40.2')
  assert.ok(alone.length > 280, `${alone.length} chunks of sound`)
  assert.ok(alone.every(({ key, durationMs }) => key && durationMs > 0 && durationMs < 100))
  assert.equal(chunks.filter(({ discontinuity }) => discontinuity).length, 2)
  const placed = alone.flatMap(({ bytes }) => runsOf(bytes).runs).reduce((sum, run) => sum + run.samples, 0)
  assert.ok(placed > sounds - 140 && placed <= sounds, `${placed} sounds`)
  assert.equal(chunker.droppedFrames, 1)
  assertContinuous(alone)
})

test('packets beyond what a chunk can hold are dropped', async () => {
  let bytes = 0
  const chunker = await makeChunker((chunk) => {
    bytes += chunk.bytes.length
  })
  chunker.setAudio({ codec: 'opus', channels: 1 })
  chunker.video({ dtsMs: 0, compositionMs: 0, key: true, data: picture })
  // Opus packets of 2.5 ms, all for the same moment.
  for (let i = 0; i < 1_000; i++) chunker.audio({ dtsMs: i * 2.5, data: Buffer.from([0xe0, 1]) })
  chunker.end()
  assert.ok(chunker.droppedSounds >= 480)
  assert.ok(bytes < 30_000)
})
