import { Id } from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { exportRecording } from './export-recording.ts'
import type { MediaIngest } from './media-ingest.ts'
import type { RoomDoors, RoomFactBook } from './room-team.ts'

/** Playlists, segments and parts of live streams and replays, under /media/{roomId}/. */
export function mediaRoutes(
  video: Pick<MediaIngest, 'answer' | 'recordings'>,
  facts: RoomFactBook,
  doors: Pick<RoomDoors, 'mediaEntrant' | 'team'>,
): Route[] {
  return [
    route({
      method: 'GET',
      url: '/media/:roomId/replay.mp4',
      who: doors.team,
      summary: 'The recording, or a piece of it, as an MP4 file to keep (host team)',
      params: Type.Object({ roomId: Id }),
      limit: { max: 60, windowS: 60, by: 'user' },
      quiet: true,
      handle: ({ params, request, reply }) => exportRecording(video.recordings, params.roomId, request, reply),
    }),
    route({
      method: 'GET',
      url: '/media/:roomId/*',
      who: doors.mediaEntrant,
      summary: 'Video of a room: live.m3u8, replay.m3u8?from=&to= and what they name',
      params: Type.Object({ roomId: Id, '*': Type.String({ maxLength: 100 }) }),
      quiet: true,
      handle({ params, request, reply }) {
        // What only a team may see must not stay in a cache that others read.
        const caching: Record<string, string> = facts.known(params.roomId)?.practice
          ? { 'cache-control': 'private, no-store' }
          : {}
        return video.answer(request, reply, caching)
      },
    }),
  ]
}
