import { type Static, Type } from 'typebox'
import { type ClusterEvent, keyOfParams, roomOfStreamName } from './cluster-stream.ts'

/**
 * What SRS 4 and newer post (ossrs.io, HTTP callback): one body for all actions, with fields that grow with the versions. It takes any
 * status but 200, and any body but `0` or `{"code": 0}`, for a refusal.
 */
export const SrsCallback = Type.Object({
  action: Type.String({ maxLength: 40 }),
  client_id: Type.String({ minLength: 1, maxLength: 60 }),
  server_id: Type.Optional(Type.String({ maxLength: 60 })),
  service_id: Type.Optional(Type.String({ maxLength: 60 })),
  ip: Type.Optional(Type.String({ maxLength: 60 })),
  app: Type.String({ maxLength: 200 }),
  stream: Type.String({ maxLength: 200 }),
  param: Type.Optional(Type.String({ maxLength: 1000 })),
  file: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
})
export type SrsCallback = Static<typeof SrsCallback>

/** The event in a callback; null for one that we do not serve, or about a stream that is no room. */
export function readSrsCallback(callback: SrsCallback): ClusterEvent | null {
  const { action, server_id = '', client_id, app, stream, param = '', ip = '', file } = callback
  const roomId = app === 'live' ? roomOfStreamName(stream) : null
  if (roomId === null) return null
  // Clients are numbered by each server for itself.
  const session = `${server_id}/${client_id}`
  if (action === 'on_publish')
    return { kind: 'publish', roomId, session, sourceType: '', key: keyOfParams(param) ?? '', publisher: ip }
  if (action === 'on_unpublish') return { kind: 'unpublish', roomId, session }
  if (action === 'on_dvr' && file !== undefined) return { kind: 'recorded', roomId, file, durationMs: null }
  return null
}
