import { Refusal } from '../platform/problem.ts'
import type { RecordingsContext } from './context.ts'
import { LEAST_DAYS, type RecordingKind } from './rule.ts'

/** Says how long recordings stay. It holds for those that are there already too. @throws Refusal recordings.below_law */
export async function setRule(
  { platform }: RecordingsContext,
  kind: RecordingKind,
  keepDays: number,
  userId: number,
): Promise<void> {
  if (keepDays < LEAST_DAYS[kind]) throw new Refusal('recordings.below_law', { leastDays: LEAST_DAYS[kind] })
  await platform.db.query(
    `with before as (select keep_days from recording_rules where kind = $1),
       changed as (update recording_rules set keep_days = $2, changed_by = $3, changed_at = $4 where kind = $1 and keep_days <> $2
         returning kind)
     insert into recording_log (at, by_user, act, note)
     select $4, $3, 'rule_set', kind || ': ' || before.keep_days || ' -> ' || $2::int from changed, before`,
    [kind, keepDays, userId, platform.clock.now()],
  )
}
