import type { MediaSender } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { ReliefContext } from './context.ts'
import { hashMediaKey, makeMediaKey } from './media-key.ts'

/** How a report names its sender: with the number, for a name may be given again to another one. */
export const MEDIA_SOURCE_NAME = `s.name || ' (' || s.id || ')'`

/** The senders that may report now, with how many alerts each has sent. */
export function listMediaSenders(context: ReliefContext): Promise<Sendable<MediaSender>[]> {
  return context.platform.db.query(
    `select s.id, s.name, s.made_at as "madeAt",
       (select count(*)::int from relief_alerts a where a.source = 'media' and a.source_name = ${MEDIA_SOURCE_NAME}) as alerts
     from relief_media_senders s where s.revoked_at is null order by s.id limit 500`,
  )
}

/** Makes a sender and its key, which is shown this once. @throws Refusal relief.media_sender_taken */
export async function makeMediaSender(context: ReliefContext, actorId: number, name: string) {
  const { db, clock } = context.platform
  const key = makeMediaKey()
  const rows = await db.query<{ id: number }>(
    `insert into relief_media_senders (name, key_hash, made_by, made_at) values ($1, $2, $3, $4)
     on conflict (name) where revoked_at is null do nothing returning id`,
    [name.trim(), hashMediaKey(key), actorId, clock.now()],
  )
  if (rows.length === 0) throw new Refusal('relief.media_sender_taken')
  return { id: one(rows).id, name: name.trim(), key }
}

/** Takes a sender's key back at once. @throws Refusal relief.media_sender_not_found */
export async function revokeMediaSender(context: ReliefContext, actorId: number, id: number): Promise<void> {
  const { db, clock } = context.platform
  const rows = await db.query(
    `update relief_media_senders set revoked_by = $2, revoked_at = $3 where id = $1 and revoked_at is null returning id`,
    [id, actorId, clock.now()],
  )
  if (rows.length === 0) throw new Refusal('relief.media_sender_not_found')
}
