import type { County, Division } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { countyStatusOn, type LiftWindows, liftWindow } from './county-status.ts'

interface CountyRow {
  readonly key: string
  readonly code: number | null
  readonly name: string
  readonly province: string | null
  readonly prefecture: string | null
  readonly province_code: number
  readonly year_lifted: number | null
  readonly year_certain: boolean | null
}

// Every county-level division, and the one listed county that has no code any more. The key orders the pages.
const COUNTIES = `
  select coalesce(p.code::text, l.key) as key, p.code, coalesce(p.county, l.name) as name, p.province, p.prefecture,
    coalesce(p.code, l.parent_code) / 10000 * 10000 as province_code, l.year_lifted, l.year_certain
  from places p full join listed_counties l on l.division_code = p.code`

const LIST = `
  select * from (${COUNTIES}) c
  where ($1::boolean is null or (year_lifted is not null) = $1)
    and ($2::text is null or strpos(concat(province, prefecture, name), $2) > 0)
    and ($3::int is null or province_code = $3)
    and ($4::text is null or key collate "C" > $4)
  order by key collate "C"
  limit $5`

function toCounty(row: CountyRow, windows: LiftWindows, day: string): County {
  const { code, name, province, prefecture, year_lifted: yearLifted } = row
  const announced = yearLifted === null ? null : liftWindow(windows, yearLifted, row.province_code)
  const listing =
    yearLifted === null || announced === null ? null : { yearLifted, yearCertain: row.year_certain === true, announced }
  const { status, certain } = countyStatusOn(listing, day)
  return {
    code,
    place: code === null ? null : { code, province: province ?? '', prefecture: prefecture ?? '', county: name },
    name,
    listed: listing !== null,
    yearLifted,
    status,
    statusOn: day,
    statusCertain: certain,
    liftAnnounced: announced,
  }
}

export interface CountyFilter {
  readonly listed: boolean | null
  /** Part of the name of the county, its prefecture or its province. */
  readonly text: string | null
  readonly provinceCode: number | null
  readonly afterKey: string | null
  readonly limit: number
}

/** A page of counties with their status on a day (YYYY-MM-DD), by code. `next` is the key to go on after. */
export async function listCounties(
  db: Queryable,
  windows: LiftWindows,
  filter: CountyFilter,
  day: string,
): Promise<{ items: County[]; next: string | null }> {
  const { listed, text, provinceCode, afterKey, limit } = filter
  const rows = await db.query<CountyRow>(LIST, [listed, text, provinceCode, afterKey, limit])
  const next = rows.length === limit ? (rows.at(-1)?.key ?? null) : null
  return { items: rows.map((row) => toCounty(row, windows, day)), next }
}

/** A county with its status on a day. @throws Refusal counties.unknown */
export async function readCounty(db: Queryable, windows: LiftWindows, code: number, day: string): Promise<County> {
  const row = first(await db.query<CountyRow>(`select * from (${COUNTIES}) c where code = $1`, [code]))
  if (!row) throw new Refusal('counties.unknown')
  return toCounty(row, windows, day)
}

// A picker has three steps. So rows that only hold counties together stand where a prefecture would, and a city without
// counties (东莞市) stands there too and once more below itself.
const DIVISIONS = `
  select code, name, parent_code as parent,
    case
      when level = 'zone' then 'county'
      when level = 'virtual' or (level = 'county' and parent_code % 10000 = 0) then 'prefecture'
      else level
    end as level
  from divisions
  where parent_code is not distinct from $1
  union all
  select code, name, code, 'county' from divisions where code = $1 and level = 'county' and parent_code % 10000 = 0
  order by code`

/** The divisions right below one, or the provinces for null. */
export function listDivisions(db: Queryable, parent: number | null): Promise<Division[]> {
  return db.query<Division>(DIVISIONS, [parent])
}
