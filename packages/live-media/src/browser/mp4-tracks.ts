import { type AudioConfig, MediaFormatError, type VideoCodec } from '../ingest-sink.ts'
import { BoxCursor, boxesIn, payloadAt } from '../mux/mp4-box-walk.ts'
import { containerLimits } from './container-reader.ts'

type SetUp = { kind: 'video'; codec: VideoCodec; record: Buffer } | { kind: 'audio'; config: AudioConfig }

/** A track of a recording, and where its clock stands. */
export interface Mp4Track {
  id: number
  kind: SetUp['kind']
  setUp: SetUp
  ticksPerSecond: number
  /** What samples have whose fragment does not say it (trex). */
  defaults: { durationTicks: number; sizeBytes: number; flags: number }
  /** Decode time of the next sample, for fragments that do not tell their own. */
  nextTicks: number
}

/** Fixed fields of a sample entry before its boxes (ISO 14496-12, 12.1.3 and 12.2.3). */
const videoEntryBytes = 78
const audioEntryBytes = 28
const videoEntries: Readonly<Record<string, { codec: VideoCodec; box: string }>> = {
  avc1: { codec: 'avc', box: 'avcC' },
  hvc1: { codec: 'hevc', box: 'hvcC' },
  hev1: { codec: 'hevc', box: 'hvcC' },
}

/** The tracks of a recording, of which one must be a picture. See tracksIn. @throws MediaFormatError */
export function readTracks(moov: Buffer): Mp4Track[] {
  const tracks = tracksIn(moov)
  if (!tracks.some(({ kind }) => kind === 'video'))
    throw new MediaFormatError('container', { detail: 'the recording has no H.264 or HEVC video' })
  return tracks
}

/** The tracks with H.264, HEVC, AAC or Opus in a moov; others are left out. @throws MediaFormatError */
export function tracksIn(moov: Buffer): Mp4Track[] {
  const boxes = boxesIn(moov)
  const traks = boxes.filter(({ type }) => type === 'trak')
  if (traks.length > containerLimits.tracks)
    throw new MediaFormatError('container', { detail: 'the recording has too many tracks' })
  const defaults = new Map<number, Mp4Track['defaults']>()
  const mvex = boxes.find(({ type }) => type === 'mvex')
  for (const { type, payload } of mvex ? boxesIn(mvex.payload) : []) {
    if (type !== 'trex') continue
    const cursor = new BoxCursor(payload)
    cursor.skip(4)
    const id = cursor.u32()
    cursor.skip(4)
    defaults.set(id, { durationTicks: cursor.u32(), sizeBytes: cursor.u32(), flags: cursor.u32() })
  }
  return traks.flatMap(({ payload }) => {
    const track = readTrack(payload)
    return track ? [{ ...track, defaults: defaults.get(track.id) ?? track.defaults }] : []
  })
}

function readTrack(trak: Buffer): Mp4Track | null {
  const header = payloadAt(trak, ['tkhd'])
  const media = payloadAt(trak, ['mdia', 'mdhd'])
  const entries = payloadAt(trak, ['mdia', 'minf', 'stbl', 'stsd'])
  if (!header || !media || !entries) return null
  const setUp = readEntry(entries)
  if (!setUp) return null
  const ticksPerSecond = numberAfterTimes(media)
  if (ticksPerSecond < 1 || ticksPerSecond > 10_000_000)
    throw new MediaFormatError('container', { detail: 'the clock of a track is out of range' })
  return {
    id: numberAfterTimes(header),
    kind: setUp.kind,
    setUp,
    ticksPerSecond,
    defaults: { durationTicks: 0, sizeBytes: 0, flags: 0 },
    nextTicks: 0,
  }
}

/** The 32-bit field that follows the two times of a tkhd (its id) and an mdhd (its clock). */
function numberAfterTimes(payload: Buffer): number {
  const cursor = new BoxCursor(payload)
  const version = cursor.u8()
  cursor.skip(3 + (version === 1 ? 16 : 8))
  return cursor.u32()
}

function readEntry(stsd: Buffer): SetUp | null {
  const cursor = new BoxCursor(stsd)
  cursor.skip(8)
  const [entry] = boxesIn(cursor.take(cursor.left))
  if (!entry) return null
  const inside = new BoxCursor(entry.payload)
  const video = videoEntries[entry.type]
  if (video) {
    inside.skip(videoEntryBytes)
    const record = payloadAt(inside.take(inside.left), [video.box])
    return record && { kind: 'video', codec: video.codec, record }
  }
  if (entry.type !== 'mp4a' && entry.type !== 'Opus') return null
  inside.skip(audioEntryBytes)
  const boxes = inside.take(inside.left)
  if (entry.type === 'Opus') {
    const channels = payloadAt(boxes, ['dOps'])?.[1]
    return channels === undefined ? null : { kind: 'audio', config: { codec: 'opus', channels } }
  }
  const esds = payloadAt(boxes, ['esds'])
  return esds ? { kind: 'audio', config: { codec: 'aac', specificConfig: readSpecificConfig(esds) } } : null
}

const tagStream = 3
const tagDecoder = 4
const tagSpecific = 5

/** The AudioSpecificConfig in an esds (ISO 14496-1, 7.2.6). @throws MediaFormatError */
function readSpecificConfig(esds: Buffer): Buffer {
  const cursor = new BoxCursor(esds)
  cursor.skip(4)
  takeTag(cursor, tagStream)
  cursor.skip(2)
  const flags = cursor.u8()
  if (flags !== 0) throw new MediaFormatError('container', { detail: 'the AAC configuration is of an unknown kind' })
  takeTag(cursor, tagDecoder)
  cursor.skip(13)
  return cursor.take(takeTag(cursor, tagSpecific))
}

/** Length of a descriptor, in up to four bytes of seven bits. */
function takeTag(cursor: BoxCursor, tag: number): number {
  if (cursor.u8() !== tag) throw new MediaFormatError('container', { detail: 'the AAC configuration is malformed' })
  let length = 0
  for (let i = 0; i < 4; i++) {
    const byte = cursor.u8()
    length = length * 128 + (byte & 0x7f)
    if ((byte & 0x80) === 0) break
  }
  return length
}
