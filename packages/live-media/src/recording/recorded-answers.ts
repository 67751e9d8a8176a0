import {
  forever,
  type MediaRequest,
  type MediaResponse,
  ok,
  playlistType,
  refuse,
  thisMoment,
} from '../watch/media-answer.ts'
import type { RecordedMedia } from './recorded-media.ts'
import { parseMoment, parseReplayRange, type ReplayRange, renderReplayPlaylist } from './replay.ts'
import { choosePieces } from './replay-piece.ts'
import type { RoomPictures } from './room-pictures.ts'
import { chooseThumbs, thumbEveryMs, thumbWidthPx } from './thumbnails.ts'

const cutNameShape = /^cut-(\d{1,15})\.(\d{1,6})\.(\d{1,6})\.m4s$/
const thumbNameShape = /^thumb-(\d{1,15})\.jpg$/
const forADay = 'public, max-age=86400'
const forMoments = 'public, max-age=10'

/** Answers what is asked of recordings and pictures; null for names that it does not know. */
export function createRecordedAnswers(
  media: RecordedMedia,
  pictures: RoomPictures,
): (request: MediaRequest) => Promise<MediaResponse> | null {
  return (request) => {
    const { path, roomId } = request
    if (path === 'replay.m3u8') return withRange(request, (range) => replay(media, roomId, range))
    if (path === 'thumbs.json') return withRange(request, (range) => thumbs(media, pictures, roomId, range))
    if (path === 'poster.jpg' || path === 'poster.mp4') return poster(pictures, request)
    const thumb = thumbNameShape.exec(path)
    if (thumb) return pictures.thumb(roomId, Number(thumb[1])).then((bytes) => picture(bytes, forever))
    const cut = cutNameShape.exec(path)
    return cut ? cutPiece(media, roomId, Number(cut[1]), Number(cut[2]), Number(cut[3])) : null
  }
}

async function withRange(
  { query }: MediaRequest,
  answer: (range: ReplayRange) => Promise<MediaResponse>,
): Promise<MediaResponse> {
  const range = parseReplayRange(query)
  return range ? answer(range) : refuse(400)
}

async function replay(media: RecordedMedia, roomId: number, range: ReplayRange): Promise<MediaResponse> {
  const text = renderReplayPlaylist(await choosePieces(media, roomId, range), range.fromMs)
  return text === null ? refuse(404) : ok(Buffer.from(text), playlistType, thisMoment)
}

async function cutPiece(
  media: RecordedMedia,
  roomId: number,
  seq: number,
  fromMs: number,
  toMs: number,
): Promise<MediaResponse> {
  const segment = (await media.index(roomId)).find((line) => line.seq === seq)
  const bytes = segment && (await media.cut(roomId, segment, fromMs, toMs))
  return bytes ? ok(bytes, 'video/mp4', forever) : refuse(404)
}

async function thumbs(
  media: RecordedMedia,
  pictures: RoomPictures,
  roomId: number,
  range: ReplayRange,
): Promise<MediaResponse> {
  const pieces = await choosePieces(media, roomId, range)
  if (pieces.length === 0) return refuse(404)
  const chosen = new Set(chooseThumbs(await media.index(roomId)).map(({ seq }) => seq))
  let replayMs = 0
  const items = pieces.flatMap(({ segment, cut, startMs, durationMs }) => {
    // A thumbnail is the first picture of its segment: a piece that begins later shows it at its own beginning.
    const item = {
      atMs: startMs,
      replayMs,
      url: pictures.able ? `thumb-${segment.seq}.jpg` : `poster.mp4?at=${startMs}`,
    }
    replayMs += durationMs
    return chosen.has(segment.seq) && (!cut || cut.fromMs === 0 || pieces[0]?.segment === segment) ? [item] : []
  })
  const body = { pictures: pictures.able, widthPx: thumbWidthPx, everyMs: thumbEveryMs, items }
  return ok(Buffer.from(JSON.stringify(body)), 'application/json; charset=utf-8', forMoments)
}

async function poster(pictures: RoomPictures, { roomId, path, query }: MediaRequest): Promise<MediaResponse> {
  const atMs = parseMoment(query.get('at'))
  if (atMs === undefined) return refuse(400)
  const caching = atMs === null ? forMoments : forADay
  if (path === 'poster.jpg') return picture(await pictures.poster(roomId, atMs), caching)
  const still = await pictures.posterMp4(roomId, atMs)
  return still ? ok(still, 'video/mp4', caching) : refuse(404)
}

function picture(bytes: Buffer | null, caching: string): MediaResponse {
  return bytes ? ok(bytes, 'image/jpeg', caching) : refuse(404)
}
