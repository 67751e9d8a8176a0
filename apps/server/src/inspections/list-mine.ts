import type { InspectionCase, MyInspections } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import type { Sendable } from '../platform/routes.ts'
import { type InspectionsContext, inspectedCounties } from './context.ts'
import { readInspections } from './read-inspections.ts'

/** Cases that a phone takes along, at most: the most urgent ones. */
const CASES_MAX = 60
/** What one has inspected oneself stays in the app this long, in days. */
const OWN_KEPT_DAYS = 14

const CASES = `
  select c.id, c.stage, coalesce(p.name_zh, c.produce_text) as "produceZh", coalesce(p.name_en, c.produce_text) as "produceEn",
    p.family, to_jsonb(pl) as place, c.township, c.village, c.lng_e5 as "lngE5", c.lat_e5 as "latE5", c.grams,
    c.harvest_from as "harvestFrom", c.harvest_to as "harvestTo", c.stage_due as "stageDue", c.spoils_at as "spoilsAt",
    case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as owner
  from relief_cases c
  join places pl on pl.code = c.county_code
  left join produce p on p.slug = c.produce_slug
  left join users u on u.id = c.owner_id
  where ($1::int[] is null or c.county_code = any($1::int[])) and (c.stage in ('accepted', 'inspecting') or exists (
    select from inspections i where i.case_id = c.id and i.opened_by = $2 and i.opened_at > $3))
  order by c.stage in ('accepted', 'inspecting') desc, c.stage_due, c.id limit $4`

/** All that the app keeps for days without a network: the cases to inspect and the reader's own, with their inspections. */
export async function listMine(context: InspectionsContext, userId: number): Promise<Sendable<MyInspections>> {
  const { db, clock } = context.platform
  const now = clock.now()
  const counties = await inspectedCounties(context, userId)
  const since = new Date(now.getTime() - OWN_KEPT_DAYS * 24 * 3_600_000)
  const [me, cases] = await Promise.all([
    db.query<{ id: number; name: string }>('select id, name from users where id = $1', [userId]),
    db.query<Sendable<InspectionCase> & { id: number }>(CASES, [counties, userId, since, CASES_MAX]),
  ])
  const inspections = await readInspections(db, { caseIds: cases.map(({ id }) => id), counties })
  return { me: one(me), asOf: now, cases, inspections }
}
