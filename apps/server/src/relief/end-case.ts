import type { ReliefStage } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { LockedCase } from './lock-case.ts'
import { type Move, moveCase } from './move-case.ts'

/**
 * Ends a locked case for a reason. What was neither sold nor rejected counts as spoiled: a harvest that went another way is
 * rejected with that as its reason.
 */
export async function endCase(tx: Queryable, locked: LockedCase, move: Move): Promise<ReliefStage> {
  const spoiledG = move.to === 'rejected' ? null : Math.max(0, locked.grams - locked.soldG)
  await tx.query('update relief_cases set closed_reason = $2, spoiled_g = $3 where id = $1', [
    locked.id,
    (move.note ?? '').slice(0, 500),
    spoiledG,
  ])
  return moveCase(tx, {
    ...move,
    facts: { ...move.facts, ...(spoiledG === null ? {} : { spoiledG, soldG: locked.soldG }) },
  })
}
