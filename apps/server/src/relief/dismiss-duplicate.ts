import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { logCase } from './move-case.ts'

/** Says that two cases are two; said again, it stays said. @throws Refusal relief.duplicate_not_found */
export async function dismissDuplicate(context: ReliefContext, actorId: number, a: number, b: number): Promise<void> {
  const { db, clock } = context.platform
  const now = clock.now()
  await db.transaction(async (tx) => {
    const pair = [Math.min(a, b), Math.max(a, b)]
    const known = await tx.query('select from relief_duplicates where case_a = $1 and case_b = $2', pair)
    if (known.length === 0) throw new Refusal('relief.duplicate_not_found')
    const changed = await tx.query(
      `update relief_duplicates set dismissed_by = $3, dismissed_at = $4
       where case_a = $1 and case_b = $2 and dismissed_at is null returning case_a`,
      [...pair, actorId, now],
    )
    if (changed.length === 0) return
    for (const [caseId, other] of [
      [a, b],
      [b, a],
    ] as const) {
      await logCase(tx, { caseId, actorId, now, kind: 'duplicate_dismissed', facts: { other } })
    }
  })
}
