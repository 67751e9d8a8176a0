import type { OffersContext } from './context.ts'
import { lockCase } from './lock-case.ts'

// A case that looks for nobody has no open offers; one that waits for a merchant, or has ended without a sale, none accepted.
const STRAY = `
  o.state = 'open' and c.stage not in ('verified', 'offered', 'accepted')
  or o.state = 'accepted' and c.stage in ('reported', 'verified', 'offered', 'rejected', 'expired', 'merged')`

/**
 * Cancels the offers that the stage of their case leaves no room for: of one case that has moved, or of all (null), for the
 * moves that nobody told of because the process had ended. Not held against the merchants. Gives how many.
 */
export async function endWithCase({ platform }: OffersContext, caseId: number | null): Promise<number> {
  const { db, clock } = platform
  const stray = await db.query<{ id: number }>(
    `select distinct c.id from offers o join relief_cases c on c.id = o.case_id
     where ($1::bigint is null or c.id = $1) and (${STRAY}) order by 1 limit 1000`,
    [caseId],
  )
  let ended = 0
  for (const { id } of stray) {
    ended += await db.transaction(async (tx) => {
      await lockCase(tx, id)
      const rows = await tx.query(
        `update offers o set state = 'cancelled', ended_at = $2, reason = 'case_moved' from relief_cases c
         where c.id = $1 and o.case_id = c.id and (${STRAY}) returning o.id`,
        [id, clock.now()],
      )
      return rows.length
    })
  }
  return ended
}
