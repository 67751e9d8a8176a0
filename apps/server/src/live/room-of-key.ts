import type { PublishDenial, PublishGrant } from '@chunbo/live-media'
import { first } from '../platform/database.ts'
import type { Platform } from '../platform/slice.ts'
import { keyOfStream, roomOfStreamName } from './cluster-stream.ts'

/**
 * Until when a key lets anybody in: a time that was set, or so many days after its last use, the show or its making, whichever is latest.
 * `days` names the parameter that holds them.
 */
export const keyValidUntil = (days: string): string =>
  `least(k.expires_at, greatest(k.used_at, k.made_at, r.scheduled_at) + make_interval(days => ${days}))`

interface FoundKey {
  readonly roomId: number
  readonly takeover: boolean
  readonly ended: boolean
  readonly expired: boolean
}

/**
 * The room that a publisher's stream opens now, why it opens none any more, or null. A public name comes from a media cluster that forwards
 * what it takes in to be recorded here. The use of a key is written down, at most once in ten minutes.
 */
export async function roomOfKey(
  { db, clock, config }: Platform,
  stream: string,
): Promise<PublishGrant | PublishDenial | null> {
  const [name = '', params] = stream.split('?')
  const key = keyOfStream(stream)
  if (key === null) return null
  const found = first(
    await db.query<FoundKey>(
      `with found as (
         select k.room_id, k.takeover, r.status = 'ended' as ended, ${keyValidUntil('$3::int')} <= $2 as expired
         from room_stream_keys k join rooms r on r.id = k.room_id where k.stream_key = $1
       ), used as (
         update room_stream_keys k set used_at = $2 from found f
         where k.room_id = f.room_id and not f.ended and not f.expired
           and (k.used_at is null or k.used_at < $2::timestamptz - interval '10 minutes')
       )
       select room_id as "roomId", takeover, ended, expired from found`,
      [key, clock.now(), config.ingest.keyDays],
      'live-room-of-key',
    ),
  )
  if (!found || (params !== undefined && found.roomId !== roomOfStreamName(name))) return null
  const { roomId, takeover, ended, expired } = found
  if (ended) return { roomId, denied: 'ended' }
  return expired ? { roomId, denied: 'key_expired' } : { roomId, takeover }
}
