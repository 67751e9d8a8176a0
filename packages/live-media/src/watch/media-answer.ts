import type { Departure } from './departure.ts'

export interface MediaRequest {
  /** Already checked to be a room the viewer may watch. */
  roomId: number
  /** What follows `/media/{roomId}/`, as in `live.m3u8`. */
  path: string
  query: URLSearchParams
  /** Tells when the client goes away, so that a blocked request does not stay behind. */
  client?: Departure
}

export interface MediaResponse {
  status: 200 | 400 | 404 | 503
  headers: Record<string, string>
  body: Buffer
}

export const playlistType = 'application/vnd.apple.mpegurl'
/** For names that carry content or a number that is never given out again. */
export const forever = 'public, max-age=31536000, immutable'
/** For what is worth sharing for a second among those who ask at the same moment. */
export const thisMoment = 'public, max-age=0, s-maxage=1'

export function media(bytes: Buffer, caching: string): MediaResponse {
  return ok(bytes, 'video/mp4', caching)
}

export function ok(body: Buffer, type: string, caching: string): MediaResponse {
  // hls.js needs the length on parts: without it a browser cannot tell a short answer from a whole one.
  return {
    status: 200,
    headers: { 'content-type': type, 'content-length': String(body.length), 'cache-control': caching },
    body,
  }
}

export function refuse(status: 400 | 404 | 503): MediaResponse {
  // A crowd that waits for a show to begin asks a cache, not us; a second later it may ask again.
  const caching = status === 404 ? thisMoment : 'no-store'
  const headers: Record<string, string> = { 'content-length': '0', 'cache-control': caching }
  if (status === 503) headers['retry-after'] = '1'
  return { status, headers, body: Buffer.alloc(0) }
}
