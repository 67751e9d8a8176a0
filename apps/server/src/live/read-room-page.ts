import type { RoomCard, RoomDesk, RoomPage } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import { ROOM_HOLD_S } from './room.ts'
import { type RoomRow, readRoom } from './room-row.ts'
import { readPin, readShelfItems } from './room-shelf.ts'

/** A room's card; viewers as they are counted in this process. */
export function toRoomCard({ hub }: Pick<LiveContext, 'hub'>, row: RoomRow): RoomCard {
  const { viewersPeak: _peak, version: _version, scheduledAt, startedAt, endedAt, ...card } = row
  return {
    ...card,
    scheduledAt: scheduledAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    viewers: hub.find(row.id)?.figures.viewers ?? 0,
  }
}

/** All that the first screen of a room needs, before, during and after the show. @throws Refusal live.room_not_found */
export async function readRoomPage(context: LiveContext, roomId: number, forDesk = false): Promise<RoomPage> {
  const { db } = context.platform
  const row = await readRoom(db, roomId)
  const [shelf, pinned, hasReplay] = await Promise.all([
    readShelfItems(context, roomId, forDesk),
    readPin(db, roomId),
    row.startedAt ? context.video.hasRecording(roomId) : false,
  ])
  return { ...toRoomCard(context, row), shelf, pinned, hasReplay, holdS: ROOM_HOLD_S }
}

/** The page with what only the host's team may see. @throws Refusal live.room_not_found */
export async function readRoomDesk(context: LiveContext, roomId: number): Promise<RoomDesk> {
  const { db } = context.platform
  const [page, sales, secret] = await Promise.all([
    readRoomPage(context, roomId, true),
    context.salesOf(roomId),
    db.query<{ streamKey: string; viewersPeak: number }>(
      `select k.stream_key as "streamKey", r.viewers_peak as "viewersPeak"
       from room_stream_keys k join rooms r on r.id = k.room_id where k.room_id = $1`,
      [roomId],
    ),
  ])
  const { streamKey, viewersPeak } = one(secret)
  const peakNow = context.hub.find(roomId)?.figures.viewersPeak ?? 0
  return {
    ...page,
    ingest: { url: context.video.ingestUrl, streamKey },
    figures: { viewers: page.viewers, viewersPeak: Math.max(viewersPeak, peakNow), ...sales },
    stream: context.video.figures(roomId),
  }
}
