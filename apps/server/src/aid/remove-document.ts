import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { logCase } from '../relief/index.ts'
import type { AidContext } from './context.ts'
import { lockCaseOnTrack } from './lock-case.ts'

/** Takes a document away again; the log keeps that there was one. @throws Refusal aid.document_not_found, aid.not_on_track */
export async function removeDocument(
  { platform }: Pick<AidContext, 'platform'>,
  caseId: number,
  documentId: number,
  actorId: number,
): Promise<void> {
  const now = platform.clock.now()
  await platform.db.transaction(async (tx) => {
    await lockCaseOnTrack(tx, caseId)
    const gone = first(
      await tx.query<{ title: string; kind: string }>(
        'delete from aid_documents where case_id = $1 and id = $2 returning title, kind',
        [caseId, documentId],
      ),
    )
    if (!gone) throw new Refusal('aid.document_not_found')
    await logCase(tx, { caseId, actorId, now, kind: 'document_removed', note: gone.title, facts: { task: gone.kind } })
  })
}
