import { type Mp4Track, tracksIn } from '../browser/mp4-tracks.ts'
import type { Chunk } from '../mux/chunker.ts'
import { payloadAt } from '../mux/mp4-box-walk.ts'
import type { InitSegment } from '../mux/mp4-init.ts'
import { readSamples } from '../mux/mp4-samples.ts'
import { encodeAmf0 } from '../rtmp/amf0.ts'
import { messageType } from '../rtmp/rtmp-message.ts'

/**
 * Writes FLV (Adobe's FLV specification 10.1, annex E) from the chunks that everybody gets, so that it costs no second mux. H.264 and AAC go
 * in the old form that every player reads, HEVC and Opus by the four-letter codes of enhanced RTMP.
 */

interface Tag {
  type: number
  atMs: number
  head: Buffer
  data: Buffer
}

const tagHeadBytes = 11
const keyFrame = 1
const interFrame = 2
const avcCodec = 7
const aacCodec = 10
/** 44.1 kHz, 16 bit, stereo: what the field must say for AAC, whatever it is. */
const aacFirst = 0xaf
const enhancedVideo = 0x80
const enhancedAudio = 0x90
const packetStart = 0
const packetCoded = 1

/** The tracks of an init segment, read once for each. */
export function flvTracks(init: InitSegment): readonly Mp4Track[] {
  const moov = payloadAt(init.bytes, ['moov'])
  return moov ? tracksIn(moov) : []
}

/** The head of the file and what it holds: for a reader who has nothing yet. */
export function flvHead(init: InitSegment, tracks: readonly Mp4Track[]): Buffer {
  const [hasSound, hasPicture] = [tracks.some(isSound), tracks.some((track) => !isSound(track))]
  const flags = (hasSound ? 4 : 0) | (hasPicture ? 1 : 0)
  const metadata = encodeAmf0([
    'onMetaData',
    {
      ...(hasPicture ? { width: init.widthPx, height: init.heightPx } : {}),
      ...Object.fromEntries(tracks.map((track) => [isSound(track) ? 'audiocodecid' : 'videocodecid', codecId(track)])),
      encoder: 'Chunbo',
    },
  ])
  const tag = { type: messageType.dataAmf0, atMs: 0, head: Buffer.alloc(0), data: metadata }
  return Buffer.concat([Buffer.from('FLV'), Buffer.of(1, flags, 0, 0, 0, 9, 0, 0, 0, 0), ...writeTag(tag)])
}

/** What decoders are set up with, before the first sample and again when it changes. */
export function flvConfig(tracks: readonly Mp4Track[], atMs: number): Buffer {
  return Buffer.concat(
    tracks.flatMap((track) => {
      const { setUp } = track
      const type = isSound(track) ? messageType.audio : messageType.video
      return writeTag({ type, atMs, head: packetHead(track, packetStart, true, 0), data: recordOf(setUp) })
    }),
  )
}

/** The samples of a chunk in the order of their times. */
export function flvSamples(chunk: Chunk, tracks: readonly Mp4Track[]): Buffer {
  const samples = readSamples(chunk.bytes)
  const tags = tracks.flatMap((track) => {
    const toMs = (ticks: number) => Math.round((ticks * 1000) / track.ticksPerSecond)
    return (samples.get(track.id) ?? []).map((sample): Tag => {
      const atMs = toMs(sample.startTicks)
      const shiftMs = toMs(sample.startTicks + sample.compositionTicks) - atMs
      const type = isSound(track) ? messageType.audio : messageType.video
      return { type, atMs, head: packetHead(track, packetCoded, sample.key, shiftMs), data: sample.data }
    })
  })
  return Buffer.concat(tags.sort((a, b) => a.atMs - b.atMs).flatMap(writeTag))
}

function isSound({ setUp }: Mp4Track): boolean {
  return setUp.kind === 'audio'
}

function codecId({ setUp }: Mp4Track): number {
  if (setUp.kind === 'video') return setUp.codec === 'avc' ? avcCodec : fourCcNumber('hvc1')
  return setUp.config.codec === 'aac' ? aacCodec : fourCcNumber('Opus')
}

function fourCcNumber(fourCc: string): number {
  return Buffer.from(fourCc, 'latin1').readUInt32BE(0)
}

function recordOf(setUp: Mp4Track['setUp']): Buffer {
  if (setUp.kind === 'video') return setUp.record
  return setUp.config.codec === 'aac' ? setUp.config.specificConfig : opusHead(setUp.config.channels)
}

/** Identification header of Opus (RFC 7845, 5.1). */
function opusHead(channels: number): Buffer {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 'latin1')
  head.writeUInt8(1, 8)
  head.writeUInt8(channels, 9)
  head.writeUInt32LE(48_000, 12)
  return head
}

/** What stands before a record or a sample: codec, kind of packet, and for pictures the time until they are shown. */
function packetHead({ setUp }: Mp4Track, packet: number, key: boolean, shiftMs: number): Buffer {
  if (setUp.kind === 'audio') {
    if (setUp.config.codec === 'aac') return Buffer.of(aacFirst, packet)
    return Buffer.concat([Buffer.of(enhancedAudio | packet), Buffer.from('Opus')])
  }
  const frame = (key ? keyFrame : interFrame) << 4
  const shift = Buffer.alloc(3)
  shift.writeIntBE(shiftMs, 0, 3)
  if (setUp.codec === 'avc') return Buffer.concat([Buffer.of(frame | avcCodec, packet), shift])
  const first = Buffer.concat([Buffer.of(enhancedVideo | frame | packet), Buffer.from('hvc1')])
  return packet === packetCoded ? Buffer.concat([first, shift]) : first
}

function writeTag({ type, atMs, head, data }: Tag): Buffer[] {
  const sizeBytes = head.length + data.length
  const before = Buffer.alloc(tagHeadBytes)
  before.writeUInt8(type, 0)
  before.writeUIntBE(sizeBytes, 1, 3)
  before.writeUIntBE(atMs & 0xffffff, 4, 3)
  before.writeUInt8(Math.floor(atMs / 0x1000000) & 0xff, 7)
  const after = Buffer.alloc(4)
  after.writeUInt32BE(tagHeadBytes + sizeBytes)
  return [before, head, data, after]
}
