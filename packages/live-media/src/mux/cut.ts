import type { StreamLimits } from '../limits.ts'

/** What ends before the frame that has just arrived. Each kind includes the ones before it. */
export type Cut = 'none' | 'chunk' | 'part' | 'segment'

export interface CutInput {
  /** Time from the start of the open chunk, part and segment to the new frame. */
  chunkMs: number
  partMs: number
  segmentMs: number
  segmentBytes: number
  /** The new frame is a key frame. */
  key: boolean
  frameMs: number
  partTargetMs: number
}

/** Decides where chunks, parts and segments end; a frame's length is known only when the next one arrives. */
export function decideCut(input: CutInput, limits: StreamLimits): Cut {
  if (input.key && input.segmentMs >= limits.segmentMs - 50) return 'segment'
  if (input.segmentMs >= limits.segmentMsMax || input.segmentBytes >= limits.segmentBytesMax) return 'segment'
  if (input.partMs + input.frameMs > input.partTargetMs) return 'part'
  if (input.key || input.chunkMs >= limits.chunkMs - 2) return 'chunk'
  return 'none'
}

/**
 * The part target a playlist declares: a whole number of frames near the wished length, plus 4 ms for stamps rounded to
 * milliseconds. A part must not be longer than the target nor shorter than 85 % of it (RFC 8216bis, 4.4.3.7), which a
 * fixed 200 ms breaks at 24 frames/s.
 */
export function partTargetFor(frameMs: number, partMs: number): number {
  const frames = Math.max(1, Math.round(partMs / frameMs))
  return Math.min(Math.max(Math.ceil(frames * frameMs) + 4, partMs / 2), 1_000)
}
