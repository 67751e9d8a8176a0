import { makeFragment } from '../mux/mp4-fragment.ts'
import { type Mp4Sample, type Mp4Track, readSamples } from '../mux/mp4-samples.ts'

/** Where a segment can be cut: times in ms from its first frame, rising. */
export interface SegmentCuts {
  /** Stream clock of the first frame. */
  firstMs: number
  keysMs: readonly number[]
  /** Decode times of all frames, and of the end of the last one. */
  framesMs: readonly number[]
}

/** @throws RangeError when the bytes are not a segment */
export function findCuts(bytes: Buffer, tracks: readonly Mp4Track[]): SegmentCuts {
  const { samples, track } = leadOf(readSamples(bytes), tracks)
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) throw new RangeError('a segment has no samples')
  const msOf = (ticks: number): number => ((ticks - first.startTicks) * 1000) / track.ticksPerSecond
  return {
    firstMs: (first.startTicks * 1000) / track.ticksPerSecond,
    keysMs: samples.filter(({ key }) => key).map(({ startTicks }) => msOf(startTicks)),
    framesMs: [...samples.map(({ startTicks }) => msOf(startTicks)), msOf(last.startTicks + last.durationTicks)],
  }
}

/** The last key frame at or before a time, else the first; null when there is none. */
export function keyAtOrBefore({ keysMs }: SegmentCuts, ms: number): number | null {
  return keysMs.findLast((keyMs) => keyMs <= ms) ?? keysMs[0] ?? null
}

/** The beginning of the first frame at or after a time, at most the end. */
export function frameAtOrAfter({ framesMs }: SegmentCuts, ms: number): number {
  return framesMs.find((frameMs) => frameMs >= ms) ?? framesMs.at(-1) ?? 0
}

/**
 * A piece of a segment as one fragment: from the last key frame at or before `fromMs` up to and without the frame at
 * `toMs`, both from the segment's first frame; sound goes with the pictures it belongs to. Times stay those of the
 * segment. Null when nothing is left. @throws RangeError when the bytes are not a segment
 */
export function cutSegment(bytes: Buffer, tracks: readonly Mp4Track[], fromMs: number, toMs: number): Buffer | null {
  const samples = readSamples(bytes)
  const lead = leadOf(samples, tracks)
  const originTicks = lead.samples[0]?.startTicks ?? 0
  const perMs = lead.track.ticksPerSecond / 1000
  const [fromTicks, endTicks] = [originTicks + fromMs * perMs, originTicks + toMs * perMs]
  const firstKey = lead.samples.findLast(({ key, startTicks }) => key && startTicks <= fromTicks)
  const startTicks = (firstKey ?? lead.samples.find(({ key }) => key))?.startTicks ?? Number.POSITIVE_INFINITY
  const pictures = lead.samples.filter((sample) => sample.startTicks >= startTicks && sample.startTicks < endTicks)
  if (pictures.length === 0) return null
  const runs = [runOf(lead.track, pictures)]
  for (const track of tracks) {
    if (track === lead.track) continue
    const scale = track.ticksPerSecond / lead.track.ticksPerSecond
    const sounds = (samples.get(track.id) ?? []).filter(
      (sample) => sample.startTicks >= startTicks * scale && sample.startTicks < endTicks * scale,
    )
    if (sounds.length > 0) runs.push(runOf(track, sounds))
  }
  return makeFragment(1, runs)
}

function runOf(track: Mp4Track, samples: readonly Mp4Sample[]): Parameters<typeof makeFragment>[1][number] {
  return {
    trackId: track.id,
    baseTicks: samples[0]?.startTicks ?? 0,
    samples: samples.map((sample) => ({ ...sample, data: [sample.data], sizeBytes: sample.data.length })),
  }
}

/** The track by which a segment is cut: the video, or the sound of a segment that has no picture. */
function leadOf(
  samples: ReadonlyMap<number, Mp4Sample[]>,
  tracks: readonly Mp4Track[],
): { samples: Mp4Sample[]; track: Mp4Track } {
  const there = tracks.filter(({ id }) => (samples.get(id)?.length ?? 0) > 0)
  const track = there.find(({ video }) => video) ?? there[0]
  if (!track) throw new RangeError('a segment has no samples')
  return { samples: samples.get(track.id) ?? [], track }
}
