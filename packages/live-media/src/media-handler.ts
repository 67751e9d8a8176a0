import { parseReloadDirectives } from './blocking-reload.ts'
import { IndexCache } from './index-cache.ts'
import type { LiveHub } from './live-hub.ts'
import type { LiveStream } from './live-stream.ts'
import type { MediaStorage } from './media-storage.ts'
import { initNameShape, mediaKey, segmentNameShape } from './recording-index.ts'
import { parseReplayRange, renderReplayPlaylist } from './replay.ts'

export interface MediaRequest {
  /** Already checked to be a room the viewer may watch. */
  roomId: number
  /** What follows `/media/{roomId}/`, as in `live.m3u8`. */
  path: string
  query: URLSearchParams
  /** Aborts when the client goes away, so that a blocked request does not stay behind. */
  signal?: AbortSignal
}

export interface MediaResponse {
  status: 200 | 400 | 404 | 503
  headers: Record<string, string>
  body: Buffer
}

export type MediaHandler = (request: MediaRequest) => Promise<MediaResponse>

export interface MediaHandlerOptions {
  hub: LiveHub
  storage: MediaStorage | null
  now?: () => number
}

const partNameShape = /^part-(\d{1,15})\.(\d{1,4})\.m4s$/
const playlistType = 'application/vnd.apple.mpegurl'
/** Names carry content or a number that is never given out again. */
const forever = 'public, max-age=31536000, immutable'
/** Parts leave the window within a minute; a cache has no use for them longer. */
const briefly = 'public, max-age=60'

/**
 * Answers what is under `/media/{roomId}/`: `live.m3u8` (`?ll=0` for the form without parts), `replay.m3u8?from=&to=`,
 * `init-*.mp4`, `seg-*.m4s` and `part-*.m4s`. Names are matched whole and storage keys are built from the numbers in
 * them, so no path can leave the room's folder.
 * @throws when the storage fails; the caller answers 500
 */
export function createMediaHandler(options: MediaHandlerOptions): MediaHandler {
  const { hub, storage } = options
  const indexes = storage ? new IndexCache(storage, options.now ?? Date.now) : null

  return async (request) => {
    const { roomId, path } = request
    if (!Number.isSafeInteger(roomId) || roomId < 0) return refuse(404)
    const stream = hub.stream(roomId)
    if (path === 'live.m3u8') return stream ? live(stream, request) : refuse(404)
    if (path === 'replay.m3u8') return indexes ? replay(indexes, request) : refuse(404)
    const part = partNameShape.exec(path)
    if (part) return stream ? livePart(stream, Number(part[1]), Number(part[2]), request.signal) : refuse(404)
    const segment = segmentNameShape.exec(path)
    const fromMemory = segment ? stream?.segmentBytes(Number(segment[1])) : stream?.initBytes(path)
    if (fromMemory) return media(fromMemory, forever)
    if (!storage || !(segment || initNameShape.test(path))) return refuse(404)
    const name = segment ? `seg-${Number(segment[1])}.m4s` : path
    const stored = await storage.read(mediaKey(roomId, name))
    return stored ? media(stored, forever) : refuse(404)
  }
}

async function live(stream: LiveStream, request: MediaRequest): Promise<MediaResponse> {
  const asked = parseReloadDirectives(request.query)
  if (!asked) return refuse(400)
  const lowLatency = request.query.get('ll') !== '0'
  if (!stream.hasWholeSegment) {
    // A client that comes together with the publisher gets the first whole segment instead of an error.
    const arrived = await stream.waitUntil(() => stream.hasWholeSegment || stream.ended, request.signal)
    if (arrived === null) return refuse(503)
    if (!(lowLatency ? stream.watchable : stream.hasWholeSegment)) return refuse(404)
  }
  const decision = lowLatency ? stream.reload(asked) : 'now'
  if (decision === 'refuse') return refuse(400)
  if (decision === 'wait') {
    // At the deadline the client gets the playlist as it is: a publisher who is away must not end anyone's player.
    const waited = await stream.waitUntil(() => stream.reload(asked) !== 'wait', request.signal)
    if (waited === null) return refuse(503)
  }
  return ok(stream.playlist(lowLatency), playlistType, 'no-cache')
}

async function livePart(stream: LiveStream, msn: number, index: number, signal?: AbortSignal): Promise<MediaResponse> {
  if (stream.isNextPart(msn, index)) {
    const waited = await stream.waitUntil(() => !stream.isNextPart(msn, index), signal)
    if (waited === null) return refuse(503)
  }
  const bytes = stream.partBytes(msn, index)
  return bytes ? media(bytes, briefly) : refuse(404)
}

async function replay(indexes: IndexCache, request: MediaRequest): Promise<MediaResponse> {
  const range = parseReplayRange(request.query)
  if (!range) return refuse(400)
  const text = renderReplayPlaylist(await indexes.read(request.roomId), range)
  return text === null ? refuse(404) : ok(Buffer.from(text), playlistType, 'no-cache')
}

function media(bytes: Buffer, caching: string): MediaResponse {
  return ok(bytes, 'video/mp4', caching)
}

function ok(body: Buffer, type: string, caching: string): MediaResponse {
  // hls.js needs the length on parts: without it a browser cannot tell a short answer from a whole one.
  return {
    status: 200,
    headers: { 'content-type': type, 'content-length': String(body.length), 'cache-control': caching },
    body,
  }
}

function refuse(status: 400 | 404 | 503): MediaResponse {
  const headers: Record<string, string> = { 'content-length': '0', 'cache-control': 'no-store' }
  if (status === 503) headers['retry-after'] = '1'
  return { status, headers, body: Buffer.alloc(0) }
}
