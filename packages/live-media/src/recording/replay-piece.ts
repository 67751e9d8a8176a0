import { frameAtOrAfter, keyAtOrBefore } from './cut-segment.ts'
import type { RecordedMedia } from './recorded-media.ts'
import type { RecordedSegment } from './recording-index.ts'
import type { ReplayRange } from './replay.ts'

/** Segments that do not begin with a key frame are walked back at most so far; each is 10 s. */
const walkBackMax = 6

/** What of one recorded segment is played. */
export interface ReplayPiece {
  segment: RecordedSegment
  /** ms from the segment's first frame; both null where all of it is played. */
  cut: { fromMs: number; toMs: number } | null
  /** Wall clock of its first frame. */
  startMs: number
  durationMs: number
}

/**
 * The pieces that play a range of the wall clock: from the key frame at or before `from` to the frame before `to`. In a gap
 * the next piece begins. Empty when nothing was recorded there.
 */
export async function choosePieces(media: RecordedMedia, roomId: number, range: ReplayRange): Promise<ReplayPiece[]> {
  const { fromMs, toMs } = range
  const all = await media.index(roomId)
  let begin = fromMs === null ? 0 : all.findIndex((segment) => segment.startMs + segment.durationMs > fromMs)
  if (begin < 0) return []
  for (let step = 0; step < walkBackMax && all[begin]?.key === false && all[begin]?.gap === undefined; step++) {
    if (begin > 0) begin--
  }
  const chosen = all.slice(begin).filter((segment) => toMs === null || segment.startMs < toMs)
  const pieces = await Promise.all(
    chosen.map((segment, index) => {
      const atStart = index === 0 && fromMs !== null && segment.startMs < fromMs
      const atEnd = toMs !== null && segment.startMs + segment.durationMs > toMs
      return atStart || atEnd ? cutPiece(media, roomId, segment, range, atStart) : wholePiece(segment)
    }),
  )
  return pieces.filter((piece) => piece !== null)
}

function wholePiece(segment: RecordedSegment): ReplayPiece {
  return { segment, cut: null, startMs: segment.startMs, durationMs: segment.durationMs }
}

async function cutPiece(
  media: RecordedMedia,
  roomId: number,
  segment: RecordedSegment,
  { fromMs, toMs }: ReplayRange,
  atStart: boolean,
): Promise<ReplayPiece | null> {
  const cuts = await media.cuts(roomId, segment)
  if (!cuts) return wholePiece(segment)
  const offsetMs = atStart && fromMs !== null ? (keyAtOrBefore(cuts, fromMs - segment.startMs) ?? 0) : 0
  const endMs = frameAtOrAfter(cuts, toMs === null ? Number.POSITIVE_INFINITY : toMs - segment.startMs)
  // Times of frames are whole milliseconds of the stream's clock, so names can carry them.
  const [from, to] = [Math.round(offsetMs), Math.round(endMs)]
  if (to <= from) return null
  if (from === 0 && to >= segment.durationMs) return wholePiece(segment)
  return {
    segment,
    cut: { fromMs: from, toMs: to },
    startMs: segment.startMs + from,
    durationMs: to - from,
  }
}
