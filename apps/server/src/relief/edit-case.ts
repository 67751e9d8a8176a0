import type { CaseEdit, CaseHead } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import { changeFacts } from './change-facts.ts'
import type { ReliefContext } from './context.ts'
import { type DeskScope, requireCounty } from './desk-scope.ts'
import { lockCase, readCaseHead } from './lock-case.ts'
import { logCase } from './move-case.ts'
import { isEnded } from './stages.ts'

/**
 * Puts facts of a case right. Listeners hear of it as a move from its stage to the same when the matching reads what changed.
 * @throws Refusal relief.case_not_found, case_changed, case_ended, day_unreal, produce_unknown, identity.not_allowed
 */
export async function editCase(
  context: ReliefContext,
  scope: DeskScope,
  caseId: number,
  { version, ...changes }: CaseEdit,
): Promise<CaseHead> {
  const { db, clock } = context.platform
  const { head, isMatched } = await db.transaction(async (tx) => {
    const locked = await lockCase(tx, caseId, version)
    requireCounty(scope, locked.countyCode)
    if (isEnded(locked.stage)) throw new Refusal('relief.case_ended')
    const result = await changeFacts(tx, locked, changes)
    if (Object.keys(result.changed).length > 0) {
      await tx.query('update relief_cases set version = version + 1 where id = $1', [caseId])
      const facts = { changed: result.changed }
      await logCase(tx, { caseId, actorId: scope.userId, now: clock.now(), kind: 'edited', facts })
    }
    return { head: await readCaseHead(tx, caseId), isMatched: result.isMatched }
  })
  if (isMatched) context.caseMoved({ caseId, from: head.stage, to: head.stage })
  return head
}
