import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/**
 * Takes uploads of POST /api/relief/pictures for good, in the caller's transaction. An upload can be taken once.
 * @throws Refusal relief.picture_gone when one was taken before, was removed after a day or never was.
 */
export async function claimPictures(tx: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const wanted = new Set(ids.map((id) => id.toLowerCase()))
  const rows = await tx.query('delete from relief_uploads where picture_id = any($1::uuid[]) returning picture_id', [
    [...wanted],
  ])
  if (wanted.size !== ids.length || rows.length !== wanted.size) throw new Refusal('relief.picture_gone')
}
