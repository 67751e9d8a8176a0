import { Refusal } from '../platform/problem.ts'
import { logCase } from '../relief/index.ts'
import type { InspectionsContext } from './context.ts'
import { lockInspection } from './lock-inspection.ts'
import { moveOn } from './move-on.ts'

/**
 * What a person decides about a signed inspection whose case had gone on: apply it now, where the stage allows it, or leave it.
 * @throws Refusal inspections.not_found, inspections.nothing_to_settle, inspections.case_went_on
 */
export async function settleEffect(
  context: InspectionsContext,
  id: string,
  choice: 'apply' | 'leave',
  actorId: number,
): Promise<void> {
  const now = context.platform.clock.now()
  const moved = await context.platform.db.transaction(async (tx) => {
    const row = await lockInspection(tx, id)
    if (row === null) throw new Refusal('inspections.not_found')
    if (row.effect !== 'stale') throw new Refusal('inspections.nothing_to_settle')
    if (choice === 'leave') {
      await tx.query(`update inspections set version = version + 1, effect = 'left' where id = $1`, [id])
      await logCase(tx, { caseId: row.caseId, actorId, now, kind: 'inspection_left', facts: { inspectionId: id } })
      return []
    }
    const moves = await moveOn(context, tx, row, actorId)
    const after = await lockInspection(tx, id)
    if (after?.effect === 'stale') throw new Refusal('inspections.case_went_on')
    return moves
  })
  for (const each of moved) context.relief.caseMoved(each)
}
