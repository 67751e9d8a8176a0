import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { parseAvcConfig } from '../codec/avc.ts'
import { MediaFormatError } from '../ingest-sink.ts'
import { type Collected, collectSamples } from '../testing/collect-samples.ts'
import { ffmpegBytes } from '../testing/ffmpeg.ts'
import { element, numberElement, openElement, simpleBlock } from '../testing/matroska-writer.ts'
import { makeAvcConfig, splitAnnexB, toLengthPrefixed } from './annex-b.ts'
import type { ContainerReader, SampleTarget } from './container-reader.ts'
import { elementId } from './ebml.ts'
import { MatroskaReader } from './matroska-reader.ts'
import { Mp4Reader } from './mp4-reader.ts'

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=30', '-f', 'lavfi', '-i', 'sine=sample_rate=48000']
const encode = ['-t', '3', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30']
const fragments = 'empty_moov+frag_keyframe'
const recordings = {
  'MP4 with offsets from the moof': ['-c:a', 'aac', '-f', 'mp4', '-movflags', `${fragments}+default_base_moof`],
  'MP4 with offsets from the file': ['-c:a', 'aac', '-f', 'mp4', '-movflags', fragments],
  'MP4 with a fragment a picture': ['-c:a', 'libopus', '-f', 'mp4', '-movflags', 'empty_moov+frag_every_frame'],
  'MP4 without offsets': ['-c:a', 'libopus', '-f', 'mp4', '-movflags', `${fragments}+omit_tfhd_offset`],
  'MP4 with a fragment a track': ['-c:a', 'aac', '-f', 'mp4', '-movflags', `${fragments}+separate_moof`],
  'MP4 with B-frames': ['-c:a', 'aac', '-bf', '2', '-f', 'mp4', '-movflags', `${fragments}+negative_cts_offsets`],
  'Matroska with Opus': ['-c:a', 'libopus', '-f', 'matroska', '-live', '1'],
  'Matroska with AAC': ['-c:a', 'aac', '-f', 'matroska'],
}

interface Packet {
  codec_type: 'video' | 'audio'
  dts: string
  pts: string
  size: string
  flags: string
}

let folder = ''
const files = new Map<string, Buffer>()
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunbo-containers-'))
  for (const [name, output] of Object.entries(recordings)) {
    files.set(name, await ffmpegBytes([...picture, ...encode, ...output]))
  }
})
after(() => rm(folder, { recursive: true, force: true }))

const ebml = Buffer.from('1a45dfa380', 'hex')
const ftyp = Buffer.from('\0\0\0\x08ftyp', 'latin1')
const fileOf = (name: string) => files.get(name) ?? assert.fail()
const readerFor = (name: string, target: SampleTarget): ContainerReader =>
  name.startsWith('MP4') ? new Mp4Reader(target) : new MatroskaReader(target)

function read(name: string, pieces: readonly Buffer[]): Omit<Collected, keyof SampleTarget> {
  const target = collectSamples()
  const reader = readerFor(name, target)
  for (const piece of pieces) reader.receive(piece)
  const { avcC, configs, pictures, sounds } = target
  return { avcC, configs, pictures, sounds }
}

/** Cuts a file at these places, wherever they are. */
function cut(file: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...[...new Set(places.map((place) => place % file.length))].sort((a, b) => a - b), file.length]
  return sorted.slice(1).map((end, i) => file.subarray(sorted[i], end))
}

async function packetsOf(file: Buffer): Promise<Packet[]> {
  const path = join(folder, 'probed')
  await writeFile(path, file)
  const args = ['-v', 'error', '-show_packets', '-of', 'json', path]
  const { stdout, stderr } = spawnSync('ffprobe', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  assert.equal(stderr, '')
  return JSON.parse(stdout).packets
}

for (const name of Object.keys(recordings)) {
  test(`${name}: the samples are those that ffprobe finds, wherever the recording is cut`, async () => {
    const file = fileOf(name)
    const whole = read(name, [file])
    const packets = await packetsOf(file)
    const videos = packets.filter(({ codec_type }) => codec_type === 'video')
    const sounds = packets.filter(({ codec_type }) => codec_type === 'audio')
    assert.equal(whole.avcC.length, 1)
    assert.equal(parseAvcConfig(whole.avcC[0] ?? assert.fail()).widthPx, 320)
    assert.deepEqual(
      whole.pictures.map(({ data, key }) => [data.length, key]),
      videos.map(({ size, flags }) => [Number(size), flags.startsWith('K')]),
    )
    assert.deepEqual(
      whole.sounds.map(({ data }) => data.length),
      sounds.map(({ size }) => Number(size)),
    )
    // ffmpeg stretches the first picture by the lead-in of the sound, which its edit list takes back.
    const gaps = whole.pictures.slice(2).map(({ dtsMs }, i) => dtsMs - (whole.pictures[i + 1]?.dtsMs ?? 0))
    assert.ok(
      gaps.every((gap) => gap === 33 || gap === 34),
      String(gaps),
    )
    const shifts = new Set(whole.pictures.map(({ compositionMs }) => compositionMs))
    assert.equal(shifts.size > 1, name.includes('B-frames'))
    const places = fc.array(fc.nat(file.length - 1), { maxLength: 200 })
    fc.assert(
      fc.property(places, (at) => assert.deepEqual(read(name, cut(file, at)), read(name, [file]))),
      { numRuns: 20 },
    )
  })

  test(`${name}: damaged anywhere it is read or refused, and nothing is made up`, () => {
    const file = fileOf(name).subarray(0, 60_000)
    const flips = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    const early = fc.array(fc.tuple(fc.nat(1_500), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.oneof(flips, early), fc.nat(file.length), fc.nat(64), (changes, cutAt, cutLength) => {
        const damaged = Buffer.from(file)
        for (const [at, value] of changes) damaged[at] = value
        const target = collectSamples()
        tolerate(() => {
          const reader = readerFor(name, target)
          reader.receive(damaged.subarray(0, cutAt))
          reader.receive(damaged.subarray(cutAt + cutLength))
        })
        const bytes = [...target.pictures, ...target.sounds].reduce((sum, { data }) => sum + data.length, 0)
        // Damage may make samples overlap, but each fragment holds no more of them than its limit.
        assert.ok(target.pictures.length <= 20_000 && Number.isSafeInteger(bytes))
        for (const { dtsMs } of target.pictures) assert.ok(Number.isSafeInteger(dtsMs))
      }),
      { numRuns: 600 },
    )
  })
}

function tolerate(work: () => void): void {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof MediaFormatError, error instanceof Error ? error.stack : String(error))
  }
}

test('random bytes are no recording and do no harm', () => {
  const start = fc.constantFrom(
    Buffer.alloc(0),
    Buffer.concat([ftyp, Buffer.from('\0\0\0\x18moov', 'latin1')]),
    Buffer.concat([ftyp, Buffer.from('\0\0\0\x01mdat\0\0\0\0', 'latin1')]),
    ebml,
    Buffer.concat([ebml, openElement(elementId.segment), openElement(elementId.cluster)]),
  )
  fc.assert(
    fc.property(start, fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), (head, pieces) => {
      for (const reader of [new Mp4Reader(collectSamples()), new MatroskaReader(collectSamples())]) {
        tolerate(() => {
          reader.receive(head)
          for (const piece of pieces) reader.receive(Buffer.from(piece))
        })
      }
    }),
    { numRuns: 20_000 },
  )
})

test('a box or an element over its limit is refused before its bytes have come', () => {
  const mp4 = new Mp4Reader(collectSamples())
  assert.throws(
    () => mp4.receive(Buffer.concat([ftyp, Buffer.from('\x7f\xff\xff\xffmdat', 'latin1')])),
    MediaFormatError,
  )
  const matroska = new MatroskaReader(collectSamples())
  assert.throws(
    () => matroska.receive(Buffer.concat([ebml, Buffer.from('a3011fffffffffff00', 'hex')])),
    MediaFormatError,
  )
})

test('what Chromium records, a byte stream without a configuration, becomes samples with one', () => {
  const whole = read('MP4 with offsets from the moof', [fileOf('MP4 with offsets from the moof')])
  const { parameterSets } = parseAvcConfig(whole.avcC[0] ?? assert.fail())
  const startCodes = (data: Buffer): Buffer => {
    const out = Buffer.from(data)
    for (let at = 0; at < data.length; at += 4 + data.readUInt32BE(at)) out.writeUInt32BE(1, at)
    return out
  }
  const track = element(
    elementId.trackEntry,
    Buffer.concat([
      numberElement(elementId.trackNumber, 1),
      element(elementId.codecId, Buffer.from('V_MPEG4/ISO/AVC')),
    ]),
  )
  const blocks = whole.pictures.map(({ dtsMs, key, data }) => {
    const bytes = startCodes(key ? Buffer.concat([parameterSets, data]) : data)
    return Buffer.concat([
      ...(key ? [openElement(elementId.cluster), numberElement(elementId.timestamp, dtsMs)] : []),
      simpleBlock(1, dtsMs % 1000, key, bytes),
    ])
  })
  const file = Buffer.concat([ebml, openElement(elementId.segment), element(elementId.tracks, track), ...blocks])
  const again = read('Matroska', [file])
  assert.deepEqual(again.avcC[0]?.subarray(0, 4), whole.avcC[0]?.subarray(0, 4))
  assert.deepEqual(parseAvcConfig(again.avcC[0] ?? assert.fail()).parameterSets, parameterSets)
  assert.deepEqual(
    again.pictures.map(({ data, key }) => (key ? data.subarray(parameterSets.length) : data)),
    whole.pictures.map(({ data }) => data),
  )
})

test('NAL units come out of a byte stream as they went in, whatever start codes led them', () => {
  const unit = fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((bytes) => Buffer.from([...bytes.map((byte) => byte || 1), 0x80]))
  fc.assert(
    fc.property(fc.array(fc.tuple(unit, fc.boolean()), { minLength: 1, maxLength: 8 }), (units) => {
      const stream = Buffer.concat(
        units.flatMap(([bytes, long]) => [Buffer.from(long ? [0, 0, 0, 1] : [0, 0, 1]), bytes]),
      )
      const found = splitAnnexB(stream)
      assert.deepEqual(
        found,
        units.map(([bytes]) => bytes),
      )
      assert.equal(
        toLengthPrefixed(found).length,
        found.reduce((sum, { length }) => sum + 4 + length, 0),
      )
      makeAvcConfig(found)
    }),
    { numRuns: 5_000 },
  )
})
