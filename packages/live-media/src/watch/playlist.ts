import type { InitSegment } from '../mux/mp4-init.ts'
import type { Segment } from '../mux/segment-window.ts'

/** Where another rendition of the same stream stands, for players that change over to it (RFC 8216bis, 4.4.5.4). */
export interface RenditionReport {
  readonly uri: string
  readonly lastMsn: number
  readonly lastPart: number
}

export interface LivePlaylistInput {
  /** Whole segments, oldest first. */
  listed: readonly Segment[]
  open: Segment | null
  /** Number of the segment that is open or comes next. */
  nextMsn: number
  /** While no segment is open: whether the next one starts with a discontinuity. */
  discontinuityNext: boolean
  targetDurationS: number
  discontinuitySequence: number
  partTargetMs: number
  /** Nothing will follow. */
  ended: boolean
  /** With parts, preload hint and blocking reload; without, the plain form for clients that know none of them. */
  lowLatency: boolean
  /** Other renditions of the same stream. */
  reports: readonly RenditionReport[]
}

/** Whole segments at the live edge that keep their parts listed; low-latency clients play in the last one or two. */
const segmentsWithParts = 2

/** A live media playlist (RFC 8216bis). Clients without low-latency support skip the tags they do not know. */
export function renderLivePlaylist(input: LivePlaylistInput): string {
  const { listed, ended } = input
  const lowLatency = input.lowLatency && !ended
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9', `#EXT-X-TARGETDURATION:${input.targetDurationS}`]
  if (lowLatency) {
    const holdBackS = seconds(input.partTargetMs * 3)
    lines.push(
      `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${holdBackS}`,
      `#EXT-X-PART-INF:PART-TARGET=${seconds(input.partTargetMs)}`,
    )
  }
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${listed[0]?.msn ?? input.nextMsn}`)
  if (input.discontinuitySequence > 0) lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${input.discontinuitySequence}`)
  let init: InitSegment | null = null
  listed.forEach((segment, index) => {
    // The first listed segment's own discontinuity counts towards the segments, not the sequence before it.
    pushSegmentHead(lines, segment, init)
    init = segment.init
    if (lowLatency && index >= listed.length - segmentsWithParts) pushParts(lines, segment)
    lines.push(`#EXTINF:${seconds(segment.durationMs)},`, segmentName(segment.msn))
  })
  if (lowLatency) pushEdge(lines, input, init)
  if (ended) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}

/**
 * The live edge. A discontinuity is told as soon as it is known and not with the first part after it: hls.js numbers the
 * segment it waits for at once and takes a later change of its number for a broken playlist.
 */
function pushEdge(lines: string[], input: LivePlaylistInput, init: InitSegment | null): void {
  const { open, nextMsn } = input
  const parts = open?.parts.length ?? 0
  if (open && parts > 0) {
    pushSegmentHead(lines, open, init)
    pushParts(lines, open)
  } else if (open?.discontinuity ?? input.discontinuityNext) {
    lines.push('#EXT-X-DISCONTINUITY')
  }
  lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(nextMsn, parts)}"`)
  for (const { uri, lastMsn, lastPart } of input.reports) {
    lines.push(`#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${lastMsn},LAST-PART=${lastPart}`)
  }
}

function pushSegmentHead(lines: string[], segment: Segment, before: InitSegment | null): void {
  if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
  if (before?.name !== segment.init.name) lines.push(mapLine(segment.init.name))
  lines.push(dateLine(segment.wallMs))
}

function pushParts(lines: string[], segment: Segment): void {
  segment.parts.forEach((part, index) => {
    const independent = part.key ? ',INDEPENDENT=YES' : ''
    lines.push(`#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${partName(segment.msn, index)}"${independent}`)
  })
}

export function mapLine(initName: string): string {
  return `#EXT-X-MAP:URI="${initName}"`
}

export function dateLine(wallMs: number): string {
  return `#EXT-X-PROGRAM-DATE-TIME:${new Date(wallMs).toISOString()}`
}

/** Decimal seconds with three digits: stream times are whole milliseconds. */
export function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3)
}

export function segmentName(msn: number): string {
  return `seg-${msn}.m4s`
}

function partName(msn: number, index: number): string {
  return `part-${msn}.${index}.m4s`
}
