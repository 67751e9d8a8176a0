import { MediaFormatError } from '../ingest-sink.ts'
import { BoxCursor, boxesIn } from '../mux/mp4-box-walk.ts'
import { containerLimits } from './container-reader.ts'
import type { Mp4Track } from './mp4-tracks.ts'

export interface FoundSample {
  kind: Mp4Track['kind']
  dtsMs: number
  compositionMs: number
  key: boolean
  data: Buffer
}

/** The bytes of an mdat and their place in the recording. */
interface MediaData {
  bytes: Buffer
  atBytes: number
}

/** The samples of one track fragment, and where those of the next one start if it does not say it itself. */
interface Run {
  track: Mp4Track
  defaults: Mp4Track['defaults']
  baseBytes: number
}

const tfhdBase = 0x1
const tfhdDescription = 0x2
const tfhdDuration = 0x8
const tfhdSize = 0x10
const tfhdFlags = 0x20
const tfhdBaseIsMoof = 0x20000
const trunOffset = 0x1
const trunFirstFlags = 0x4
const trunDuration = 0x100
const trunSize = 0x200
const trunFlags = 0x400
const trunComposition = 0x800
const isNonSync = 0x10000

/**
 * Finds the samples of a fragment in its media data (ISO 14496-12, 8.8). Those of tracks that are not known are left out; one that does
 * not lie in the data throws.
 * @throws MediaFormatError
 */
export function readFragment(moof: Buffer, moofAtBytes: number, data: MediaData, tracks: Mp4Track[]): FoundSample[] {
  const found: FoundSample[] = []
  let endBytes = moofAtBytes
  for (const { type, payload } of boxesIn(moof)) {
    if (type !== 'traf') continue
    const boxes = boxesIn(payload)
    const tfhd = boxes.find((box) => box.type === 'tfhd')
    if (!tfhd) throw new MediaFormatError('container', { detail: 'a fragment of the recording has no head' })
    const run = readHead(tfhd.payload, tracks, moofAtBytes, endBytes)
    if (!run) continue
    const tfdt = boxes.find((box) => box.type === 'tfdt')
    if (tfdt) run.track.nextTicks = readDecodeTime(tfdt.payload)
    let nextBytes = run.baseBytes
    for (const box of boxes) if (box.type === 'trun') nextBytes = readRun(box.payload, run, nextBytes, data, found)
    endBytes = nextBytes
  }
  return found
}

function readHead(tfhd: Buffer, tracks: Mp4Track[], moofAtBytes: number, endBytes: number): Run | null {
  const cursor = new BoxCursor(tfhd)
  const flags = cursor.u32() & 0xffffff
  const id = cursor.u32()
  const baseBytes = flags & tfhdBase ? cursor.u64() : flags & tfhdBaseIsMoof ? moofAtBytes : endBytes
  if (flags & tfhdDescription) cursor.skip(4)
  const track = tracks.find((candidate) => candidate.id === id)
  if (!track) return null
  const defaults = { ...track.defaults }
  if (flags & tfhdDuration) defaults.durationTicks = cursor.u32()
  if (flags & tfhdSize) defaults.sizeBytes = cursor.u32()
  if (flags & tfhdFlags) defaults.flags = cursor.u32()
  return { track, defaults, baseBytes }
}

function readDecodeTime(tfdt: Buffer): number {
  const cursor = new BoxCursor(tfdt)
  const version = cursor.u8()
  cursor.skip(3)
  return version === 1 ? cursor.u64() : cursor.u32()
}

/** Adds the samples of a run; gives the offset behind the last one. */
function readRun(trun: Buffer, run: Run, nextBytes: number, data: MediaData, found: FoundSample[]): number {
  const { track, defaults, baseBytes } = run
  const cursor = new BoxCursor(trun)
  const flags = cursor.u32() & 0xffffff
  const count = cursor.u32()
  if (count + found.length > containerLimits.samples)
    throw new MediaFormatError('container', { detail: 'a fragment of the recording is too long' })
  let atBytes = flags & trunOffset ? baseBytes + cursor.i32() : nextBytes
  const firstFlags = flags & trunFirstFlags ? cursor.u32() : null
  for (let i = 0; i < count; i++) {
    const durationTicks = flags & trunDuration ? cursor.u32() : defaults.durationTicks
    const sizeBytes = flags & trunSize ? cursor.u32() : defaults.sizeBytes
    const ownFlags = flags & trunFlags ? cursor.u32() : defaults.flags
    const compositionTicks = flags & trunComposition ? cursor.i32() : 0
    const start = atBytes - data.atBytes
    if (start < 0 || start + sizeBytes > data.bytes.length) {
      throw new MediaFormatError('container', { detail: 'a sample of the recording is not where it should be' })
    }
    found.push({
      kind: track.kind,
      dtsMs: toMs(track.nextTicks, track),
      compositionMs: toMs(compositionTicks, track),
      key: ((i === 0 ? (firstFlags ?? ownFlags) : ownFlags) & isNonSync) === 0,
      data: data.bytes.subarray(start, start + sizeBytes),
    })
    atBytes += sizeBytes
    track.nextTicks += durationTicks
  }
  return atBytes
}

function toMs(ticks: number, { ticksPerSecond }: Mp4Track): number {
  return Math.round((ticks * 1000) / ticksPerSecond)
}
