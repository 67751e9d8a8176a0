import type { ReliefStage } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'

/** The row of an inspection, locked for the transaction. */
export interface InspectionRow {
  readonly id: string
  readonly caseId: number
  readonly corrects: string | null
  readonly state: 'draft' | 'signed'
  readonly effect: 'none' | 'moved' | 'stale' | 'left'
  readonly openedBy: number
  readonly document: { readonly values: Readonly<Record<string, unknown>> } | null
  readonly signedName: string | null
  readonly signedOp: string | null
  readonly grade: string | null
  readonly verdict: 'pass' | 'fail' | null
  readonly certificate: string | null
}

export async function lockInspection(tx: Queryable, id: string): Promise<InspectionRow | null> {
  return first(
    await tx.query<InspectionRow>(
      `select i.id, i.case_id as "caseId", i.corrects, i.state, i.effect, i.opened_by as "openedBy", i.document,
         (select u.name from users u where u.id = i.signed_by) as "signedName", i.signed_op as "signedOp", i.grade, i.verdict,
         i.certificate
       from inspections i where i.id = $1 for update`,
      [id],
    ),
  )
}

export interface CaseFacts {
  readonly id: number
  readonly stage: ReliefStage
  readonly countyCode: number
  readonly family: string | null
}

export async function readCase(db: Queryable, caseId: number): Promise<CaseFacts | null> {
  return first(
    await db.query<CaseFacts>(
      `select c.id, c.stage, c.county_code as "countyCode", p.family from relief_cases c
       left join produce p on p.slug = c.produce_slug where c.id = $1`,
      [caseId],
    ),
  )
}
