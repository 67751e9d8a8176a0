import type { ReliefStage } from '@chunbo/contract'
import { hasChecklist, planChecklist } from './checklist.ts'
import type { AidContext } from './context.ts'
import { lockCase } from './lock-case.ts'

/**
 * Gives a case the tasks of the template that it does not have yet. Done when a merchant accepts, and again whenever somebody looks, so
 * that a case that needs cold after all, or was accepted in the moment of a restart, has them too.
 */
export async function makeChecklist({ platform }: Pick<AidContext, 'platform'>, caseId: number): Promise<void> {
  const { db, clock } = platform
  const [found] = await db.query<{ stage: ReliefStage; needsCold: boolean; spoilsAt: Date | null; kinds: string[] }>(
    `select stage, needs_cold as "needsCold", spoils_at as "spoilsAt",
       array(select kind from aid_tasks t where t.case_id = c.id) as kinds from relief_cases c where id = $1`,
    [caseId],
    'aid-checklist-head',
  )
  if (found === undefined || !hasChecklist(found.stage)) return
  const tasks = planChecklist(found.needsCold, clock.now(), found.spoilsAt).filter(
    ({ kind }) => !found.kinds.includes(kind),
  )
  if (tasks.length === 0) return
  await db.transaction(async (tx) => {
    await lockCase(tx, caseId)
    await tx.query(
      `insert into aid_tasks (case_id, kind, due_at) select $1, kind, due_at
       from unnest($2::text[], $3::timestamptz[]) i(kind, due_at) on conflict do nothing`,
      [caseId, tasks.map(({ kind }) => kind), tasks.map(({ dueAt }) => dueAt)],
    )
  })
}
