import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { RecordingsContext } from './context.ts'

/** Ends a hold; the hold itself stays to be read. @throws Refusal recordings.hold_not_found, recordings.hold_lifted */
export async function liftHold(
  { platform }: RecordingsContext,
  holdId: number,
  reason: string,
  userId: number,
): Promise<void> {
  const lifted = first(
    await platform.db.query<{ roomId: number }>(
      `with lifted as (update recording_holds set lifted_by = $2, lifted_at = $3, lift_reason = $4
         where id = $1 and lifted_at is null returning room_id),
         logged as (insert into recording_log (at, by_user, act, room_id, note)
           select $3, $2, 'hold_lifted', room_id, $4 from lifted)
       select room_id as "roomId" from lifted`,
      [holdId, userId, platform.clock.now(), reason.trim()],
    ),
  )
  if (lifted) return
  const [known] = await platform.db.query('select from recording_holds where id = $1', [holdId])
  throw new Refusal(known ? 'recordings.hold_lifted' : 'recordings.hold_not_found')
}
