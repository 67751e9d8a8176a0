import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { FrameReader } from './frame-reader.ts'

const bytesMax = 2_048

/** A client's frame; `first` is its first byte. */
function frame(first: number, payload: Buffer, mask = Buffer.from([7, 0, 255, 42])): Buffer {
  const { length } = payload
  const head =
    length < 126
      ? Buffer.from([first, 0x80 | length])
      : length < 65_536
        ? Buffer.from([first, 0xfe, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([first, 0xff]), bigEndian(length)])
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0))])
}
function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
function deflate(text: string): Buffer {
  return deflateRawSync(Buffer.from(text), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
}

/** What a reader makes of bytes that come in these pieces. */
function read(chunks: readonly Buffer[], deflates = true): string[] {
  const heard: string[] = []
  const reader = new FrameReader(bytesMax, deflates, {
    text: (message) => heard.push(`text ${message}`),
    binary: (message) => heard.push(`binary ${message.toString('hex')}`),
    ping: (payload) => heard.push(`ping ${payload.toString('latin1')}`),
    pong: () => heard.push('pong'),
    bye: (code) => heard.push(`bye ${code}`),
    fault: (code) => heard.push(`fault ${code}`),
  })
  for (const chunk of chunks) reader.push(chunk)
  return heard
}

/** One thing that a client sends, and what is to be heard of it. */
const saying = fc.oneof(
  fc
    .record({ text: fc.string({ unit: 'grapheme', maxLength: 300 }), packed: fc.boolean(), parts: fc.nat(3) })
    .map(({ text, packed, parts }) => {
      const payload = packed ? deflate(text) : Buffer.from(text)
      const cuts = Array.from({ length: parts }, (_, index) => Math.floor((payload.length * (index + 1)) / (parts + 1)))
      const pieces = [0, ...cuts].map((from, index) => payload.subarray(from, cuts[index] ?? payload.length))
      const frames = pieces.map((piece, index) => {
        const fin = index === pieces.length - 1 ? 0x80 : 0
        const rsv = index === 0 && packed ? 0x40 : 0
        // A ping may stand between the parts of a message.
        const between = index > 0 ? [frame(0x89, Buffer.from('b'))] : []
        return [...between, frame(fin | rsv | (index === 0 ? 1 : 0), piece)]
      })
      const pings = Array<string>(pieces.length - 1).fill('ping b')
      return { bytes: Buffer.concat(frames.flat()), heard: [...pings, `text ${text}`] }
    }),
  fc.constant({ bytes: frame(0x8a, Buffer.alloc(0)), heard: ['pong'] }),
  fc.uint8Array({ maxLength: 600 }).map((payload) => ({
    bytes: frame(0x82, Buffer.from(payload)),
    heard: [`binary ${Buffer.from(payload).toString('hex')}`],
  })),
)

test('messages are read whole and in order however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(saying, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      (sayings, sizes) => {
        const bytes = Buffer.concat(sayings.map((each) => each.bytes))
        const chunks: Buffer[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1
          chunks.push(bytes.subarray(at, at + size))
          at += size
        }
        assert.deepEqual(
          read(chunks),
          sayings.flatMap((each) => each.heard),
        )
      },
    ),
  )
})

test('whatever comes, nothing is thrown, nothing over the limit is held, and after a fault all is silent', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), fc.boolean(), (chunks, deflates) => {
      const heard = read(
        chunks.map((chunk) => Buffer.from(chunk)),
        deflates,
      )
      const end = heard.findIndex((each) => /^(fault|bye)/.test(each))
      assert.ok(end === -1 || end === heard.length - 1)
    }),
    { numRuns: 2_000 },
  )
})

test('faults have the codes of the standard', () => {
  const long = Buffer.alloc(bytesMax + 1, 'x')
  const cases: [string, Buffer[], string[]][] = [
    ['unmasked', [Buffer.from([0x81, 0x01, 0x61])], ['fault 1002']],
    ['reserved bit', [frame(0xa1, Buffer.from('x'))], ['fault 1002']],
    ['unknown opcode', [frame(0x83, Buffer.from('x'))], ['fault 1002']],
    ['a part of nothing', [frame(0x80, Buffer.from('x'))], ['fault 1002']],
    ['a message within a message', [frame(0x01, Buffer.from('x')), frame(0x81, Buffer.from('y'))], ['fault 1002']],
    ['a ping in parts', [frame(0x09, Buffer.from('x'))], ['fault 1002']],
    ['a long ping', [frame(0x89, Buffer.alloc(126))], ['fault 1002']],
    ['a deflated part later', [frame(0x01, deflate('x')), frame(0xc0, Buffer.from('y'))], ['fault 1002']],
    ['too long', [frame(0x81, long)], ['fault 1009']],
    [
      'said to be longer than memory',
      [Buffer.concat([Buffer.from([0x81, 0xff]), Buffer.alloc(8, 0xff)])],
      ['fault 1009'],
    ],
    ['too long in parts', [frame(0x01, long.subarray(1)), frame(0x80, Buffer.from('xx'))], ['fault 1009']],
    ['a bomb', [frame(0xc1, deflate('x'.repeat(1_000_000)))], ['fault 1009']],
    ['no deflate', [frame(0xc1, Buffer.from([0xff, 0xff, 0xff, 1, 2]))], ['fault 1007']],
    ['no text', [frame(0x81, Buffer.from([0xc3, 0x28]))], ['fault 1007']],
    [
      'countless parts',
      [frame(0x01, Buffer.from('x')), ...Array<Buffer>(40).fill(frame(0, Buffer.alloc(0)))],
      ['fault 1008'],
    ],
    ['goodbye', [frame(0x88, Buffer.from([3, 0xe8])), frame(0x81, Buffer.from('late'))], ['bye 1000']],
    ['goodbye without a word', [frame(0x88, Buffer.alloc(0))], ['bye 1005']],
    ['half a code', [frame(0x88, Buffer.from([3]))], ['fault 1002']],
    ['a code that must not be sent', [frame(0x88, Buffer.from([3, 0xee]))], ['fault 1002']],
  ]
  for (const [name, chunks, heard] of cases) assert.deepEqual(read(chunks), heard, name)
  assert.deepEqual(read([frame(0xc1, deflate('x'))], false), ['fault 1002'], 'deflated where it was not agreed to')
})
