import type { ReliefStage, SplitInput } from '@chunbo/contract'
import { first, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { logCase } from './move-case.ts'
import { stageDue } from './stages.ts'

interface Restored {
  readonly stage: ReliefStage
  readonly spoilsAt: Date | null
}

async function restoreFirstCase(tx: Queryable, firstCaseId: number, now: Date): Promise<ReliefStage> {
  const restored = first(
    await tx.query<Restored>(
      `update relief_cases set stage = stage_before, stage_before = null, merged_into = null, version = version + 1,
         stage_since = $2, escalated = 0, owner_id = null
       where id = $1 and stage = 'merged' returning stage, spoils_at as "spoilsAt"`,
      [firstCaseId, now],
    ),
  )
  if (!restored) throw new Refusal('relief.alert_not_merged')
  await tx.query('update relief_cases set stage_due = $2 where id = $1', [
    firstCaseId,
    stageDue(restored.stage, now, restored.spoilsAt),
  ])
  return restored.stage
}

/**
 * Takes an alert out of the case that its own has joined: its first case is again what it was, with its own facts and a
 * clock that begins anew. The pair is not proposed again.
 * @throws Refusal relief.case_not_found, alert_not_found, alert_not_merged
 */
export async function splitAlert(
  context: ReliefContext,
  actorId: number,
  caseId: number,
  { alertId, reason }: SplitInput,
): Promise<{ caseId: number }> {
  const { db, clock } = context.platform
  const now = clock.now()
  const split = await db.transaction(async (tx) => {
    const alert = first(
      await tx.query<{ firstCaseId: number }>(
        'select first_case_id as "firstCaseId" from relief_alerts where id = $1 and case_id = $2',
        [alertId, caseId],
      ),
    )
    if (!alert) throw new Refusal('relief.alert_not_found')
    const { firstCaseId } = alert
    // In the order of the ids, as a merge does; what was read before may have changed until both are locked.
    const locked = await tx.query<{ id: number }>(
      'select id from relief_cases where id = any($1) order by id for update',
      [[caseId, firstCaseId]],
    )
    if (firstCaseId === caseId || locked.length < 2) throw new Refusal('relief.alert_not_merged')
    const moved = await tx.query(
      'update relief_alerts set case_id = first_case_id where id = $1 and case_id = $2 returning id',
      [alertId, caseId],
    )
    if (moved.length === 0) throw new Refusal('relief.case_changed')
    const to = await restoreFirstCase(tx, firstCaseId, now)
    one(await tx.query('update relief_cases set version = version + 1 where id = $1 returning id', [caseId]))
    await tx.query(
      `insert into relief_duplicates (case_a, case_b, score, proposed_at, dismissed_by, dismissed_at)
       values (least($1::bigint, $2), greatest($1::bigint, $2), 0, $4, $3, $4)
       on conflict (case_a, case_b) do update set dismissed_by = excluded.dismissed_by, dismissed_at = excluded.dismissed_at`,
      [caseId, firstCaseId, actorId, now],
    )
    await logCase(tx, { caseId, actorId, now, kind: 'gave_back', note: reason, facts: { to: firstCaseId, alertId } })
    const facts = { from: caseId, alertId }
    await logCase(tx, {
      caseId: firstCaseId,
      actorId,
      now,
      kind: 'split',
      fromStage: 'merged',
      toStage: to,
      note: reason,
      facts,
    })
    return { firstCaseId, to }
  })
  context.caseMoved({ caseId: split.firstCaseId, from: 'merged', to: split.to })
  return { caseId: split.firstCaseId }
}
