import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { createLiveHub } from '../live-hub.ts'
import { cutSegment, findCuts } from '../recording/cut-segment.ts'
import { makeStillMp4, takeStill } from '../recording/still-picture.ts'
import { clip } from '../testing/clips.ts'
import { feed } from '../testing/feed.ts'
import { type Mp4Track, moveSegment, readSamples, readTracks } from './mp4-samples.ts'

let init: Buffer
let segment: Buffer
let tracks: Mp4Track[]

before(async () => {
  const hub = createLiveHub({ storage: null })
  const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
  assert.equal(answer.kind, 'opened')
  feed(answer.sink, await clip({ seconds: 5, size: '160x90', rate: 15, bFrames: true }))
  const playlist = answer.stream.playlist(false).toString()
  init = answer.stream.initBytes(/MAP:URI="(.*)"/.exec(playlist)?.[1] ?? '') ?? assert.fail()
  segment = answer.stream.segmentBytes(0) ?? assert.fail()
  tracks = readTracks(init)
  await hub.close()
})

test('cutting a segment at both ends leaves the samples in between as they are', () => {
  const all = readSamples(segment)
  const { framesMs } = findCuts(segment, tracks)
  fc.assert(
    fc.property(fc.nat(framesMs.length - 1), fc.nat(framesMs.length - 1), (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)].map((index) => framesMs[index] ?? 0)
      const cut = cutSegment(segment, tracks, from ?? 0, to ?? 0)
      if (cut === null) return assert.equal(from, to)
      for (const [trackId, samples] of readSamples(cut)) {
        const known = all.get(trackId) ?? []
        const at = known.findIndex(({ startTicks }) => startTicks === samples[0]?.startTicks)
        assert.deepEqual(samples, known.slice(at, at + samples.length))
      }
      assert.ok((readSamples(cut).get(1)?.[0]?.key ?? false) === true, 'it begins with a key frame')
    }),
  )
})

test('moving a segment changes its clock and nothing else', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), fc.nat(2 ** 31), (shiftMs, sequence) => {
      const moved = moveSegment(segment, tracks, shiftMs, sequence)
      assert.equal(moved.length, segment.length)
      for (const [trackId, samples] of readSamples(moved)) {
        const ticks = tracks.find(({ id }) => id === trackId)?.ticksPerSecond ?? 0
        const before = readSamples(segment).get(trackId)
        const shiftTicks = Math.round((shiftMs * ticks) / 1000)
        assert.equal((samples[0]?.startTicks ?? 0) - (before?.[0]?.startTicks ?? 0), shiftTicks)
        assert.deepEqual(
          samples.map(({ data }) => data),
          before?.map(({ data }) => data),
        )
      }
    }),
    { numRuns: 50 },
  )
})

test('bytes that are damaged anywhere are refused and nothing worse', () => {
  const flips = fc.array(fc.tuple(fc.nat(3_000), fc.nat(255)), { minLength: 1, maxLength: 6 })
  const orRefused = (read: () => unknown): void => {
    try {
      read()
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error))
    }
  }
  const damage = (bytes: Buffer, changes: readonly (readonly [number, number])[], length: number): Buffer => {
    const damaged = Buffer.from(bytes.subarray(0, Math.max(1, bytes.length - length)))
    for (const [at, value] of changes) damaged[at % damaged.length] = value
    return damaged
  }
  fc.assert(
    fc.property(flips, fc.nat(2_000), fc.boolean(), (changes, length, whole) => {
      const bad = damage(segment, changes, whole ? 0 : length)
      const badInit = damage(init, changes, whole ? 0 : length)
      orRefused(() => readSamples(bad))
      orRefused(() => findCuts(bad, tracks))
      orRefused(() => cutSegment(bad, tracks, 500, 1_500))
      orRefused(() => moveSegment(bad, tracks, 1_000, 1))
      orRefused(() => readTracks(badInit))
      orRefused(() => {
        const still = takeStill(badInit, bad, 500)
        if (still) makeStillMp4([still])
      })
    }),
    { numRuns: 1_000 },
  )
})
