import type { LiveStream } from '../live-stream.ts'

/** A stream and where its playlist is, relative to the master playlist. */
export interface Variant {
  readonly uri: string
  readonly stream: LiveStream
}

/** Playlists measure less than what comes next; players that trust a low figure stall. */
const headroom = 1.1

/** A multivariant playlist (RFC 8216bis, 4.4.6) of what can be played now, the source first; null when nothing can. */
export function renderMasterPlaylist(variants: readonly Variant[]): string | null {
  const lines = variants.flatMap(({ uri, stream }) => {
    const { init, peakBitsPerSecond } = stream
    if (!init || peakBitsPerSecond === 0) return []
    const { framesPerSecond } = stream.health()
    const attributes = [
      `BANDWIDTH=${Math.ceil(peakBitsPerSecond * headroom)}`,
      `CODECS="${init.codecs}"`,
      ...(init.widthPx > 0 ? [`RESOLUTION=${init.widthPx}x${init.heightPx}`] : []),
      ...(framesPerSecond > 0 ? [`FRAME-RATE=${framesPerSecond.toFixed(3)}`] : []),
    ]
    return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri]
  })
  return lines.length === 0 ? null : `${['#EXTM3U', '#EXT-X-VERSION:9', ...lines].join('\n')}\n`
}
