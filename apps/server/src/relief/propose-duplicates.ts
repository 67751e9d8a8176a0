import type { Queryable } from '../platform/database.ts'
import { compareCases, type Likeness, PROPOSED_FROM } from './duplicate.ts'

/** Open cases of the county that a new one is compared with, at most: the newest. */
const COMPARED_MAX = 200
/** Pairs that the desk is shown for a new case, at most. */
const PROPOSED_MAX = 5

type Candidate = Likeness & { readonly id: number; readonly samePhone: boolean }

const LIKENESS = `c.id, c.produce_slug as "produceSlug", coalesce(p.name_zh, c.produce_text) as "produceName", p.family,
  c.township, c.village, c.lng_e5 as "lngE5", c.lat_e5 as "latE5", c.harvest_from as "harvestFrom", c.harvest_to as "harvestTo"`

const CANDIDATES = `
  select ${LIKENESS}, exists (
      select from relief_alerts a join relief_contacts k on k.alert_id = a.id
      where a.case_id = c.id and k.phone in (
        select mine.phone from relief_contacts mine join relief_alerts own on own.id = mine.alert_id where own.case_id = $1)
    ) as "samePhone"
  from relief_cases c left join produce p on p.slug = c.produce_slug
  where c.county_code = (select county_code from relief_cases where id = $1) and c.id <> $1
    and c.stage not in ('closed', 'rejected', 'expired', 'merged')
  order by c.id desc limit $2`

/** Compares a new case with the open ones of its county and writes down the likely pairs, in the caller's transaction. */
export async function proposeDuplicates(tx: Queryable, caseId: number, now: Date): Promise<void> {
  const [own] = await tx.query<Likeness>(
    `select ${LIKENESS} from relief_cases c left join produce p on p.slug = c.produce_slug where c.id = $1`,
    [caseId],
  )
  if (own === undefined) return
  const candidates = await tx.query<Candidate>(CANDIDATES, [caseId, COMPARED_MAX])
  const likely = candidates
    .flatMap((other) => {
      const found = compareCases(own, other, other.samePhone)
      return found && found.score >= PROPOSED_FROM ? [{ other: other.id, ...found }] : []
    })
    .sort((a, b) => b.score - a.score || b.other - a.other)
    .slice(0, PROPOSED_MAX)
  if (likely.length === 0) return
  await tx.query(
    `insert into relief_duplicates (case_a, case_b, score, reasons, proposed_at)
     select least($1, other), greatest($1, other), score, reasons, $3
     from jsonb_to_recordset($2) as likely (other bigint, score smallint, reasons jsonb)
     on conflict do nothing`,
    [caseId, JSON.stringify(likely), now],
  )
}
