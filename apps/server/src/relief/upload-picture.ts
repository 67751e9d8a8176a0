import type { Picture } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'

/** Uploads that wait for a report, at most: some 2 GB of files, whatever strangers do. */
const WAITING_MAX = 4_000
const KEPT_MS = 24 * 3_600_000
/** Removed in one run, at most. */
const REMOVED_MAX = 1_000

/**
 * Stores a picture of somebody who needs no account; a report takes it by its id, and what no report takes in a day is
 * removed. Limits by the sender's address are the route's.
 * @throws Refusal relief.uploads_full, and those of the catalogue for what is no picture
 */
export async function uploadPicture(context: ReliefContext, bytes: Uint8Array, declaredType: string): Promise<Picture> {
  const { db, clock } = context.platform
  const [waiting] = await db.query<{ n: number }>(
    'select count(*)::int as n from (select from relief_uploads limit $1) waiting',
    [WAITING_MAX],
  )
  if ((waiting?.n ?? 0) >= WAITING_MAX) throw new Refusal('relief.uploads_full', {}, { retryAfterS: 3600 })
  const picture = await context.catalogue.storeStrangersPicture(bytes, declaredType)
  await db.query('insert into relief_uploads (picture_id, uploaded_at) values ($1, $2)', [picture.id, clock.now()])
  return picture
}

/** Removes the uploads that no report took in a day. Gives how many. */
export async function removeOldUploads(context: Pick<ReliefContext, 'platform' | 'catalogue'>): Promise<number> {
  const { db, clock } = context.platform
  const gone = await db.query<{ id: string }>(
    `delete from relief_uploads where picture_id in (
       select picture_id from relief_uploads where uploaded_at < $1 order by uploaded_at limit $2)
     returning picture_id as id`,
    [new Date(clock.now().getTime() - KEPT_MS), REMOVED_MAX],
  )
  for (const { id } of gone) await context.catalogue.removePicture(id)
  return gone.length
}
