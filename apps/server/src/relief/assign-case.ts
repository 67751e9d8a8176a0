import type { CaseHead } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { type DeskScope, requireDesk } from './desk-scope.ts'
import { lockCase, readCaseHead } from './lock-case.ts'
import { logCase } from './move-case.ts'
import { isEnded } from './stages.ts'

/**
 * Gives a case to a person of the desk or the commissioner of its county, or back to everybody (null).
 * @throws Refusal relief.case_not_found, case_changed, case_ended, owner_unfit, identity.not_allowed
 */
export async function assignCase(
  context: ReliefContext,
  scope: DeskScope,
  caseId: number,
  { ownerId, version }: { ownerId: number | null; version?: number },
): Promise<CaseHead> {
  requireDesk(scope)
  const { db, clock } = context.platform
  return db.transaction(async (tx) => {
    const { stage, countyCode } = await lockCase(tx, caseId, version)
    if (isEnded(stage)) throw new Refusal('relief.case_ended')
    if (ownerId !== null) {
      const fits = await context.identity.may(ownerId, { role: 'relief_desk' }, { role: 'commissioner', countyCode })
      if (!fits) throw new Refusal('relief.owner_unfit')
    }
    const changed = await tx.query(
      `update relief_cases set owner_id = $2, version = version + 1 where id = $1 and owner_id is distinct from $2 returning id`,
      [caseId, ownerId],
    )
    if (changed.length > 0) {
      await logCase(tx, { caseId, actorId: scope.userId, now: clock.now(), kind: 'assigned', facts: { ownerId } })
    }
    return readCaseHead(tx, caseId)
  })
}
