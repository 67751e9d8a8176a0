import { Id, ROOM_MESSAGE_BYTES_MAX, RoomClientMessage } from '@chunbo/contract'
import type { Viewer } from '@chunbo/live-room'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import type { Who } from '../platform/session.ts'
import type { LiveContext } from './context.ts'

/** Where a reader was, as the ids of the events say it: `epoch:offset`. */
const POSITION = '^[A-Za-z0-9_-]{1,40}:[0-9]{1,15}$'
const Position = Type.String({ maxLength: 60, pattern: POSITION })

/** The seat itself is the proof: only the reader of the stream was told it. */
const reader: Who = { name: 'the reader of the stream', check: () => undefined }

function helloOf(position: string | undefined): { epoch: string; offset: number } | null {
  if (position === undefined || !new RegExp(POSITION).test(position)) return null
  const [epoch = '', offset = ''] = position.split(':')
  return { epoch, offset: Number(offset) }
}

/** Writes the head of an answer that ends with its connection, so that shared frames can be written to the socket as they are. */
function openStream(reply: FastifyReply): void {
  reply.hijack()
  const { raw } = reply
  raw.useChunkedEncodingByDefault = false
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    connection: 'close',
    // nginx would gather the events to blocks.
    'x-accel-buffering': 'no',
  })
  raw.flushHeaders()
}

/**
 * A room for those whose network breaks sockets: GET is an event stream of the room's messages, POST says what a socket would. The stream's
 * first event, `seat`, tells where to POST. `last` is for clients that cannot set Last-Event-ID at their first call.
 */
export function roomStreamRoutes(
  context: Pick<LiveContext, 'hub'>,
  profileOf: (userId: number, roomId: number) => Promise<Viewer['user']>,
  entrant: Who,
): Route[] {
  const { hub } = context
  return [
    route({
      method: 'GET',
      url: '/api/rooms/:id/stream',
      who: entrant,
      summary: 'What the socket of a room says, as an event stream (text/event-stream)',
      params: Type.Object({ id: Id }),
      query: Type.Object({ last: Type.Optional(Position) }),
      headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 60 })) }),
      quiet: true,
      async handle({ params, query, request, reply }) {
        if (request.method !== 'GET') throw new Refusal('request.method_not_allowed')
        const admission = hub.admit(request.ip)
        if (!admission.admitted) {
          const { status, retryAfterS } = admission
          throw new Refusal(status === 429 ? 'request.too_many' : 'live.full', {}, { retryAfterS })
        }
        const { place } = admission
        const { socket } = request.raw
        try {
          if ((await hub.open(params.id)) === null) throw new Refusal('live.room_not_found')
          const user = request.actor ? await profileOf(request.actor.userId, params.id) : null
          if (socket.destroyed) return place.release()
          const last = request.headers['last-event-id']
          openStream(reply)
          socket.setTimeout(0).setNoDelay(true)
          hub.seatStream(params.id, socket, { user }, place, helloOf(typeof last === 'string' ? last : query.last))
        } catch (error) {
          place.release()
          throw error
        }
      },
    }),
    route({
      method: 'POST',
      url: '/api/rooms/:id/stream/:seat',
      who: reader,
      summary: 'Says what a socket would; answers come over the stream',
      params: Type.Object({ id: Id, seat: Type.String({ minLength: 1, maxLength: 40 }) }),
      body: RoomClientMessage,
      bodyLimitBytes: ROOM_MESSAGE_BYTES_MAX,
      // Whole districts share an address; each seat has the limits of a socket besides.
      limit: { max: 30_000, windowS: 60 },
      quiet: true,
      status: 204,
      async handle({ params, body, reply }) {
        if (!hub.receive(params.id, params.seat, JSON.stringify(body))) throw new Refusal('live.seat_gone')
        return reply.send()
      },
    }),
  ]
}
