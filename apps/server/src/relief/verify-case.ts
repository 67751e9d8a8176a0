import type { CaseHead, VerifyInput } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { changeFacts } from './change-facts.ts'
import type { ReliefContext } from './context.ts'
import { type DeskScope, requireCounty } from './desk-scope.ts'
import { lockCase, readCaseHead } from './lock-case.ts'
import { moveCase } from './move-case.ts'

async function checkPictures(tx: Queryable, ids: readonly string[], userId: number): Promise<void> {
  if (ids.length === 0) return
  // Only the own uploads: an id that was seen elsewhere is no evidence of this person.
  const known = await tx.query('select from pictures where id = any($1::uuid[]) and owner_user_id = $2', [
    [...ids],
    userId,
  ])
  if (known.length !== new Set(ids.map((id) => id.toLowerCase())).size) {
    throw new Refusal('relief.evidence_picture_unknown')
  }
}

/**
 * A named person vouches for a report with what they saw, and puts right what was reported wrongly. From here on merchants
 * are looked for.
 * @throws Refusal relief.case_not_found, case_changed, wrong_stage, day_unreal, produce_unknown, produce_needed,
 *   evidence_picture_unknown, identity.not_allowed
 */
export async function verifyCase(
  context: ReliefContext,
  scope: DeskScope,
  caseId: number,
  { version, evidence, pictures = [], ...corrections }: VerifyInput,
): Promise<CaseHead> {
  const { db, clock } = context.platform
  const now = clock.now()
  const { head, from } = await db.transaction(async (tx) => {
    const locked = await lockCase(tx, caseId, version)
    requireCounty(scope, locked.countyCode)
    if (locked.stage !== 'reported') throw new Refusal('relief.wrong_stage', { stage: locked.stage, to: 'verified' })
    // Nobody can be found for a produce that has no name in the table.
    if (locked.produceSlug === null && corrections.produceSlug === undefined) throw new Refusal('relief.produce_needed')
    await checkPictures(tx, pictures, scope.userId)
    const { changed } = await changeFacts(tx, locked, corrections)
    await tx.query('update relief_cases set verified_by = $2 where id = $1', [caseId, scope.userId])
    const moved = await moveCase(tx, {
      caseId,
      to: 'verified',
      actorId: scope.userId,
      now,
      kind: 'verified',
      note: evidence.trim(),
      facts: { ...(pictures.length > 0 ? { pictures } : {}), ...(Object.keys(changed).length > 0 ? { changed } : {}) },
    })
    return { head: await readCaseHead(tx, caseId), from: moved }
  })
  context.caseMoved({ caseId, from, to: 'verified' })
  return head
}
