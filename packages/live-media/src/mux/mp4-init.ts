import type { AudioTrack } from '../codec/audio-track.ts'
import type { VideoTrack } from '../codec/video-track.ts'
import { initNameOf } from '../recording/recording-index.ts'
import { box, fullBox, u8, u16, u32, zeros } from './mp4-boxes.ts'

export const videoTrackId = 1
export const audioTrackId = 2
export const videoTicksPerMs = 90

/** The start of a player's source buffer: tracks and codecs, no samples. */
export interface InitSegment {
  /** `init-{hash}.mp4`: named after its content, so that the same tracks always have the same, forever cacheable, name. */
  name: string
  bytes: Buffer
  /** For `MediaSource.isTypeSupported`, as in `avc1.64001f,mp4a.40.2`. */
  codecs: string
  /** 0 where there is sound alone. */
  widthPx: number
  heightPx: number
}

/** Writes ftyp and moov for at most one video track and at most one audio track. */
export function makeInitSegment(video: VideoTrack | null, audio: AudioTrack | null): InitSegment {
  const tracks = [...(video ? [videoTrack(video)] : []), ...(audio ? [audioTrack(audio)] : [])]
  const extends_ = [...(video ? [videoTrackId] : []), ...(audio ? [audioTrackId] : [])].map((id) =>
    fullBox('trex', 0, 0, u32(id), u32(1), u32(0), u32(0), u32(0)),
  )
  const header = fullBox(
    'mvhd',
    0,
    0,
    zeros(8),
    u32(1000),
    u32(0),
    u32(0x10000),
    u16(0x100),
    zeros(10),
    matrix,
    zeros(24),
    u32(audioTrackId + 1),
  )
  const bytes = Buffer.concat([
    box('ftyp', Buffer.from('iso6'), u32(0), Buffer.from('iso6mp41cmfc')),
    box('moov', header, ...tracks, box('mvex', ...extends_)),
  ])

  return {
    name: initNameOf(bytes),
    bytes,
    codecs: [video?.codec, audio?.codec].filter((codec) => codec !== undefined).join(','),
    widthPx: video?.widthPx ?? 0,
    heightPx: video?.heightPx ?? 0,
  }
}

const matrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32))

function videoTrack(video: VideoTrack): Buffer {
  const [entryType, recordType] = video.kind === 'hevc' ? ['hvc1', 'hvcC'] : ['avc1', 'avcC']
  const entry = box(
    entryType,
    zeros(6),
    u16(1),
    zeros(16),
    u16(video.widthPx),
    u16(video.heightPx),
    u32(0x480000),
    u32(0x480000),
    u32(0),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    box(recordType, video.record),
  )
  return track({
    id: videoTrackId,
    ticksPerSecond: videoTicksPerMs * 1000,
    handler: 'vide',
    mediaHeader: fullBox('vmhd', 0, 1, zeros(8)),
    entry,
    volume: 0,
    widthPx: video.widthPx,
    heightPx: video.heightPx,
  })
}

function audioTrack(audio: AudioTrack): Buffer {
  const common = [zeros(6), u16(1), zeros(8), u16(audio.channels), u16(16), u32(0), u16(audio.rateHz), u16(0)]
  const entry =
    audio.kind === 'opus'
      ? box('Opus', ...common, box('dOps', u8(0, audio.channels), u16(312), u32(audio.rateHz), u16(0), u8(0)))
      : box('mp4a', ...common, elementaryStream(audio.specificConfig))
  return track({
    id: audioTrackId,
    ticksPerSecond: audio.rateHz,
    handler: 'soun',
    mediaHeader: fullBox('smhd', 0, 0, u32(0)),
    entry,
    volume: 0x100,
    widthPx: 0,
    heightPx: 0,
  })
}

/** esds with the MPEG-4 audio configuration; the bit rates in it are hints that no player uses. */
function elementaryStream(specificConfig: Buffer): Buffer {
  const decoder = descriptor(4, u8(0x40, 0x15, 0, 0, 0), u32(128_000), u32(128_000), descriptor(5, specificConfig))
  return fullBox('esds', 0, 0, descriptor(3, u16(0), u8(0), decoder, descriptor(6, u8(2))))
}

function descriptor(tag: number, ...parts: Buffer[]): Buffer {
  const payload = Buffer.concat(parts)
  return Buffer.concat([u8(tag, 0x80, 0x80, 0x80, payload.length), payload])
}

interface TrackShape {
  id: number
  ticksPerSecond: number
  handler: 'vide' | 'soun'
  mediaHeader: Buffer
  entry: Buffer
  volume: number
  widthPx: number
  heightPx: number
}

function track(shape: TrackShape): Buffer {
  const header = fullBox(
    'tkhd',
    0,
    7,
    zeros(8),
    u32(shape.id),
    zeros(20),
    u16(shape.volume),
    u16(0),
    matrix,
    u32(shape.widthPx * 0x10000),
    u32(shape.heightPx * 0x10000),
  )
  const samples = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), shape.entry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0), u32(0)),
    fullBox('stco', 0, 0, u32(0)),
  )
  const undetermined = 0x55c4
  return box(
    'trak',
    header,
    box(
      'mdia',
      fullBox('mdhd', 0, 0, zeros(8), u32(shape.ticksPerSecond), u32(0), u16(undetermined), u16(0)),
      fullBox('hdlr', 0, 0, u32(0), Buffer.from(shape.handler), zeros(12), Buffer.from('chunbo\0')),
      box('minf', shape.mediaHeader, box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))), samples),
    ),
  )
}
