import { Id } from '@chunbo/contract'
import type { MediaHandler } from '@chunbo/live-media'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import type { Who } from '../platform/session.ts'

/** Video is the same for everybody, so no session is read: a player asks several times a second. */
const everybody: Who = { name: 'anyone', check: () => undefined }

/** Playlists, segments and parts of live streams and replays, under /media/{roomId}/. */
export function mediaRoutes(handler: MediaHandler): Route[] {
  return [
    route({
      method: 'GET',
      url: '/media/:roomId/*',
      who: everybody,
      summary: 'Video of a room: live.m3u8, replay.m3u8?from=&to= and what they name',
      params: Type.Object({ roomId: Id, '*': Type.String({ maxLength: 100 }) }),
      quiet: true,
      async handle({ params, request, reply }) {
        const left = new AbortController()
        reply.raw.once('close', () => left.abort())
        const { status, headers, body } = await handler({
          roomId: params.roomId,
          path: params['*'],
          query: new URL(request.url, 'http://media').searchParams,
          signal: left.signal,
        })
        return reply.code(status).headers(headers).send(body)
      },
    }),
  ]
}
