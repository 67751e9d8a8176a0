import type { CaseHead, ReliefStage } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** A case as a command needs it, with its row locked until the transaction ends. */
export interface LockedCase extends CaseHead {
  readonly countyCode: number
  readonly grams: number
  readonly soldG: number
  readonly produceSlug: string | null
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly pickedOn: string | null
  readonly needsCold: boolean
  readonly spoilsAt: Date | null
  readonly stageSince: Date
  readonly stageDue: Date
  readonly escalated: number
  readonly stage: ReliefStage
}

/** @throws Refusal relief.case_not_found; relief.case_changed where a version is given and it is another one by now. */
export async function lockCase(tx: Queryable, caseId: number, version?: number): Promise<LockedCase> {
  const found = first(
    await tx.query<LockedCase>(
      `select id, version, stage, county_code as "countyCode", grams, sold_g as "soldG", produce_slug as "produceSlug",
         harvest_from as "harvestFrom", harvest_to as "harvestTo", picked_on as "pickedOn", needs_cold as "needsCold",
         spoils_at as "spoilsAt", stage_since as "stageSince", stage_due as "stageDue", escalated
       from relief_cases where id = $1 for update`,
      [caseId],
    ),
  )
  if (!found) throw new Refusal('relief.case_not_found')
  if (version !== undefined && version !== found.version) throw new Refusal('relief.case_changed')
  return found
}

/** What a command answers: the case as it has made it. */
export async function readCaseHead(tx: Queryable, caseId: number): Promise<CaseHead> {
  const found = first(await tx.query<CaseHead>('select id, version, stage from relief_cases where id = $1', [caseId]))
  if (!found) throw new Refusal('relief.case_not_found')
  return found
}
