import { RELIEF_STAGES, type ReliefStage, type ReliefTrack } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import { isEnded } from './stages.ts'

/** The stages of a case that goes well, in order. */
const GOOD_WAY = RELIEF_STAGES.slice(0, RELIEF_STAGES.indexOf('closed') + 1)

type Row = Omit<Sendable<ReliefTrack>, 'stage' | 'next' | 'steps' | 'stageDue'> &
  Pick<ReliefTrack, 'stage' | 'steps'> & { readonly stageDue: Date }

const TRACK = `
  select c.stage, c.stage_since as "stageSince", c.stage_due as "stageDue", c.closed_reason as "closedReason",
    exists (select from relief_alerts o where o.case_id = c.id and o.id <> a.id) as joined,
    coalesce(p.name_zh, a.produce_text) as "produceZh", coalesce(p.name_en, a.produce_text) as "produceEn", p.family,
    jsonb_build_object('code', l.code, 'province', l.province, 'prefecture', l.prefecture, 'county', l.county) as place,
    a.township, a.village, a.quantity_text as "quantityText", a.grams, c.grams as "caseGrams",
    a.harvest_from as "harvestFrom", a.harvest_to as "harvestTo", a.picked_on as "pickedOn",
    c.spoils_at as "spoilsAt", a.reported_at as "reportedAt",
    coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'width', i.width, 'height', i.height) order by x.position)
      from relief_alert_pictures x join pictures i on i.id = x.picture_id where x.alert_id = a.id), '[]') as pictures,
    coalesce((select jsonb_agg(jsonb_build_object('stage', s.to_stage, 'at', s.at) order by s.at)
      from (select to_stage, min(at) as at from relief_log where case_id = c.id and to_stage <> 'merged' group by to_stage) s),
      '[]') as steps
  from relief_alerts a
  join relief_cases c on c.id = a.case_id
  join places l on l.code = a.county_code
  left join produce p on p.slug = a.produce_slug
  where a.token = $1`

/** What follows when all goes well. */
function nextStage(stage: ReliefStage): ReliefStage | null {
  return isEnded(stage) ? null : (GOOD_WAY[GOOD_WAY.indexOf(stage) + 1] ?? null)
}

/** Whether a stage that was reached still counts: a case that had to go back has those beyond before it again. */
function stillCounts(reached: ReliefStage, now: ReliefStage): boolean {
  if (reached === now) return true
  return GOOD_WAY.includes(reached) && (isEnded(now) || GOOD_WAY.indexOf(reached) < GOOD_WAY.indexOf(now))
}

/** Where a report stands, for who has its link: nothing of anybody's person. @throws Refusal relief.track_not_found */
export async function readTrack(db: Queryable, token: string): Promise<Sendable<ReliefTrack>> {
  const row = first(await db.query<Row>(TRACK, [token], 'relief-track'))
  if (!row) throw new Refusal('relief.track_not_found')
  return {
    ...row,
    stageDue: isEnded(row.stage) ? null : row.stageDue,
    next: nextStage(row.stage),
    steps: row.steps.filter(({ stage }) => stillCounts(stage, row.stage)),
  }
}
