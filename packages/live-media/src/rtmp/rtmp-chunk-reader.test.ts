import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RtmpChunkReader } from './rtmp-chunk-reader.ts'
import { writeRtmpMessage } from './rtmp-chunk-writer.ts'
import { type RtmpMessage, RtmpProtocolError } from './rtmp-message.ts'

const limits = { messageBytes: 4096, partialBytes: 8192, chunkStreams: 4 }

const messages = fc.array(
  fc.record({
    chunkStreamId: fc.integer({ min: 2, max: 5 }),
    typeId: fc.constantFrom(8, 9, 18, 20),
    streamId: fc.integer({ min: 0, max: 3 }),
    // Around the point where the extended timestamp begins, and up to where the clock wraps.
    timestampMs: fc.oneof(fc.nat(100_000), fc.integer({ min: 0xfffff0, max: 0x1000010 }), fc.constant(0xffffffff)),
    payload: fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
)

function readAll(pieces: Buffer[]): RtmpMessage[] {
  const reader = new RtmpChunkReader(limits)
  const read: RtmpMessage[] = []
  for (const piece of pieces) reader.receive(piece, (message) => read.push(message))
  return read
}

function split(bytes: Buffer, sizes: number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length > 0 ? (sizes[i % sizes.length] ?? 1) : bytes.length
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

test('messages come out the same, however the bytes are split', () => {
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20 }), (sent, sizes) => {
      const bytes = Buffer.concat(
        sent.map(({ chunkStreamId, ...message }) => writeRtmpMessage(chunkStreamId, message, 128)),
      )
      const expected = sent.map(({ chunkStreamId: _, ...message }) => message)
      assert.deepEqual(readAll(split(bytes, sizes)), expected)
    }),
    { numRuns: 500 },
  )
})

test('headers of formats 1, 2 and 3 take over what they leave out', () => {
  const bytes = Buffer.concat([
    Buffer.from([0x04, 0, 0, 100, 0, 0, 2, 8, 1, 0, 0, 0, 0xaa, 0xbb]),
    Buffer.from([0x44, 0, 0, 20, 0, 0, 1, 9, 0xcc]),
    Buffer.from([0x84, 0, 0, 5, 0xdd]),
    Buffer.from([0xc4, 0xee]),
  ])
  const expected = [
    { typeId: 8, streamId: 1, timestampMs: 100, payload: Buffer.from([0xaa, 0xbb]) },
    { typeId: 9, streamId: 1, timestampMs: 120, payload: Buffer.from([0xcc]) },
    { typeId: 9, streamId: 1, timestampMs: 125, payload: Buffer.from([0xdd]) },
    { typeId: 9, streamId: 1, timestampMs: 130, payload: Buffer.from([0xee]) },
  ]
  assert.deepEqual(readAll([bytes]), expected)
  assert.deepEqual(readAll(split(bytes, [1])), expected)
})

test('chunks of several streams interleave, and two- and three-byte stream ids are told apart', () => {
  const head = (id: Buffer, length: number): Buffer =>
    Buffer.concat([id, Buffer.from([0, 0, 0, 0, 0, length, 9, 1, 0, 0, 0])])
  const [one, two] = [Buffer.alloc(200, 1), Buffer.alloc(200, 2)]
  const bytes = Buffer.concat([
    head(Buffer.from([0x00, 10]), 200),
    one.subarray(0, 128),
    head(Buffer.from([0x01, 10, 1]), 200),
    two.subarray(0, 128),
    Buffer.from([0xc0, 10]),
    one.subarray(128),
    Buffer.from([0xc1, 10, 1]),
    two.subarray(128),
  ])
  assert.deepEqual(
    readAll(split(bytes, [7])).map((message) => message.payload),
    [one, two],
  )
})

test('a chunk size change holds from the next chunk on, and an abort drops what was begun', () => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(1000)
  const abort = Buffer.alloc(4)
  abort.writeUInt32BE(4)
  const payload = Buffer.alloc(900, 7)
  const whole = writeRtmpMessage(4, { typeId: 9, streamId: 1, timestampMs: 5, payload }, 1000)
  const control = (typeId: number, body: Buffer): Buffer =>
    writeRtmpMessage(2, { typeId, streamId: 0, timestampMs: 0, payload: body }, 128)
  const begun = writeRtmpMessage(4, { typeId: 9, streamId: 1, timestampMs: 5, payload }, 128).subarray(0, 140)
  const read = readAll(split(Buffer.concat([begun, control(2, abort), control(1, size), whole]), [13]))
  assert.deepEqual(read, [{ typeId: 9, streamId: 1, timestampMs: 5, payload }])
})

test('lengths, stream counts and unfinished messages have limits', () => {
  const head = (id: number, length: number): Buffer => {
    const bytes = Buffer.from([id, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0, 0])
    bytes.writeUIntBE(length, 4, 3)
    return bytes
  }
  const tooLong = [head(4, 5000)]
  const tooMany = [2, 3, 4, 5, 6].map((id) => head(id, 0))
  const unfinished = [3, 4, 5].map((id) => Buffer.concat([head(id, 4096), Buffer.alloc(128)]))
  const unannounced = [Buffer.from([0xc9])]
  const zeroChunks = [writeRtmpMessage(2, { typeId: 1, streamId: 0, timestampMs: 0, payload: Buffer.alloc(4) }, 128)]
  for (const pieces of [tooLong, tooMany, unannounced, zeroChunks])
    assert.throws(() => readAll(pieces), RtmpProtocolError)
  const tight = new RtmpChunkReader({ ...limits, partialBytes: 300 })
  assert.throws(() => {
    for (const piece of unfinished) tight.receive(piece, () => {})
  }, RtmpProtocolError)
})
