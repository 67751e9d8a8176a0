import type { ReliefStage } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { hasChecklist } from './checklist.ts'

/** Locks a case and gives its stage: whoever changes its tasks, freight or draft is alone with it. @throws Refusal relief.case_not_found */
export async function lockCase(tx: Queryable, caseId: number): Promise<ReliefStage> {
  const found = first(
    await tx.query<{ stage: ReliefStage }>('select stage from relief_cases where id = $1 for update', [caseId]),
  )
  if (!found) throw new Refusal('relief.case_not_found')
  return found.stage
}

/** The same for what only a case between its acceptance and its end has. @throws Refusal relief.case_not_found, aid.not_on_track */
export async function lockCaseOnTrack(tx: Queryable, caseId: number): Promise<ReliefStage> {
  const stage = await lockCase(tx, caseId)
  if (!hasChecklist(stage)) throw new Refusal('aid.not_on_track', { stage })
  return stage
}
