import type { DuplicateProposals } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'

/** The county of a case, for who may. @throws Refusal relief.case_not_found */
export async function readCountyOfCase(db: Queryable, caseId: number): Promise<number> {
  const found = first(
    await db.query<{ code: number }>('select county_code as code from relief_cases where id = $1', [caseId]),
  )
  if (!found) throw new Refusal('relief.case_not_found')
  return found.code
}

/** Open cases that may be the same as this one, the likeliest first. */
export async function listDuplicates(db: Queryable, caseId: number): Promise<Sendable<DuplicateProposals>> {
  const items = await db.query<Sendable<DuplicateProposals['items'][number]>>(
    `select o.id as "caseId", d.score, d.reasons, o.stage, o.version, coalesce(p.name_zh, o.produce_text) as "produceZh",
       coalesce(p.name_en, o.produce_text) as "produceEn", o.grams, o.township, o.village,
       o.harvest_from as "harvestFrom", o.harvest_to as "harvestTo", o.reported_at as "reportedAt"
     from relief_duplicates d
     join relief_cases o on o.id = case when d.case_a = $1 then d.case_b else d.case_a end
     left join produce p on p.slug = o.produce_slug
     where (d.case_a = $1 or d.case_b = $1) and d.dismissed_at is null
       and o.stage not in ('closed', 'rejected', 'expired', 'merged')
     order by d.score desc, o.id limit 50`,
    [caseId],
  )
  return { items }
}

const DEMO_MESSAGES_MAX = 50

/** The newest messages, for the demonstration's page. */
export function listMessages(
  db: Queryable,
): Promise<{ phone: string; body: string; madeAt: Date; sentAt: Date | null }[]> {
  return db.query(
    `select phone, body, made_at as "madeAt", sent_at as "sentAt" from relief_messages order by id desc limit $1`,
    [DEMO_MESSAGES_MAX],
  )
}
