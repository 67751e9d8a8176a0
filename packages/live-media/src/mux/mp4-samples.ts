import { type Mp4Box, readBoxes } from './mp4-boxes.ts'

/** A sample as it lies in a recorded segment; times in ticks of its track. */
export interface Mp4Sample {
  startTicks: number
  durationTicks: number
  compositionTicks: number
  key: boolean
  data: Buffer
}

/** A track of an init segment. */
export interface Mp4Track {
  id: number
  video: boolean
  ticksPerSecond: number
}

const nonSyncFlag = 0x00010000
/** The one shape of track run that this package writes: offset, and of each sample duration, size, flags, composition. */
const runFlags = 0x01000f01
const samplesMax = 100_000

/**
 * Reads the samples of a recorded segment by track. It knows the shape that makeFragment writes and nothing else.
 * @throws RangeError when the bytes are not such a segment
 */
export function readSamples(bytes: Buffer): Map<number, Mp4Sample[]> {
  const tracks = new Map<number, Mp4Sample[]>()
  let count = 0
  for (const { moof, moofStart } of readFragments(bytes)) {
    for (const traf of moof.filter(({ type }) => type === 'traf')) {
      const { trackId, samples } = readTrackFragment(readBoxes(traf.payload), bytes, moofStart)
      count += samples.length
      if (count > samplesMax) throw new RangeError('a segment has too many samples')
      const known = tracks.get(trackId)
      if (known) known.push(...samples)
      else tracks.set(trackId, samples)
    }
  }
  return tracks
}

/** Each moof of a segment: its boxes and where it starts. */
function readFragments(bytes: Buffer): { moof: Mp4Box[]; moofStart: number }[] {
  const fragments: { moof: Mp4Box[]; moofStart: number }[] = []
  let at = 0
  for (const { type, payload } of readBoxes(bytes)) {
    if (type === 'moof') fragments.push({ moof: readBoxes(payload), moofStart: at })
    at += 8 + payload.length
  }
  return fragments
}

function readTrackFragment(
  boxes: readonly Mp4Box[],
  bytes: Buffer,
  moofStart: number,
): { trackId: number; samples: Mp4Sample[] } {
  const [head, time, run] = ['tfhd', 'tfdt', 'trun'].map((type) => boxes.find((box) => box.type === type)?.payload)
  if (!head || !time || !run || head.length < 8 || time.length < 12 || run.length < 12) {
    throw new RangeError('a track fragment lacks a box')
  }
  const count = run.readUInt32BE(4)
  if (run.readUInt32BE(0) !== runFlags || run.length !== 12 + count * 16)
    throw new RangeError('a track run is not ours')
  let startTicks = Number(time.readBigUInt64BE(4))
  let dataAt = moofStart + run.readInt32BE(8)
  const samples: Mp4Sample[] = []
  for (let at = 12; at < run.length; at += 16) {
    const sizeBytes = run.readUInt32BE(at + 4)
    if (dataAt < 0 || dataAt + sizeBytes > bytes.length) throw new RangeError('a sample lies outside its segment')
    const durationTicks = run.readUInt32BE(at)
    samples.push({
      startTicks,
      durationTicks,
      compositionTicks: run.readInt32BE(at + 12),
      key: (run.readUInt32BE(at + 8) & nonSyncFlag) === 0,
      data: bytes.subarray(dataAt, dataAt + sizeBytes),
    })
    startTicks += durationTicks
    dataAt += sizeBytes
  }
  return { trackId: head.readUInt32BE(4), samples }
}

/** Reads the tracks of an init segment. @throws RangeError when it is none */
export function readTracks(init: Buffer): Mp4Track[] {
  const moov = readBoxes(init).find(({ type }) => type === 'moov')
  if (!moov) throw new RangeError('an init segment has no moov')
  return readBoxes(moov.payload)
    .filter(({ type }) => type === 'trak')
    .map(({ payload }) => readTrack(payload))
}

function readTrack(trak: Buffer): Mp4Track {
  const boxes = readBoxes(trak)
  const header = boxes.find(({ type }) => type === 'tkhd')?.payload
  const media = readBoxes(boxes.find(({ type }) => type === 'mdia')?.payload ?? Buffer.alloc(0))
  const mediaHeader = media.find(({ type }) => type === 'mdhd')?.payload
  const handler = media.find(({ type }) => type === 'hdlr')?.payload
  if (!header || !mediaHeader || !handler || header[0] !== 0 || mediaHeader[0] !== 0) {
    throw new RangeError('a track header is not ours')
  }
  const ticksPerSecond = mediaHeader.readUInt32BE(12)
  if (ticksPerSecond === 0) throw new RangeError('a track has no clock')
  return { id: header.readUInt32BE(12), video: handler.toString('latin1', 8, 12) === 'vide', ticksPerSecond }
}

/**
 * A copy of a segment with its clock moved: `shiftMs` is added to every decode time, and fragments are numbered anew from
 * `sequence`. Sizes stay as they are. @throws RangeError when the bytes are not a segment, or a time would fall below zero
 */
export function moveSegment(bytes: Buffer, tracks: readonly Mp4Track[], shiftMs: number, sequence: number): Buffer {
  const moved = Buffer.from(bytes)
  let number = sequence
  for (const { moof } of readFragments(moved)) {
    for (const { type, payload } of moof) {
      if (type === 'mfhd') payload.writeUInt32BE(number++ % 0x100000000, 4)
      if (type === 'traf') moveTrackFragment(readBoxes(payload), tracks, shiftMs)
    }
  }
  return moved
}

function moveTrackFragment(boxes: readonly Mp4Box[], tracks: readonly Mp4Track[], shiftMs: number): void {
  const head = boxes.find(({ type }) => type === 'tfhd')?.payload
  const time = boxes.find(({ type }) => type === 'tfdt')?.payload
  const track = tracks.find(({ id }) => id === head?.readUInt32BE(4))
  if (!time || !track) throw new RangeError('a track fragment is of no track')
  const startTicks = Number(time.readBigUInt64BE(4)) + Math.round((shiftMs * track.ticksPerSecond) / 1000)
  if (startTicks < 0) throw new RangeError('a segment was moved before the beginning')
  time.writeBigUInt64BE(BigInt(startTicks), 4)
}
