import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseAudioTrack } from '../codec/audio-track.ts'
import { parseAvcConfig } from '../codec/avc.ts'
import { MediaFormatError } from '../ingest-sink.ts'
import { defaultRtmpLimits, defaultStreamLimits } from '../limits.ts'
import { Chunker } from '../mux/chunker.ts'
import { readBoxes } from '../mux/mp4-boxes.ts'
import { clip } from '../testing/clips.ts'
import { encodeAmf0 } from './amf0.ts'
import { writeRtmpMessage } from './rtmp-chunk-writer.ts'
import { handshakeBytes } from './rtmp-handshake.ts'
import { messageType } from './rtmp-message.ts'
import { RtmpSession } from './rtmp-session.ts'

const greeting = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * handshakeBytes)])

interface Fuzzed {
  session: RtmpSession
  chunker: Chunker
  closings: string[]
  faults: unknown[]
  chunkBytes: number
}

/** A session whose every publish is accepted and whose media go through the real chunker. */
function newSession(): Fuzzed {
  const fuzzed: Omit<Fuzzed, 'session' | 'chunker'> = { closings: [], faults: [], chunkBytes: 0 }
  const chunker = new Chunker({
    limits: defaultStreamLimits,
    startMs: 0,
    sequence: 0,
    partTargetMs: null,
    discontinuity: false,
    onChunk: ({ bytes }) => {
      fuzzed.chunkBytes += bytes.length
      assert.deepEqual(
        readBoxes(bytes).map((box) => box.type),
        ['moof', 'mdat'],
      )
    },
  })
  const sink = {
    setVideo: chunker.setVideo.bind(chunker),
    setAudio: chunker.setAudio.bind(chunker),
    video: chunker.video.bind(chunker),
    audio: chunker.audio.bind(chunker),
    end: () => chunker.end(),
  }
  const session = new RtmpSession({
    limits: { ...defaultRtmpLimits, partialBytes: 65_536, messageBytes: 65_536 },
    now: () => 0,
    onFault: (error) => fuzzed.faults.push(error),
    onRefused: () => {},
    port: { write: () => {}, close: (reason) => fuzzed.closings.push(reason) },
    publish: async () => ({ kind: 'accepted', sink, nameEncoder: () => {} }),
  })
  return Object.assign(fuzzed, { session, chunker })
}

function commands(): Buffer {
  const command = (streamId: number, ...values: Parameters<typeof encodeAmf0>[0]): Buffer =>
    writeRtmpMessage(3, { typeId: messageType.commandAmf0, streamId, timestampMs: 0, payload: encodeAmf0(values) }, 128)
  return Buffer.concat([
    command(0, 'connect', 1, { app: 'live' }),
    command(0, 'createStream', 2, null),
    command(1, 'publish', 3, null, 'key', 'live'),
  ])
}

async function publishing(): Promise<Fuzzed> {
  const fuzzed = newSession()
  fuzzed.session.receive(Buffer.concat([greeting, commands()]))
  await new Promise((resolve) => setImmediate(resolve))
  assert.ok(fuzzed.session.publishing)
  return fuzzed
}

function assertSound(fuzzed: Fuzzed): void {
  fuzzed.session.stop('end')
  assert.deepEqual(fuzzed.faults, [])
  assert.equal(fuzzed.closings.length, 1)
}

test('random bytes before and after the handshake close a session once or leave it waiting', () => {
  const bytes = fc.uint8Array({ maxLength: 600, size: 'max' })
  fc.assert(
    fc.property(fc.boolean(), fc.array(bytes, { maxLength: 4 }), (shaken, pieces) => {
      const fuzzed = newSession()
      if (shaken) fuzzed.session.receive(greeting)
      for (const piece of pieces) fuzzed.session.receive(Buffer.from(piece))
      assertSound(fuzzed)
    }),
    { numRuns: 1_500 },
  )
})

test('well-framed messages with random contents never raise a fault', async () => {
  const message = fc.record({
    typeId: fc.constantFrom(...Object.values(messageType)),
    timestampMs: fc.oneof(fc.nat(5_000), fc.nat(0xffffffff)),
    start: fc.constantFrom(
      [],
      [0x17, 0, 0, 0, 0],
      [0x17, 1, 0, 0, 0],
      [0x27, 1, 0xff, 0xff, 0xff],
      [0xaf, 0],
      [0xaf, 1],
    ),
    rest: fc.uint8Array({ maxLength: 80 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 12 }), async (messages) => {
      const fuzzed = await publishing()
      for (const { typeId, timestampMs, start, rest } of messages) {
        const payload = Buffer.from([...start, ...rest])
        fuzzed.session.receive(writeRtmpMessage(5, { typeId, streamId: 1, timestampMs, payload }, 128))
      }
      assertSound(fuzzed)
    }),
    { numRuns: 2_000 },
  )
})

test('a real publish with bytes flipped or cut out anywhere never raises a fault and never grows', async () => {
  const tags = (await clip({ seconds: 1, size: '160x90', rate: 15 })).slice(0, 20)
  const whole = Buffer.concat(
    tags.map(({ typeId, timestampMs, body }) =>
      writeRtmpMessage(4, { typeId, streamId: 1, timestampMs, payload: body }, 128),
    ),
  )
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
  let chunkBytes = 0
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(whole.length), fc.nat(64), async (flips, cutAt, cutLength) => {
      const fuzzed = await publishing()
      const bytes = Buffer.from(whole)
      for (const [at, value] of flips) bytes[at] = value
      fuzzed.session.receive(Buffer.concat([bytes.subarray(0, cutAt), bytes.subarray(cutAt + cutLength)]))
      assertSound(fuzzed)
      assert.ok(fuzzed.chunkBytes <= 2 * whole.length + 65_536)
      chunkBytes += fuzzed.chunkBytes
    }),
    { numRuns: 1_500 },
  )
  assert.ok(chunkBytes > 0, 'damaged publishes still reach the mux')
})

test('random and damaged codec configurations are read or refused', async () => {
  const tags = await clip({ seconds: 1, size: '160x90', rate: 15 })
  const avcC = tags.find((tag) => tag.typeId === messageType.video && tag.body[1] === 0)?.body.subarray(5)
  assert.ok(avcC)
  const tolerated = (read: () => unknown): void => {
    try {
      read()
    } catch (error) {
      assert.ok(error instanceof MediaFormatError, String(error))
    }
  }
  const flips = fc.array(fc.tuple(fc.nat(avcC.length - 1), fc.nat(255)), { maxLength: 4 })
  fc.assert(
    fc.property(flips, fc.nat(avcC.length), fc.uint8Array({ maxLength: 40 }), (changes, length, random) => {
      const damaged = Buffer.from(avcC.subarray(0, length))
      for (const [at, value] of changes) if (at < length) damaged[at] = value
      tolerated(() => parseAvcConfig(damaged))
      tolerated(() => parseAvcConfig(Buffer.from([1, 66, 0, 30, 255, 225, 0, random.length, ...random])))
      tolerated(() => parseAudioTrack({ codec: 'aac', specificConfig: Buffer.from(random) }))
    }),
    { numRuns: 8_000 },
  )
})
