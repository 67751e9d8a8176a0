import { dateLine, mapLine, seconds } from '../watch/playlist.ts'
import type { ReplayPiece } from './replay-piece.ts'

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

/** A moment as ms since 1970 or as ISO 8601; null when there is none, undefined when it cannot be read. */
export function parseMoment(text: string | null): number | null | undefined {
  if (text === null || text === '') return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  if (!/^\d{4}-\d{2}-\d{2}(T[0-9:.]{4,15}(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/**
 * A video-on-demand playlist of these pieces; null when there are none. A piece begins at a key frame, so the first may begin before
 * the asked moment: players start at that moment by EXT-X-START.
 */
export function renderReplayPlaylist(pieces: readonly ReplayPiece[], fromMs: number | null): string | null {
  const first = pieces[0]
  if (!first) return null
  const longestMs = pieces.reduce((max, { durationMs }) => Math.max(max, durationMs), 0)
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
  for (const piece of pieces) {
    const { segment } = piece
    if (segment.discontinuity && piece !== first) lines.push('#EXT-X-DISCONTINUITY')
    if (segment.init !== init) lines.push(mapLine(segment.init))
    init = segment.init
    lines.push(dateLine(piece.startMs), `#EXTINF:${seconds(piece.durationMs)},`, nameOf(piece))
  }
  lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}

function nameOf({ segment, cut }: ReplayPiece): string {
  return cut ? `cut-${segment.seq}.${cut.fromMs}.${cut.toMs}.m4s` : segment.uri
}
