import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultStreamLimits } from '../limits.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { clip } from '../testing/clips.ts'
import { FuzzRandom } from '../testing/fuzz-random.ts'
import { type Chunk, Chunker } from './chunker.ts'
import { readBoxes } from './mp4-boxes.ts'

/**
 * Three hours in simulated time: pictures at 15 a second by the publisher's clock, and AAC at 44.1 kHz by a sound card whose clock differs
 * from it, all stamped in whole milliseconds with jitter. What is measured is how far each sound stands from the picture of the same moment.
 */

const hoursMs = 3 * 3_600_000
const frameMs = 1000 / 15
const picture = Buffer.from([0, 0, 0, 3, 0x41, 1, 2])

interface Sound {
  /** When it was heard, on the publisher's clock. */
  heardMs: number
  number: number
}

/** Places of the sounds of a chunk in ms; each carries its number. */
function soundsOf(chunk: Chunk): { number: number; atMs: number }[] {
  const [moof, mdat] = readBoxes(chunk.bytes)
  assert.ok(moof && mdat)
  const found: { number: number; atMs: number }[] = []
  for (const { type, payload } of readBoxes(moof.payload)) {
    if (type !== 'traf') continue
    const [tfhd, tfdt, trun] = readBoxes(payload)
    if (!tfhd || !tfdt || !trun || tfhd.payload.readUInt32BE(4) !== 2) continue
    let ticks = Number(tfdt.payload.readBigUInt64BE(4))
    let dataAt = trun.payload.readUInt32BE(8) - (moof.payload.length + 16)
    for (let at = 12; at < trun.payload.length; at += 16) {
      const sizeBytes = trun.payload.readUInt32BE(at + 4)
      if (sizeBytes === 4) found.push({ number: mdat.payload.readUInt32BE(dataAt), atMs: ticks / 44.1 })
      ticks += trun.payload.readUInt32BE(at)
      dataAt += sizeBytes
    }
  }
  return found
}

async function worstDriftMs(ppm: number, jitterMs: number, seed: number): Promise<{ worstMs: number; placed: number }> {
  const random = new FuzzRandom(seed)
  const jitter = (): number => random.below(2 * jitterMs + 1) - jitterMs
  const heard = new Map<number, number>()
  let worstMs = 0
  let placed = 0
  const start = { limits: defaultStreamLimits, startMs: 0, sequence: 0, partTargetMs: null, discontinuity: false }
  const chunker = new Chunker({
    ...start,
    onChunk: (chunk) => {
      for (const { number, atMs } of soundsOf(chunk)) {
        worstMs = Math.max(worstMs, Math.abs(atMs - (heard.get(number) ?? Number.NaN)))
        heard.delete(number)
        placed++
      }
    },
  })
  const tags = await clip({ seconds: 1, size: '160x90', rate: 15 })
  const config = (typeId: number): Buffer =>
    tags.find((tag) => tag.typeId === typeId && tag.body[1] === 0)?.body ?? assert.fail()
  chunker.setVideo(config(messageType.video).subarray(5))
  chunker.setAudio({ codec: 'aac', specificConfig: config(messageType.audio).subarray(2) })
  const soundMs = (1024 / 44.1) * (1 + ppm / 1e6)
  let sound: Sound = { heardMs: 0, number: 0 }
  for (let at = 0; at * frameMs < hoursMs; at++) {
    const ms = at * frameMs
    // Pictures are on time, so that what is measured is the sound.
    chunker.video({ dtsMs: Math.round(ms), compositionMs: 0, key: at % 30 === 0, data: picture })
    for (; sound.heardMs <= ms; sound = { heardMs: sound.heardMs + soundMs, number: sound.number + 1 }) {
      const data = Buffer.alloc(4)
      data.writeUInt32BE(sound.number)
      heard.set(sound.number, sound.heardMs)
      chunker.audio({ dtsMs: Math.max(0, Math.round(sound.heardMs) + jitter()), data })
    }
    if (heard.size > 200) heard.clear()
  }
  chunker.end()
  return { worstMs, placed }
}

test('over three hours sound and picture stay within 40 ms, whatever the sound card’s clock and the jitter', async (t) => {
  for (const [ppm, jitterMs] of [
    [150, 10],
    [-150, 10],
  ] as const) {
    const seed = 20_261_130 + ppm
    const { worstMs, placed } = await worstDriftMs(ppm, jitterMs, seed)
    t.diagnostic(
      `${ppm} ppm, jitter ${jitterMs} ms, seed ${seed}: at most ${worstMs.toFixed(1)} ms apart, ${placed} sounds`,
    )
    assert.ok(worstMs < 40, `${worstMs} ms at ${ppm} ppm`)
    assert.ok(placed > 464_000, `${placed} sounds`)
  }
})
