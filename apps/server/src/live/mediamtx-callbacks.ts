import { type Static, Type } from 'typebox'
import { type ClusterEvent, keyOfParams, roomOfStreamName } from './cluster-stream.ts'
import { looksLikeStreamKey } from './stream-key.ts'

/** What MediaMTX posts to authHTTPAddress (mediamtx.org, Authentication). A status of 200 to 299 lets the client in. */
export const MediamtxAuth = Type.Object({
  user: Type.String({ maxLength: 500 }),
  password: Type.String({ maxLength: 2000 }),
  token: Type.Optional(Type.String({ maxLength: 4000 })),
  ip: Type.String({ maxLength: 60 }),
  action: Type.String({ maxLength: 40 }),
  path: Type.String({ maxLength: 1000 }),
  protocol: Type.String({ maxLength: 40 }),
  query: Type.String({ maxLength: 4000 }),
})
export type MediamtxAuth = Static<typeof MediamtxAuth>

/** What our commands in runOnReady, runOnNotReady and runOnRecordSegmentComplete send in the address. */
export const MediamtxHook = Type.Object({
  event: Type.Union([Type.Literal('ready'), Type.Literal('gone'), Type.Literal('recorded')]),
  path: Type.String({ maxLength: 1000 }),
  source_type: Type.Optional(Type.String({ maxLength: 40 })),
  source_id: Type.Optional(Type.String({ maxLength: 100 })),
  segment_path: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  /** Seconds, as MTX_SEGMENT_DURATION has them. */
  segment_duration: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000_000 })),
  token: Type.Optional(Type.String({ maxLength: 200 })),
})
export type MediamtxHook = Static<typeof MediamtxHook>

/** The room of a path such as `live/room-12`, or null. */
export function roomOfMediamtxPath(path: string): number | null {
  return path.startsWith('live/') ? roomOfStreamName(path.slice('live/'.length)) : null
}

/**
 * The stream key that a publisher brings: in the address for RTMP and SRT, as bearer token for WHIP, as password for RTSP. Null when it
 * brings none, which RTSP and WHIP clients do until they are asked.
 */
export function keyOfMediamtxAuth(auth: MediamtxAuth): string | null {
  const given = keyOfParams(auth.query) ?? [auth.token, auth.password].find((text) => text !== undefined && text !== '')
  if (given === undefined) return null
  // OBS has one field for WHIP, the bearer token, and MediaMTX reads "user:password" there as well.
  const key = given.slice(given.indexOf(':') + 1)
  return looksLikeStreamKey(key) ? key : ''
}

/** The event in a hook; null for one that does not say what it needs, or about a path that is no room. */
export function readMediamtxHook(hook: MediamtxHook): ClusterEvent | null {
  const { event, path, source_type: sourceType = '', source_id: session, segment_path: file } = hook
  const roomId = roomOfMediamtxPath(path)
  if (roomId === null) return null
  if (event === 'recorded') {
    const durationMs = hook.segment_duration === undefined ? null : Math.round(hook.segment_duration * 1000)
    return file === undefined ? null : { kind: 'recorded', roomId, file, durationMs }
  }
  if (session === undefined || session === '') return null
  return event === 'ready'
    ? { kind: 'publish', roomId, session, sourceType, key: null, publisher: '' }
    : { kind: 'unpublish', roomId, session }
}
