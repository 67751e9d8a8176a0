import type { CaseMatch, MatchRun, Offer } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { CaseSaid } from './plan-words.ts'

const named = (id: string, name: string) => `jsonb_build_object('id', ${id}, 'name', ${name})`

const OFFER = `
  select o.id, o.case_id as "caseId", ${named('m.id', 'm.name')} as merchant, o.state, o.grams,
    o.accepted_g as "acceptedG", o.price_fen_per_kg as "priceFenPerKg", o.pick_day as "pickDay", o.pickups,
    o.made_at as "madeAt", o.expires_at as "expiresAt", o.answered_at as "answeredAt",
    case when a.id is not null then ${named('a.id', 'a.name')} end as "answeredBy", o.reason, o.why,
    case when d.id is not null then jsonb_build_object('by', ${named('d.id', 'd.name')}, 'reason', o.overrule_reason,
      'conditions', o.overrule_conditions) end as overruled,
    o.least_g as "leastG",
    greatest(0, c.grams - (select coalesce(sum(x.accepted_g), 0) from offers x
      where x.case_id = c.id and x.state = 'accepted'))::bigint as "leftG",
    jsonb_build_object('stage', c.stage, 'produceSlug', c.produce_slug,
      'produceZh', coalesce(p.name_zh, c.produce_text), 'produceEn', coalesce(p.name_en, c.produce_text),
      'family', p.family, 'place', to_jsonb(l), 'township', c.township, 'village', c.village,
      'lngE5', c.lng_e5, 'latE5', c.lat_e5,
      'listed', exists (select from listed_counties r where r.division_code = c.county_code),
      'harvestFrom', c.harvest_from, 'harvestTo', c.harvest_to, 'pickedOn', c.picked_on, 'needsCold', c.needs_cold,
      'floorFenPerKg', c.floor_fen_per_kg, 'households', c.households,
      'spoilsAt', to_char(c.spoils_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'storyZh', c.story_zh, 'storyEn', c.story_en,
      'picture', (select jsonb_build_object('id', i.id, 'width', i.width, 'height', i.height)
        from relief_alerts t join relief_alert_pictures ap on ap.alert_id = t.id join pictures i on i.id = ap.picture_id
        where t.case_id = c.id order by t.id, ap.position limit 1)) as "case"
  from offers o
  join merchants m on m.id = o.merchant_id
  join relief_cases c on c.id = o.case_id
  join places l on l.code = c.county_code
  left join produce p on p.slug = c.produce_slug
  left join users a on a.id = o.answered_by
  left join users d on d.id = o.overruled_by`

type OfferRow = Sendable<Offer>

/** One offer. @throws Refusal offers.not_found */
export async function readOffer(db: Queryable, id: number): Promise<OfferRow> {
  const found = first(await db.query<OfferRow>(`${OFFER} where o.id = $1`, [id]))
  if (!found) throw new Refusal('offers.not_found')
  return found
}

/** Offers of a case, the newest first, at most 200. */
export function listOffersOfCase(db: Queryable, caseId: number): Promise<OfferRow[]> {
  return db.query<OfferRow>(`${OFFER} where o.case_id = $1 order by o.id desc limit 200`, [caseId])
}

/** Offers of a merchant, the newest first: those that wait, those accepted and not on sale yet, or all. */
export async function listOffersOfMerchant(
  db: Queryable,
  filter: {
    readonly merchantId: number
    readonly show: 'open' | 'under_way' | 'all'
    readonly beforeId: number | null
    readonly limit: number
  },
): Promise<{ items: OfferRow[]; next: string | null }> {
  const items = await db.query<OfferRow>(
    `${OFFER} where o.merchant_id = $1 and ($2::bigint is null or o.id < $2) and (
       $3 = 'all' or $3 = 'open' and o.state = 'open' or $3 = 'under_way' and o.state = 'accepted'
         and c.stage in ('verified', 'offered', 'accepted', 'inspecting', 'coordinating', 'listed', 'selling'))
     order by o.id desc limit $4`,
    [filter.merchantId, filter.beforeId, filter.show, filter.limit],
  )
  return { items, next: items.length === filter.limit ? String(items.at(-1)?.id) : null }
}

/** The merchant of an offer. @throws Refusal offers.not_found */
export async function merchantOfOffer(db: Queryable, offerId: number): Promise<number> {
  const found = first(
    await db.query<{ merchantId: number }>('select merchant_id as "merchantId" from offers where id = $1', [offerId]),
  )
  if (!found) throw new Refusal('offers.not_found')
  return found.merchantId
}

const RUN = `
  select r.id, r.at, r.cause, r.status, r.gap_permille as "gapPermille", r.ms, r.cases, r.merchants,
    r.offers_made as "offersMade", r.clashes, r.failure from match_runs r`

/** A run by its id. */
export async function readRun(db: Queryable, id: number): Promise<Sendable<MatchRun>> {
  const found = first(await db.query<Sendable<MatchRun>>(`${RUN} where r.id = $1`, [id]))
  if (!found) throw new Error(`no run ${id}`)
  return found
}

/** What the last run that looked at a case said of it. @throws Refusal relief.case_not_found */
export async function readCaseMatch(db: Queryable, caseId: number): Promise<Sendable<CaseMatch>> {
  const [standing] = await db.query<{ leftG: number }>(
    `select greatest(0, c.grams - (select coalesce(sum(coalesce(o.accepted_g, o.grams)), 0) from offers o
       where o.case_id = c.id and o.state in ('open', 'accepted')))::bigint as "leftG"
     from relief_cases c where c.id = $1`,
    [caseId],
  )
  if (standing === undefined) throw new Refusal('relief.case_not_found')
  const [latest] = await db.query<Sendable<MatchRun>>(`${RUN} order by r.id desc limit 1`)
  const [told] = await db.query<{ runId: number; said: CaseSaid }>(
    'select run_id as "runId", said from match_cases where case_id = $1 order by run_id desc limit 1',
    [caseId],
  )
  const said = told?.said ?? { fitting: 0, proposals: [], excluded: [], unsold: null }
  const run = told === undefined ? null : await readRun(db, told.runId)
  return { latest: latest ?? null, run, ...said, ...standing }
}
