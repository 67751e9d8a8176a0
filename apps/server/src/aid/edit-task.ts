import type { AidTaskEdit, AidTaskKind, AidTaskState } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { logCase } from '../relief/index.ts'
import type { AidContext } from './context.ts'
import { lockCaseOnTrack } from './lock-case.ts'

const UPDATE = `
  update aid_tasks set version = version + 1, state = coalesce($3, state), owner_name = coalesce($4, owner_name),
    due_at = coalesce($5, due_at), word = coalesce($6, word), changed_at = $7, changed_by = $8,
    owner_id = case $9::boolean when true then $8 when false then null else owner_id end
  where case_id = $1 and kind = $2`

/** What the log says a change was, in one word. */
const kindOf = (state: AidTaskState | undefined) => (state === undefined ? 'task_changed' : `task_${state}`)

/**
 * Changes a task of the checklist and writes down who did. The version must be the one that was read, so that of two who edit
 * at once the second sees what the first did. @throws Refusal aid.task_not_found, aid.changed_meanwhile, aid.not_on_track
 */
export async function editTask(
  { platform }: Pick<AidContext, 'platform'>,
  task: { readonly caseId: number; readonly kind: AidTaskKind },
  edit: AidTaskEdit,
  actorId: number,
): Promise<void> {
  const { caseId, kind } = task
  const now = platform.clock.now()
  await platform.db.transaction(async (tx) => {
    await lockCaseOnTrack(tx, caseId)
    const found = first(
      await tx.query<{ version: number }>('select version from aid_tasks where case_id = $1 and kind = $2', [
        caseId,
        kind,
      ]),
    )
    if (!found) throw new Refusal('aid.task_not_found')
    if (found.version !== edit.version) throw new Refusal('aid.changed_meanwhile', { version: found.version })
    await tx.query(UPDATE, [
      caseId,
      kind,
      edit.state ?? null,
      edit.ownerName ?? null,
      edit.dueAt ?? null,
      edit.word ?? null,
      now,
      actorId,
      edit.mine ?? null,
    ])
    const { version: _, ...facts } = edit
    await logCase(tx, {
      caseId,
      actorId,
      now,
      kind: kindOf(edit.state),
      note: edit.word ?? '',
      facts: { task: kind, ...facts },
    })
  })
}
