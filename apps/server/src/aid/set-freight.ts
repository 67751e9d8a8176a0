import type { FreightInput } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { logCase } from '../relief/index.ts'
import type { AidContext } from './context.ts'
import { lockCaseOnTrack } from './lock-case.ts'
import { makeChecklist } from './make-checklist.ts'

/**
 * Says how the goods of a case reach buyers and who pays for it. The freight task is done with it. Listings that are on sale keep
 * what they said. @throws Refusal aid.changed_meanwhile, aid.not_on_track
 */
export async function setFreight(
  { platform }: Pick<AidContext, 'platform'>,
  caseId: number,
  input: FreightInput,
  actorId: number,
): Promise<void> {
  const now = platform.clock.now()
  const { version, payer, carrier, fenPerKg, provinces } = input
  // The task that this finishes may not be there yet, right after a merchant has accepted.
  await makeChecklist({ platform }, caseId)
  await platform.db.transaction(async (tx) => {
    await lockCaseOnTrack(tx, caseId)
    const found = first(
      await tx.query<{ version: number }>('select version from aid_freights where case_id = $1', [caseId]),
    )
    if ((found?.version ?? 0) !== version) {
      throw new Refusal('aid.changed_meanwhile', { version: found?.version ?? 0 })
    }
    await tx.query(
      `insert into aid_freights as f (case_id, payer, carrier, fen_per_kg, provinces) values ($1, $2, $3, $4, $5)
       on conflict (case_id) do update set version = f.version + 1, payer = excluded.payer, carrier = excluded.carrier,
         fen_per_kg = excluded.fen_per_kg, provinces = excluded.provinces`,
      [caseId, payer, carrier, fenPerKg, provinces],
    )
    await tx.query(
      `update aid_tasks set version = version + 1, state = 'done', changed_at = $2, changed_by = $3
       where case_id = $1 and kind = 'freight' and state <> 'done'`,
      [caseId, now, actorId],
    )
    await logCase(tx, { caseId, actorId, now, kind: 'freight_set', facts: { payer, carrier, fenPerKg, provinces } })
  })
}
