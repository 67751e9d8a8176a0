import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type IndexReading, IndexWriter, readIndex } from './index-parts.ts'
import type { MediaStorage } from './media-storage.ts'
import type { RecordedSegment } from './recording-index.ts'

function lineOf(seq: number): RecordedSegment {
  return {
    ...{ seq, uri: `seg-${seq}.m4s`, init: 'init-0123456789abcdef.mp4', startMs: seq * 2_000, durationMs: 2_000 },
    ...{ discontinuity: false, bytes: 1 },
  }
}

/** Objects in memory, of which every put may fail. */
function memoryStorage(fails: () => boolean): MediaStorage & { objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>()
  return {
    objects,
    async put(key, bytes) {
      if (fails()) throw new Error('no')
      objects.set(key, Buffer.from(bytes))
    },
    read: async (key) => objects.get(key) ?? null,
    freeBytes: async () => null,
  }
}

test('an index of many parts reads as it was written, whatever was restarted and whichever puts failed', async () => {
  const runs = fc.array(fc.record({ lines: fc.nat(300), failing: fc.array(fc.nat(299), { maxLength: 40 }) }), {
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(runs, async (rounds) => {
      let failing = false
      const storage = memoryStorage(() => failing)
      const written: number[] = []
      let reading: IndexReading | undefined
      for (const { lines, failing: failingLines } of rounds) {
        const writer = new IndexWriter(storage, 1, await readIndex(storage, 1))
        for (let line = 0; line < lines; line++) {
          failing = failingLines.includes(line)
          const seq = (written.at(-1) ?? -1) + 1
          await writer.add(lineOf(seq)).then(
            () => {},
            () => {},
          )
          written.push(seq)
          failing = false
        }
        await writer.save()
        // Reading on from what was known gives the same as reading all.
        reading = await readIndex(storage, 1, reading)
        const all = await readIndex(storage, 1)
        for (const found of [reading, all])
          assert.deepEqual(
            found.segments.map(({ seq }) => seq),
            written,
          )
      }
    }),
    {
      numRuns: 40,
      examples: [
        [
          [
            { lines: 293, failing: [] },
            { lines: 220, failing: [218, 219] },
          ],
        ],
      ],
    },
  )
})

test('a part that is full is never written again', async () => {
  const storage = memoryStorage(() => false)
  const writer = new IndexWriter(storage, 1, await readIndex(storage, 1))
  for (let seq = 0; seq < 128; seq++) await writer.add(lineOf(seq))
  const first = storage.objects.get('1/index.ndjson')
  for (let seq = 128; seq < 300; seq++) await writer.add(lineOf(seq))
  assert.equal(storage.objects.get('1/index.ndjson'), first)
  assert.deepEqual([...storage.objects.keys()], ['1/index.ndjson', '1/index-1.ndjson', '1/index-2.ndjson'])
})
