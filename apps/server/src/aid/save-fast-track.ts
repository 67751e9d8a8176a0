import type { FastTrackDraft } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { AidContext } from './context.ts'
import { lockCaseOnTrack } from './lock-case.ts'

/**
 * Keeps a draft as it stands, complete or not, so that a browser that closes loses nothing. Once it is on sale it stays as it
 * is. @throws Refusal aid.changed_meanwhile, aid.not_on_track
 */
export async function saveFastTrack(
  { platform }: Pick<AidContext, 'platform'>,
  caseId: number,
  input: { readonly version: number; readonly draft: FastTrackDraft },
  actorId: number,
): Promise<void> {
  const now = platform.clock.now()
  await platform.db.transaction(async (tx) => {
    await lockCaseOnTrack(tx, caseId)
    const found = first(
      await tx.query<{ version: number; listedAt: Date | null }>(
        'select version, listed_at as "listedAt" from aid_fast_tracks where case_id = $1',
        [caseId],
      ),
    )
    if (found?.listedAt) return
    if ((found?.version ?? 0) !== input.version) {
      throw new Refusal('aid.changed_meanwhile', { version: found?.version ?? 0 })
    }
    await tx.query(
      `insert into aid_fast_tracks as f (case_id, draft, saved_by, saved_at) values ($1, $2, $3, $4)
       on conflict (case_id) do update set version = f.version + 1, draft = excluded.draft, saved_by = excluded.saved_by,
         saved_at = excluded.saved_at`,
      [caseId, JSON.stringify(input.draft), actorId, now],
    )
  })
}
