import { box, fullBox, type Mp4Box, readBoxes, u32 } from '../mux/mp4-boxes.ts'
import { makeFragment } from '../mux/mp4-fragment.ts'
import { type Mp4Sample, readSamples, readTracks } from '../mux/mp4-samples.ts'

/** How long a player shows a still picture. */
const stillMs = 1_000

/** Key frames of one video track, ready to be put into one file. */
export interface Still {
  init: Buffer
  trackId: number
  ticksPerSecond: number
  data: Buffer
}

/**
 * Takes the last key frame at or before a time (ms from the first frame) out of a segment, else its first one; null when
 * there is none. @throws RangeError when the bytes are not ours
 */
export function takeStill(init: Buffer, segment: Buffer, atMs: number): Still | null {
  const track = readTracks(init).find(({ video }) => video)
  const samples = track ? (readSamples(segment).get(track.id) ?? []) : []
  const first: Mp4Sample | undefined = samples[0]
  if (!track || !first) return null
  const latestTicks = first.startTicks + (atMs * track.ticksPerSecond) / 1000
  const keys = samples.filter(({ key }) => key)
  const sample = keys.findLast(({ startTicks }) => startTicks <= latestTicks) ?? keys[0]
  return sample ? { init, trackId: track.id, ticksPerSecond: track.ticksPerSecond, data: sample.data } : null
}

/** A fragmented MP4 without sound of key frames of one init segment, one each second. */
export function makeStillMp4(stills: readonly [Still, ...Still[]]): Buffer {
  const { init, trackId, ticksPerSecond } = stills[0]
  const samples = stills.map(({ data }) => ({
    durationTicks: (ticksPerSecond * stillMs) / 1000,
    compositionTicks: 0,
    key: true,
    data: [data],
    sizeBytes: data.length,
  }))
  return Buffer.concat([withoutSound(init, trackId), makeFragment(1, [{ trackId, baseTicks: 0, samples }])])
}

/** The init segment with its video track alone: a player would wait for sound that never comes. */
function withoutSound(init: Buffer, videoId: number): Buffer {
  const isVideoTrack = ({ payload }: Mp4Box): boolean =>
    readBoxes(payload).some(({ type, payload: header }) => type === 'tkhd' && header.readUInt32BE(12) === videoId)
  return Buffer.concat(
    readBoxes(init).map(({ type, payload }) => {
      if (type !== 'moov') return box(type, payload)
      const kept = readBoxes(payload).filter((child) => child.type !== 'trak' || isVideoTrack(child))
      const parts = kept.map((child) =>
        child.type === 'mvex'
          ? box('mvex', fullBox('trex', 0, 0, u32(videoId), u32(1), u32(0), u32(0), u32(0)))
          : box(child.type, child.payload),
      )
      return box('moov', ...parts)
    }),
  )
}
