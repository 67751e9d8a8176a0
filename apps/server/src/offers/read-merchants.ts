import type { Queryable } from '../platform/database.ts'

/** Merchants that a run looks at, at most. */
const MERCHANTS_MAX = 2_000

/** A merchant as the match sees it. */
export interface MatchMerchant {
  readonly id: number
  readonly name: string
  readonly active: boolean
  /** Has every needed paper. */
  readonly papers: boolean
  readonly produceSlugs: readonly string[]
  readonly families: readonly string[]
  readonly grades: readonly string[]
  readonly regions: readonly number[]
  readonly reachKm: number
  readonly capacityDayG: number
  readonly lotMinG: number
  readonly packingDays: number
  readonly cold: boolean
  readonly workingCapitalFen: number | null
  readonly countyCode: number
  readonly lngE5: number | null
  readonly latE5: number | null
  /** Fen per kilogram today by slug; "*" is for everything else. */
  readonly prices: Readonly<Record<string, number>>
  readonly accepted: number
  readonly withdrawn: number
}

const READ = `
  select m.id, m.name, m.active, merchant_papers_missing(m.id, $1) = '{}' as papers, m.produce_slugs as "produceSlugs",
    m.families, m.grades, m.regions, m.reach_km as "reachKm", m.capacity_day_g as "capacityDayG", m.lot_min_g as "lotMinG",
    m.packing_days as "packingDays", m.cold, m.working_capital_fen as "workingCapitalFen",
    w.county_code as "countyCode", w.lng_e5 as "lngE5", w.lat_e5 as "latE5",
    (select coalesce(jsonb_object_agg(coalesce(p.produce_slug, '*'), p.fen_per_kg), '{}') from merchant_prices p
     where p.merchant_id = m.id and $1::date between p.valid_from and p.valid_until) as prices,
    (select count(*) from offers o where o.merchant_id = m.id and o.state in ('accepted', 'withdrawn')) as accepted,
    (select count(*) from offers o where o.merchant_id = m.id and o.state = 'withdrawn') as withdrawn
  from merchants m
  join merchant_warehouses w on w.merchant_id = m.id and w.position = 0`

/** Every merchant that takes offers, and those who have promised something. `today` in China. */
export function readMatchMerchants(db: Queryable, today: string): Promise<MatchMerchant[]> {
  return db.query<MatchMerchant>(
    `${READ} where m.active or exists (select from offers o where o.merchant_id = m.id and o.state in ('open', 'accepted'))
     order by m.id limit ${MERCHANTS_MAX}`,
    [today],
  )
}

/** One merchant, active or not. */
export async function readMatchMerchant(
  db: Queryable,
  today: string,
  merchantId: number,
): Promise<MatchMerchant | undefined> {
  const [found] = await db.query<MatchMerchant>(`${READ} where m.id = $2`, [today, merchantId])
  return found
}
