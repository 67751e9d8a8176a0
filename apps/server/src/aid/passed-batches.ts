import type { Grade } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'

/** Goods of a case that an inspection has passed; the key is the inspection's id. */
export interface Batch {
  readonly caseId: number
  readonly key: string
  readonly grade: Grade
  readonly grams: number
  readonly inspectedAt: Date
  readonly inspector: string
  /** Number of its certificate of conformity. */
  readonly certificate: string | null
}

/** What signed inspections have passed of these cases, the oldest first; one that was put right counts as its correction says. */
export function readPassed(db: Queryable, caseIds: readonly number[]): Promise<Batch[]> {
  return db.query<Batch>(
    `select i.case_id as "caseId", i.id::text as key, i.grade, i.grams, i.signed_at as "inspectedAt", u.name as inspector, i.certificate
     from inspections i join users u on u.id = i.signed_by
     where i.case_id = any($1::bigint[]) and i.state = 'signed' and i.verdict = 'pass'
       and not exists (select from inspections c where c.corrects = i.id and c.state = 'signed')
     order by i.signed_at, i.id`,
    [caseIds],
    'aid-passed',
  )
}
