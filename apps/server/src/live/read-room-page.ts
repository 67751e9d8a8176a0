import type { RoomCard, RoomDesk, RoomPage, RoomPicture } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { ROOM_HOLD_S } from './room.ts'
import { keyValidUntil } from './room-of-key.ts'
import { ROOM_COLUMNS, ROOM_TABLES, type RoomRow, readRoom } from './room-row.ts'
import { readPin, readShelfItems } from './room-shelf.ts'

/** A room's card; viewers as they are counted in this process. */
export function toRoomCard({ hub }: Pick<LiveContext, 'hub'>, row: RoomRow): RoomCard {
  const {
    viewersPeak: _peak,
    likes: _likes,
    minorsWarning: _warning,
    version: _version,
    scheduledAt,
    startedAt,
    endedAt,
    ...card
  } = row
  return {
    ...card,
    scheduledAt: scheduledAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    viewers: hub.find(row.id)?.figures.viewers ?? 0,
  }
}

/** Cards of these rooms, in no order; those for practice are left out. */
export async function readRoomCards(context: LiveContext, roomIds: readonly number[]): Promise<RoomCard[]> {
  if (roomIds.length === 0) return []
  const rows = await context.platform.db.query<RoomRow>(
    `select ${ROOM_COLUMNS} from ${ROOM_TABLES} where r.id = any($1::bigint[]) and not r.practice`,
    [roomIds],
    'live-room-cards',
  )
  return rows.map((row) => toRoomCard(context, row))
}

/**
 * Where the picture is, and how: the quickest way first while there is room for one more socket. A socket costs this server a copy of the
 * stream; a playlist and its pieces can come from a cache, so a crowd is shown those alone, and so is a room that a cluster carries.
 */
function readPicture({ hub, platform, cluster, video }: LiveContext, { id, practice }: RoomRow): RoomPicture {
  // Before the show it is taken to be there; a host may still go on air from a browser, which is here.
  const isCarried = cluster !== null && !practice && (cluster.isPublishing(id) || !video.isPublishing(id))
  if (isCarried) return { ways: ['llhls'], url: cluster.playUrls(id).hls }
  const isCrowd = hub.figures.sockets >= platform.config.socketViewersMax
  // The playlist over all renditions, where they are made.
  const playlist = platform.config.ladders > 0 ? 'master.m3u8' : 'live.m3u8'
  return { ways: isCrowd ? ['llhls'] : ['socket', 'llhls'], url: `/media/${id}/${playlist}` }
}

/** All that the first screen of a room needs, before, during and after the show. @throws Refusal live.room_not_found */
export async function readRoomPage(context: LiveContext, roomId: number, forDesk = false): Promise<RoomPage> {
  const { db, clock } = context.platform
  const row = await readRoom(db, roomId)
  const [shelf, pinned, hasReplay] = await Promise.all([
    readShelfItems(context, roomId, forDesk),
    readPin(db, roomId),
    row.startedAt ? context.video.hasRecording(roomId) : false,
  ])
  const { minorsWarning } = row
  const nowMs = clock.now().getTime()
  const video = readPicture(context, row)
  return { ...toRoomCard(context, row), shelf, pinned, hasReplay, video, holdS: ROOM_HOLD_S, nowMs, minorsWarning }
}

/** The page with what only the host's team may see. @throws Refusal live.room_not_found */
export async function readRoomDesk(context: LiveContext, roomId: number): Promise<RoomDesk> {
  const { db, config } = context.platform
  const [page, sales, secret] = await Promise.all([
    readRoomPage(context, roomId, true),
    context.salesOf(roomId),
    db.query<KeyRow>(
      `select k.stream_key as "streamKey", k.takeover, k.expires_at as "keyUntil", ${keyValidUntil('$2::int')} as "validUntil",
         r.viewers_peak as "viewersPeak"
       from room_stream_keys k join rooms r on r.id = k.room_id where k.room_id = $1`,
      [roomId, config.ingest.keyDays],
    ),
  ])
  const { streamKey, takeover, keyUntil, validUntil, viewersPeak } = one(secret)
  const own = { url: context.video.ingestUrl, streamKey }
  // What is practised is nobody's business, and a cluster's addresses are open to everybody.
  const address = page.practice ? own : (context.cluster?.ingestOf(roomId, streamKey) ?? own)
  const refusal = context.video.lastRefusal(roomId)
  const peakNow = context.hub.find(roomId)?.figures.viewersPeak ?? 0
  return {
    ...page,
    ingest: {
      ...address,
      takeover,
      keyUntil: keyUntil?.toISOString() ?? null,
      validUntil: validUntil.toISOString(),
      refusal: refusal && { zh: refusal.zh, en: refusal.en, at: new Date(refusal.atMs).toISOString() },
    },
    figures: { viewers: page.viewers, viewersPeak: Math.max(viewersPeak, peakNow), ...sales },
    stream: context.video.figures(roomId),
  }
}

interface KeyRow {
  readonly streamKey: string
  readonly takeover: boolean
  readonly keyUntil: Date | null
  readonly validUntil: Date
  readonly viewersPeak: number
}
