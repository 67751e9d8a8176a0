import { dateLine, mapLine, seconds } from './playlist.ts'
import type { RecordedSegment } from './recording-index.ts'

/** Wall-clock bounds of a replay, in ms; null is open. */
export interface ReplayRange {
  fromMs: number | null
  toMs: number | null
}

/** Reads `from` and `to`, each as ms since 1970 or as ISO 8601; null when one cannot be read or they are out of order. */
export function parseReplayRange(query: URLSearchParams): ReplayRange | null {
  const fromMs = parseMoment(query.get('from'))
  const toMs = parseMoment(query.get('to'))
  if (fromMs === undefined || toMs === undefined) return null
  if (fromMs !== null && toMs !== null && fromMs >= toMs) return null
  return { fromMs, toMs }
}

function parseMoment(text: string | null): number | null | undefined {
  if (text === null || text === '') return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  if (!/^\d{4}-\d{2}-\d{2}(T[0-9:.]{4,15}(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/**
 * A video-on-demand playlist of the recorded segments that overlap the range; null when none does. Players start at the
 * asked moment inside the first segment by EXT-X-START.
 */
export function renderReplayPlaylist(segments: readonly RecordedSegment[], range: ReplayRange): string | null {
  const { fromMs, toMs } = range
  const chosen = segments.filter(
    (segment) =>
      (fromMs === null || segment.startMs + segment.durationMs > fromMs) && (toMs === null || segment.startMs < toMs),
  )
  const first = chosen[0]
  if (!first) return null
  const longestMs = chosen.reduce((max, segment) => Math.max(max, segment.durationMs), 0)
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longestMs / 1000))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
  ]
  if (fromMs !== null && fromMs > first.startMs) {
    lines.push(`#EXT-X-START:TIME-OFFSET=${seconds(fromMs - first.startMs)},PRECISE=YES`)
  }
  let init: string | null = null
  for (const segment of chosen) {
    if (segment.discontinuity && segment !== first) lines.push('#EXT-X-DISCONTINUITY')
    if (segment.init !== init) lines.push(mapLine(segment.init))
    init = segment.init
    lines.push(dateLine(segment.startMs), `#EXTINF:${seconds(segment.durationMs)},`, segment.uri)
  }
  lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
