import type { Picture, Place, ReliefCaseRow, ReliefStage } from '@chunbo/contract'
import type { Sendable } from '../platform/routes.ts'
import { type LotSales, soldOf } from './lot-sales.ts'
import { isEnded } from './stages.ts'
import { urgencyOf } from './urgency.ts'

/** Stages that are over, as SQL of the partial indexes has them. */
export const OPEN_SQL = `c.stage not in ('closed', 'rejected', 'expired', 'merged')`
/** Its time has passed, or was missed before in this stage; needs the present instant as `now`. */
export const overdueSql = (now: string) => `(${OPEN_SQL} and (c.escalated > 0 or c.stage_due < ${now}))`

/** Columns of a row over CASE_TABLES; each sub-select meets an index, and a page has at most a hundred rows. */
export const CASE_COLUMNS = `c.id, c.version, c.stage, c.produce_slug as "produceSlug", c.produce_text as "produceText",
  coalesce(p.name_zh, c.produce_text) as "produceZh", coalesce(p.name_en, c.produce_text) as "produceEn", p.family,
  jsonb_build_object('code', pl.code, 'province', pl.province, 'prefecture', pl.prefecture, 'county', pl.county) as place,
  c.township, c.village, c.lng_e5 as "lngE5", c.lat_e5 as "latE5",
  exists (select from listed_counties l where l.division_code = c.county_code) as listed,
  c.grams, c.harvest_from as "harvestFrom", c.harvest_to as "harvestTo",
  c.picked_on as "pickedOn", c.households, c.spoils_at as "spoilsAt",
  case when o.id is not null then jsonb_build_object('id', o.id, 'name', o.name) end as owner,
  c.stage_since as "stageSince", c.stage_due as "stageDue", c.escalated, c.reported_at as "reportedAt",
  (select count(*)::int from relief_alerts a where a.case_id = c.id) as alerts,
  (select jsonb_build_object('id', pic.id, 'width', pic.width, 'height', pic.height)
   from relief_alerts a join relief_alert_pictures ap on ap.alert_id = a.id join pictures pic on pic.id = ap.picture_id
   where a.case_id = c.id order by a.id, ap.position limit 1) as picture,
  (select count(*)::int from relief_duplicates d
   join relief_cases other on other.id = case when d.case_a = c.id then d.case_b else d.case_a end
   where (d.case_a = c.id or d.case_b = c.id) and d.dismissed_at is null
     and c.stage not in ('closed', 'rejected', 'expired', 'merged')
     and other.stage not in ('closed', 'rejected', 'expired', 'merged')) as duplicates,
  (select coalesce(array_agg(cl.lot_id order by cl.lot_id), '{}') from relief_case_lots cl where cl.case_id = c.id) as "lotIds"`

export const CASE_TABLES = `relief_cases c
  left join produce p on p.slug = c.produce_slug
  left join places pl on pl.code = c.county_code
  left join users o on o.id = c.owner_id`

export interface CaseRow {
  readonly id: number
  readonly version: number
  readonly stage: ReliefStage
  readonly produceSlug: string | null
  readonly produceText: string
  readonly produceZh: string
  readonly produceEn: string
  readonly family: string | null
  readonly place: Place
  readonly township: string
  readonly village: string
  readonly lngE5: number | null
  readonly latE5: number | null
  readonly listed: boolean
  readonly grams: number
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly pickedOn: string | null
  readonly households: number | null
  readonly spoilsAt: Date | null
  readonly owner: { id: number; name: string } | null
  readonly stageSince: Date
  readonly stageDue: Date
  readonly escalated: number
  readonly reportedAt: Date
  readonly alerts: number
  readonly picture: Picture | null
  readonly duplicates: number
  readonly lotIds: readonly number[]
}

/** A row as the API gives it. What a case has sold comes from the lots' order lines; an ended case is not urgent any more. */
export function toCaseRow<Row extends CaseRow>(row: Row, sales: LotSales, now: Date) {
  const { lotIds, ...shown } = row
  const { listedG, soldG } = soldOf(lotIds, sales)
  const leftG = Math.max(0, row.grams - soldG)
  const urgency = urgencyOf({ ...row, leftG }, now)
  return {
    ...shown,
    listedG,
    soldG,
    urgency: isEnded(row.stage) ? { ...urgency, score: 0, gramsAtRiskPerDay: 0 } : urgency,
  } satisfies Sendable<ReliefCaseRow>
}
