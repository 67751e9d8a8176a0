import { AID_DOCUMENTS_MAX, type AidDocumentInput, type AidTaskKind } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { logCase } from '../relief/index.ts'
import type { AidContext } from './context.ts'
import { lockCaseOnTrack } from './lock-case.ts'
import { makeChecklist } from './make-checklist.ts'

/**
 * Puts a picture or an https address to a task: a contract, a delivery note. At most AID_DOCUMENTS_MAX a case; the lock of the
 * case makes the count stand.
 * @throws Refusal aid.document_needs_one, aid.picture_unknown, aid.task_not_found, aid.too_many_documents, aid.not_on_track
 */
export async function addDocument(
  { platform }: Pick<AidContext, 'platform'>,
  task: { readonly caseId: number; readonly kind: AidTaskKind },
  input: AidDocumentInput,
  actorId: number,
): Promise<void> {
  const { caseId, kind } = task
  const { title, pictureId = null, url = null } = input
  if ((pictureId === null) === (url === null)) throw new Refusal('aid.document_needs_one')
  const now = platform.clock.now()
  // The task that this belongs to may not be there yet, right after a merchant has accepted.
  await makeChecklist({ platform }, caseId)
  await platform.db.transaction(async (tx) => {
    await lockCaseOnTrack(tx, caseId)
    const known = one(
      await tx.query<{ task: boolean; picture: boolean; documents: number }>(
        `select exists (select from aid_tasks where case_id = $1 and kind = $2) as task,
           $3::uuid is null or exists (select from pictures where id = $3) as picture,
           (select count(*)::int from aid_documents where case_id = $1) as documents`,
        [caseId, kind, pictureId],
      ),
    )
    if (!known.task) throw new Refusal('aid.task_not_found')
    if (!known.picture) throw new Refusal('aid.picture_unknown')
    if (known.documents >= AID_DOCUMENTS_MAX) throw new Refusal('aid.too_many_documents', { max: AID_DOCUMENTS_MAX })
    await tx.query(
      `insert into aid_documents (case_id, kind, title, picture_id, url, added_by, added_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [caseId, kind, title, pictureId, url, actorId, now],
    )
    await logCase(tx, { caseId, actorId, now, kind: 'document_added', note: title, facts: { task: kind } })
  })
}
