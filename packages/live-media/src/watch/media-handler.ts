import type { Ladders } from '../ladder/ladders.ts'
import type { LiveHub } from '../live-hub.ts'
import type { LiveStream } from '../live-stream.ts'
import { IndexCache } from '../recording/index-cache.ts'
import type { MediaStorage } from '../recording/media-storage.ts'
import type { PictureMaker } from '../recording/picture-maker.ts'
import { createRecordedAnswers } from '../recording/recorded-answers.ts'
import { RecordedMedia } from '../recording/recorded-media.ts'
import { initNameShape, mediaKey, segmentNameShape } from '../recording/recording-index.ts'
import { RoomPictures } from '../recording/room-pictures.ts'
import { parseReloadDirectives } from './blocking-reload.ts'
import type { Departure } from './departure.ts'
import { renderMasterPlaylist } from './master-playlist.ts'
import {
  forever,
  type MediaRequest,
  type MediaResponse,
  media,
  ok,
  playlistType,
  refuse,
  thisMoment,
} from './media-answer.ts'

export type MediaHandler = (request: MediaRequest) => Promise<MediaResponse>

export interface MediaHandlerOptions {
  hub: LiveHub
  storage: MediaStorage | null
  /** Makes JPEGs of key frames; null where the machine has no ffmpeg. */
  pictures?: PictureMaker | null
  /** Renditions of live streams; null where none are made. */
  ladders?: Ladders | null
  now?: () => number
}

const renditionShape = /^(720|480|360|aac)\/([a-z0-9.-]{1,60})$/
const partNameShape = /^part-(\d{1,15})\.(\d{1,4})\.m4s$/
/** Parts leave the window within a minute; a cache has no use for them longer. */
const briefly = 'public, max-age=60'
/**
 * Playlists are for caches between us and the viewers (RFC 8216bis, B.1), never for the viewer's own: one that holds what was asked for stays
 * true, any other is worth sharing for a second among those who ask at the same moment.
 */
const whatWasAsked = 'public, max-age=0, s-maxage=12'

/**
 * Answers what is under `/media/{roomId}/`: `live.m3u8` (`?ll=0` for the form without parts), `init-*.mp4`, `seg-*.m4s`,
 * `part-*.m4s`, the same for renditions in folders of their own (`720/live.m3u8`), `master.m3u8` over them all, and what docs/recordings.md
 * lists of recordings and pictures. Names are matched whole and storage keys are built from the numbers in
 * them, so no path can leave the room's folder.
 * @throws when the storage fails; the caller answers 500
 */
export function createMediaHandler(options: MediaHandlerOptions): MediaHandler {
  const { hub, storage } = options
  const recorded = storage ? answersFrom(storage, options) : null

  return async (request) => {
    const { roomId, path } = request
    if (!Number.isSafeInteger(roomId) || roomId < 0) return refuse(404)
    const stream = hub.stream(roomId)
    const rendition = renditionShape.exec(path)
    if (rendition) return answerRendition(options.ladders?.of(roomId).get(rendition[1] ?? ''), rendition[2], request)
    if (path === 'master.m3u8') return stream ? master(stream, options.ladders ?? null, request) : refuse(404)
    if (path === 'live.m3u8') return stream ? live(stream, request) : refuse(404)
    const part = partNameShape.exec(path)
    if (part) return stream ? livePart(stream, Number(part[1]), Number(part[2]), request.client) : refuse(404)
    const segment = segmentNameShape.exec(path)
    const fromMemory = segment ? stream?.segmentBytes(Number(segment[1])) : stream?.initBytes(path)
    if (fromMemory) return media(fromMemory, forever)
    if (!storage) return refuse(404)
    if (!(segment || initNameShape.test(path))) return recorded?.(request) ?? refuse(404)
    const name = segment ? `seg-${Number(segment[1])}.m4s` : path
    const stored = await storage.read(mediaKey(roomId, name))
    return stored ? media(stored, forever) : refuse(404)
  }
}

function answersFrom(storage: MediaStorage, options: MediaHandlerOptions): ReturnType<typeof createRecordedAnswers> {
  const now = options.now ?? Date.now
  const recordings = new RecordedMedia(storage, new IndexCache(storage, now))
  const pictures = new RoomPictures({
    hub: options.hub,
    media: recordings,
    storage,
    maker: options.pictures ?? null,
    now,
  })
  return createRecordedAnswers(recordings, pictures)
}

async function live(stream: LiveStream, request: MediaRequest): Promise<MediaResponse> {
  const asked = parseReloadDirectives(request.query)
  if (!asked) return refuse(400)
  const lowLatency = request.query.get('ll') !== '0'
  if (!stream.hasWholeSegment) {
    // A client that comes together with the publisher gets the first whole segment instead of an error.
    const arrived = await stream.waitUntil(() => stream.hasWholeSegment || stream.ended, request.client)
    if (arrived === null) return refuse(503)
    if (!(lowLatency ? stream.watchable : stream.hasWholeSegment)) return refuse(404)
  }
  const decision = lowLatency ? stream.reload(asked) : 'now'
  if (decision === 'refuse') return refuse(400)
  if (decision === 'wait') {
    // At the deadline the client gets the playlist as it is: a publisher who is away must not end anyone's player.
    const waited = await stream.waitUntil(() => stream.reload(asked) !== 'wait', request.client)
    if (waited === null) return refuse(503)
  }
  const holds = lowLatency && asked.msn !== null && stream.reload(asked) !== 'wait'
  return ok(stream.playlist(lowLatency), playlistType, holds ? whatWasAsked : thisMoment)
}

/** What a rendition has is in memory only: it is not recorded. */
async function answerRendition(
  stream: LiveStream | undefined,
  path: string | undefined,
  request: MediaRequest,
): Promise<MediaResponse> {
  if (!stream || path === undefined) return refuse(404)
  if (path === 'live.m3u8') return live(stream, request)
  const part = partNameShape.exec(path)
  if (part) return livePart(stream, Number(part[1]), Number(part[2]), request.client)
  const segment = segmentNameShape.exec(path)
  const bytes = segment ? stream.segmentBytes(Number(segment[1])) : stream.initBytes(path)
  return bytes ? media(bytes, forever) : refuse(404)
}

async function master(stream: LiveStream, ladders: Ladders | null, request: MediaRequest): Promise<MediaResponse> {
  if (!stream.hasWholeSegment) {
    const arrived = await stream.waitUntil(() => stream.hasWholeSegment || stream.ended, request.client)
    if (arrived === null) return refuse(503)
  }
  const renditions = [...(ladders?.of(request.roomId) ?? [])].map(([name, rendition]) => {
    return { uri: `${name}/live.m3u8`, stream: rendition }
  })
  const text = renderMasterPlaylist([{ uri: 'live.m3u8', stream }, ...renditions])
  return text === null ? refuse(404) : ok(Buffer.from(text), playlistType, thisMoment)
}

async function livePart(stream: LiveStream, msn: number, index: number, client?: Departure): Promise<MediaResponse> {
  if (stream.isNextPart(msn, index)) {
    const waited = await stream.waitUntil(() => !stream.isNextPart(msn, index), client)
    if (waited === null) return refuse(503)
  }
  const bytes = stream.partBytes(msn, index)
  return bytes ? media(bytes, briefly) : refuse(404)
}
