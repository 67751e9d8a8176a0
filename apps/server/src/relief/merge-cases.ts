import type { MergeInput, ReliefStage } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { logCase } from './move-case.ts'
import { isEnded, stageDue, stages } from './stages.ts'

interface Head {
  readonly id: number
  readonly stage: ReliefStage
  readonly version: number
}

/**
 * Lets a case join another one: its alerts count to that, whose facts stay as the desk has them, and a split can undo it.
 * Cases that had joined it before come along, so that a merged case always points at a living one.
 * @throws Refusal relief.merge_itself, case_not_found, case_changed, wrong_stage, merge_into_ended
 */
export async function mergeCases(
  context: ReliefContext,
  actorId: number,
  caseId: number,
  { into, reason, version }: MergeInput,
): Promise<void> {
  if (into === caseId) throw new Refusal('relief.merge_itself')
  const { db, clock } = context.platform
  const now = clock.now()
  const from = await db.transaction(async (tx) => {
    // In the order of the ids, so that two merges of the same pair, either way round, wait and do not lock each other out.
    const heads = await tx.query<Head>(
      'select id, stage, version from relief_cases where id = any($1) order by id for update',
      [[caseId, into]],
    )
    const joins = heads.find(({ id }) => id === caseId)
    const stays = heads.find(({ id }) => id === into)
    if (!joins || !stays) throw new Refusal('relief.case_not_found')
    if (joins.version !== version) throw new Refusal('relief.case_changed')
    if (!stages[joins.stage].next.includes('merged')) {
      throw new Refusal('relief.wrong_stage', { stage: joins.stage, to: 'merged' })
    }
    if (isEnded(stays.stage)) throw new Refusal('relief.merge_into_ended')
    await tx.query(
      `update relief_cases set stage = 'merged', stage_before = stage, merged_into = $2, version = version + 1,
         stage_since = $3, stage_due = $4, escalated = 0, owner_id = null where id = $1`,
      [caseId, into, now, stageDue('merged', now, null)],
    )
    await tx.query('update relief_cases set merged_into = $2 where merged_into = $1', [caseId, into])
    const moved = await tx.query<{ id: number }>(
      'update relief_alerts set case_id = $2 where case_id = $1 returning id',
      [caseId, into],
    )
    await tx.query('update relief_cases set version = version + 1 where id = $1', [into])
    const alerts = moved.map(({ id }) => id)
    await logCase(tx, {
      caseId,
      actorId,
      now,
      kind: 'merged',
      fromStage: joins.stage,
      toStage: 'merged',
      note: reason,
      facts: { into, alerts },
    })
    await logCase(tx, { caseId: into, actorId, now, kind: 'took_in', note: reason, facts: { from: caseId, alerts } })
    return joins.stage
  })
  context.caseMoved({ caseId, from, to: 'merged' })
}
