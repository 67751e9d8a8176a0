import type { ReliefStage } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { type CaseMoved, moveCase } from '../relief/index.ts'
import type { InspectionsContext } from './context.ts'
import type { InspectionRow } from './lock-inspection.ts'

/** What a signed verdict does to a case in a stage: the stages to go through, none where it is there already, null where it has gone elsewhere. */
export function wayOn(verdict: 'pass' | 'fail', stage: ReliefStage, anotherPassed: boolean): ReliefStage[] | null {
  if (verdict === 'pass') {
    if (stage === 'accepted') return ['inspecting', 'coordinating']
    if (stage === 'inspecting') return ['coordinating']
    return ['coordinating', 'listed', 'selling'].includes(stage) ? [] : null
  }
  if (stage === 'accepted' || stage === 'inspecting') return ['verified']
  // Other batches of the case have passed; without any, nothing is left to coordinate.
  if (stage === 'coordinating') return anotherPassed ? [] : ['verified']
  if (stage === 'verified' || stage === 'offered') return []
  return anotherPassed ? [] : null
}

/**
 * Lets a signed inspection move its case: a pass on to coordination, a failure back, so that it is offered on. Where the case
 * has gone on by itself nothing is moved; that is shown, and a person decides. Locks the case.
 */
export async function moveOn(
  context: InspectionsContext,
  tx: Queryable,
  signed: Pick<InspectionRow, 'id' | 'caseId' | 'grade' | 'verdict' | 'certificate' | 'corrects'>,
  actorId: number,
): Promise<CaseMoved[]> {
  const found = first(
    await tx.query<{ stage: ReliefStage; passed: boolean }>(
      `select c.stage, exists (
         select from inspections i where i.case_id = c.id and i.verdict = 'pass' and i.id <> $2
           and not exists (select from inspections n where n.corrects = i.id and n.state = 'signed')) as passed
       from relief_cases c where c.id = $1 for update`,
      [signed.caseId, signed.id],
    ),
  )
  const way = wayOn(signed.verdict ?? 'fail', found?.stage ?? 'expired', found?.passed ?? false)
  const now = context.platform.clock.now()
  const moved: CaseMoved[] = []
  for (const to of way ?? []) {
    const from = await moveCase(tx, {
      caseId: signed.caseId,
      to,
      actorId,
      now,
      kind: 'inspection_signed',
      facts: {
        inspectionId: signed.id,
        verdict: signed.verdict,
        grade: signed.grade,
        certificate: signed.certificate,
      },
      ownerId: to === 'inspecting' ? actorId : null,
    })
    moved.push({ caseId: signed.caseId, from, to })
  }
  await tx.query('update inspections set version = version + 1, effect = $2 where id = $1', [
    signed.id,
    way === null ? 'stale' : 'moved',
  ])
  return moved
}
