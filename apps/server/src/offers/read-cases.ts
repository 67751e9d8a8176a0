import type { Pickup, ReliefStage } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'

/** Cases that a run looks at, at most; the most urgent ones when there are more. */
const CASES_MAX = 2_000

/** A case as the match sees it. */
export interface MatchCase {
  readonly id: number
  readonly stage: ReliefStage
  readonly produceSlug: string | null
  readonly category: string | null
  readonly grams: number
  readonly countyCode: number
  readonly lngE5: number | null
  readonly latE5: number | null
  readonly listed: boolean
  /** Days from today. */
  readonly pickFrom: number
  readonly pickTo: number
  readonly pickedOn: number | null
  readonly ambientDays: number | null
  readonly coldDays: number | null
  readonly needsCold: boolean
  readonly floorFenPerKg: number | null
  readonly households: number | null
  readonly merchantsMax: number
  readonly offers: readonly CaseOffer[]
}

/** An offer of such a case, of any state. */
export interface CaseOffer {
  readonly merchantId: number
  readonly state: 'open' | 'accepted' | 'declined' | 'expired' | 'withdrawn' | 'cancelled'
  readonly grams: number
  readonly pickups: readonly Pickup[]
  readonly overruled: boolean
  /** Taken back for a reason that has nothing to do with this merchant, who may get it again. */
  readonly again: boolean
}

/**
 * Of an offer `o`: it was cancelled while it was open because the grams were gone or the case had moved. One that the desk took
 * back, or whose goods failed at the inspection, does not come again to the same merchant.
 */
export const MAY_COME_AGAIN = `(o.state = 'cancelled' and o.accepted_g is null and o.reason in ('all_given', 'case_moved'))`

// A case without a point lies where others of its county were pointed at, or else of its prefecture.
// Lives are the lower bounds, as in the produce's clock. The offers of a case come accepted ones first, the rest in the order in
// which they were made.
const READ = `
  select c.id, c.stage, c.produce_slug as "produceSlug", p.category, c.grams, c.county_code as "countyCode",
    coalesce(c.lng_e5, near.lng_e5) as "lngE5", coalesce(c.lat_e5, near.lat_e5) as "latE5",
    exists (select from listed_counties l where l.division_code = c.county_code) as listed,
    c.harvest_from - $1::date as "pickFrom", c.harvest_to - $1::date as "pickTo", c.picked_on - $1::date as "pickedOn",
    p.ambient_days_min as "ambientDays", p.cold_days_min as "coldDays", c.needs_cold as "needsCold",
    c.floor_fen_per_kg as "floorFenPerKg", c.households, c.merchants_max as "merchantsMax",
    (select coalesce(jsonb_agg(jsonb_build_object('merchantId', o.merchant_id, 'state', o.state,
       'grams', coalesce(o.accepted_g, o.grams), 'pickups', o.pickups, 'overruled', o.overruled_by is not null,
       'again', ${MAY_COME_AGAIN})
       order by o.state = 'accepted' desc, o.id), '[]') from offers o where o.case_id = c.id) as offers
  from relief_cases c
  left join produce p on p.slug = c.produce_slug
  left join lateral (
    select avg(n.lng_e5)::int as lng_e5, avg(n.lat_e5)::int as lat_e5 from relief_cases n
    where c.lng_e5 is null and n.lng_e5 is not null
      and n.county_code between c.county_code / 100 * 100 and c.county_code / 100 * 100 + 99
    group by n.county_code = c.county_code order by n.county_code = c.county_code desc limit 1
  ) near on true`

/** Every case that still looks for merchants, and those whose agreed offers use up what merchants can do. `today` in China. */
export function readMatchCases(db: Queryable, today: string): Promise<MatchCase[]> {
  return db.query<MatchCase>(
    `${READ} where c.stage in ('verified', 'offered', 'accepted')
       or c.stage in ('inspecting', 'coordinating')
         and exists (select from offers o where o.case_id = c.id and o.state = 'accepted')
     order by c.spoils_at nulls last, c.id limit ${CASES_MAX}`,
    [today],
  )
}

/** One case, whatever its stage. */
export async function readMatchCase(db: Queryable, today: string, caseId: number): Promise<MatchCase | undefined> {
  const [found] = await db.query<MatchCase>(`${READ} where c.id = $2`, [today, caseId])
  return found
}
