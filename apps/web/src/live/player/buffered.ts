/** Pieces that lie ready, each from a second to a second, in order. */
export type Spans = readonly (readonly [fromS: number, toS: number])[]

export function spansOf(ranges: TimeRanges): Spans {
  return Array.from({ length: ranges.length }, (_, at) => [ranges.start(at), ranges.end(at)] as const)
}

/** What has been played is kept for so long: nobody goes back in a live picture, but a decoder may look back to a key frame. */
const KEEP_S = 8
/** Removing costs a turn of the source buffer, so it is done seldom and then much. */
const REMOVE_FROM_S = 20
/** Frames of sound and picture do not end in the same instant: less than this is no hole, unless the browser stops there. */
const SEAM_S = 0.06

/**
 * A browser keeps time in whole microseconds. A position that is a fraction too early for the key frame that begins a piece is looked for
 * in the hole before it, and never comes.
 */
const INSIDE_S = 0.001

/** Seconds that lie ready from `atS` on. */
export function aheadOf(spans: Spans, atS: number, seamS = SEAM_S): number {
  const span = spans.find(([fromS, toS]) => fromS <= atS + seamS && atS < toS)
  return span === undefined ? 0 : span[1] - atS
}

/** A browser stops before the end of a piece whose sound is longer than its picture: so much may be left of it. */
const LEFT_S = 0.5

/**
 * Where playing goes on when nothing lies ready at `atS` but something behind it: the beginning of the next piece. `isStuck`: the browser
 * has nothing to play, so that the smallest seam is a hole, and so is what is left of a piece.
 */
export function afterHole(spans: Spans, atS: number, isStuck = false): number | null {
  if (isStuck ? aheadOf(spans, atS, 0) > LEFT_S : aheadOf(spans, atS) > SEAM_S) return null
  const next = spans.find(([fromS]) => fromS > atS)
  return next === undefined ? null : next[0] + INSIDE_S
}

/** The moment of the last piece that leaves `targetS` ready, or its beginning where it is shorter. */
export function nearEnd([fromS, toS]: Spans[number], targetS: number): number {
  return Math.max(fromS + INSIDE_S, toS - targetS)
}

/** Until where what has been played may go; null when it is not worth it. `isFull`: the browser takes no more, so keep the least. */
export function removableUntil(spans: Spans, atS: number, isFull = false): number | null {
  const first = spans[0]
  if (first === undefined) return null
  const untilS = atS - (isFull ? 1 : KEEP_S)
  return untilS > first[0] && (isFull || atS - first[0] > REMOVE_FROM_S) ? untilS : null
}
