import type { AidTask, FreightNote, FreightPayer, ReliefStage } from '@chunbo/contract'
import { AID_TASKS } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

const TASKS = `
  select t.kind, t.version, t.state, t.owner_name as "ownerName", t.due_at as "dueAt", t.word, t.changed_at as "changedAt",
    case when o.id is not null then jsonb_build_object('id', o.id, 'name', o.name) end as owner,
    case when w.id is not null then jsonb_build_object('id', w.id, 'name', w.name) end as "changedBy",
    (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'title', d.title, 'url', d.url, 'addedAt', d.added_at,
        'addedBy', jsonb_build_object('id', a.id, 'name', a.name),
        'picture', case when p.id is not null then jsonb_build_object('id', p.id, 'width', p.width, 'height', p.height) end)
        order by d.id), '[]')
     from aid_documents d join users a on a.id = d.added_by left join pictures p on p.id = d.picture_id
     where d.case_id = t.case_id and d.kind = t.kind) as documents
  from aid_tasks t left join users o on o.id = t.owner_id left join users w on w.id = t.changed_by
  where t.case_id = $1 order by array_position($2::text[], t.kind)`

type TaskRow = Omit<AidTask, 'dueAt' | 'changedAt'> & { dueAt: Date; changedAt: Date | null }

/** The freight note of a case, or null. */
export async function readFreight(db: Queryable, caseId: number): Promise<FreightNote | null> {
  return first(
    await db.query<FreightNote & { payer: FreightPayer }>(
      `select version, payer, carrier, fen_per_kg as "fenPerKg", provinces from aid_freights where case_id = $1`,
      [caseId],
      'aid-freight',
    ),
  )
}

/** The checklist of a case with its documents and its freight. @throws Refusal relief.case_not_found */
export async function readTasks(
  db: Queryable,
  caseId: number,
): Promise<{ caseId: number; stage: ReliefStage; tasks: TaskRow[]; freight: FreightNote | null }> {
  const found = first(
    await db.query<{ stage: ReliefStage }>('select stage from relief_cases where id = $1', [caseId], 'aid-case-stage'),
  )
  if (!found) throw new Refusal('relief.case_not_found')
  const tasks = await db.query<TaskRow>(TASKS, [caseId, [...AID_TASKS]], 'aid-tasks')
  return { caseId, stage: found.stage, tasks, freight: await readFreight(db, caseId) }
}
