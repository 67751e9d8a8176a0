import { Readable } from 'node:stream'
import type { ExportResult, Recordings } from '@chunbo/live-media'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'

/**
 * Sends a recording, or a piece of it, as an MP4 file. It is put together in this process and not in that of the video, because who may
 * have it is known here; a segment is copied for each piece and nothing is decoded. @throws Refusal
 */
export async function exportRecording(
  recordings: Recordings,
  roomId: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { range, 'if-range': ifRange } = request.headers
  const result = await recordings.exportMp4({
    roomId,
    query: new URL(request.url, 'http://media').searchParams,
    range,
    ifRange: typeof ifRange === 'string' ? ifRange : undefined,
  })
  if (result.kind !== 'file') return refuse(result, reply)
  return reply.code(result.status).headers(result.headers).send(Readable.from(result.body))
}

function refuse(result: Exclude<ExportResult, { kind: 'file' }>, reply: FastifyReply): FastifyReply {
  switch (result.kind) {
    case 'unsatisfiable':
      return reply.code(416).header('content-range', `bytes */${result.totalBytes}`).send()
    case 'bad_range':
      throw new Refusal('live.export_moments_invalid')
    case 'busy':
      throw new Refusal('live.export_busy', {}, { retryAfterS: 30 })
    case 'empty':
      throw new Refusal('live.nothing_recorded')
    case 'too_long':
      throw new Refusal('live.export_too_long')
    case 'tracks_changed':
      throw new Refusal('live.export_tracks_changed', {
        pieces: result.spans.map(
          ({ fromMs, toMs }) => `${new Date(fromMs).toISOString()}/${new Date(toMs).toISOString()}`,
        ),
      })
  }
}
