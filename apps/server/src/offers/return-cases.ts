import { moveCase } from '../relief/index.ts'
import type { OffersContext } from './context.ts'
import { lockCase } from './lock-case.ts'

const WITHOUT = `
  select c.id from relief_cases c
  where c.stage = 'offered'
    and not exists (select from offers o where o.case_id = c.id and o.state in ('open', 'accepted'))`

/** Gives cases that are on offer to nobody any more back to the desk, which has to find another way. */
export async function returnCases(context: OffersContext): Promise<void> {
  const { db, clock } = context.platform
  for (const { id } of await db.query<{ id: number }>(`${WITHOUT} order by c.id limit 1000`)) {
    const from = await db.transaction(async (tx) => {
      await lockCase(tx, id)
      const still = await tx.query(`${WITHOUT} and c.id = $1`, [id])
      if (still.length === 0) return null
      return moveCase(tx, { caseId: id, to: 'verified', actorId: null, now: clock.now(), kind: 'nobody_left' })
    })
    if (from !== null) context.told([{ caseId: id, from, to: 'verified' }])
  }
}
