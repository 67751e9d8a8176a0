import type { ReliefStage } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'

export interface LockedCase {
  readonly id: number
  readonly stage: ReliefStage
  readonly grams: number
  readonly merchantsMax: number
  readonly spoilsAt: Date | null
}

const COLUMNS = `c.id, c.stage, c.grams, c.merchants_max as "merchantsMax", c.spoils_at as "spoilsAt"`

/** Locks a case for the transaction; null when there is none. Every offer of it is decided under this lock. */
export async function lockCase(tx: Queryable, caseId: number): Promise<LockedCase | null> {
  return first(await tx.query<LockedCase>(`select ${COLUMNS} from relief_cases c where c.id = $1 for update`, [caseId]))
}

/** Locks the case of an offer; null when there is no such offer. */
export async function lockCaseOfOffer(tx: Queryable, offerId: number): Promise<LockedCase | null> {
  return first(
    await tx.query<LockedCase>(
      `select ${COLUMNS} from relief_cases c where c.id = (select case_id from offers where id = $1) for update`,
      [offerId],
    ),
  )
}
