import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultStreamLimits } from '../limits.ts'
import { decideCut, partTargetFor } from './cut.ts'

/** Parts' lengths of a stream with even frames, as stamps rounded to milliseconds give them. */
function partLengths(framesPerSecond: number, gopFrames: number): { lengths: number[]; lastOfSegment: boolean[] } {
  const frameMs = 1000 / framesPerSecond
  const partTargetMs = partTargetFor(frameMs, defaultStreamLimits.partMs)
  const [lengths, lastOfSegment]: [number[], boolean[]] = [[], []]
  let [chunkAt, partAt, segmentAt] = [0, 0, 0]
  for (let frame = 1; frame < framesPerSecond * 12; frame++) {
    const atMs = Math.round(frame * frameMs)
    const input = { chunkMs: atMs - chunkAt, partMs: atMs - partAt, segmentMs: atMs - segmentAt, segmentBytes: 0 }
    const cut = decideCut({ ...input, key: frame % gopFrames === 0, frameMs, partTargetMs }, defaultStreamLimits)
    if (cut !== 'none') chunkAt = atMs
    if (cut === 'part' || cut === 'segment') {
      lengths.push(atMs - partAt)
      lastOfSegment.push(cut === 'segment')
      partAt = atMs
    }
    if (cut === 'segment') segmentAt = atMs
  }
  return { lengths, lastOfSegment }
}

test('at any frame rate a part is at most its target and at least 85 % of it, but for the last of a segment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 60 }), fc.integer({ min: 10, max: 120 }), (framesPerSecond, gopFrames) => {
      const target = partTargetFor(1000 / framesPerSecond, defaultStreamLimits.partMs)
      const { lengths, lastOfSegment } = partLengths(framesPerSecond, gopFrames)
      assert.ok(lengths.length > 20)
      lengths.forEach((length, i) => {
        assert.ok(length <= target, `${length} of ${target}`)
        assert.ok(lastOfSegment[i] || length >= 0.85 * target, `${length} of ${target}`)
      })
    }),
  )
})
