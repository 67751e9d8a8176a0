import type { MeasureGroup, MeasuresQuery, MeasuresRow, ReliefMeasures } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import type { DeskScope } from './desk-scope.ts'
import { dayInChina, isRealDay } from './report.ts'

/** Unless asked otherwise, cases of this many days. */
const DAYS = 90
const DAY_MS = 86_400_000
const DAYS_MAX = 3660

/** What a case is counted under, and the name of that. Days are China's. */
const groups: Readonly<Record<MeasureGroup, { key: string; name: string }>> = {
  county: {
    key: 'c.county_code::text',
    name: `(select pl.province || ' ' || pl.county from places pl where pl.code = g.key::int)`,
  },
  desk: { key: 'c.verified_by::text', name: '(select u.name from users u where u.id = g.key::bigint)' },
  month: { key: `to_char(c.reported_at at time zone 'Asia/Shanghai', 'YYYY-MM')`, name: 'g.key' },
}

/**
 * Instants of a case's steps by its log: verified when it first was; accepted, inspected and on sale when it last became so, for
 * a step that was taken back counts when it held.
 */
const STEPS = `lateral (
  select min(at) filter (where to_stage = 'verified') as verified, max(at) filter (where to_stage = 'accepted') as accepted,
    max(at) filter (where to_stage = 'coordinating') as inspected, max(at) filter (where to_stage = 'listed') as on_sale
  from relief_log l where l.case_id = c.id and l.to_stage is not null) s`

const minutesTo = (step: string) => `(extract(epoch from s.${step} - c.reported_at) / 60)::float8`
const percentiles = (step: string) =>
  `percentile_disc(array[0.5, 0.9]) within group (order by ${minutesTo(step)}) as ${step}`

/** Cases that the measures are of; $1 counties, $2 and $3 the first and the last day. Each is counted once: merged ones with another. */
const IN_TERM = `c.stage <> 'merged' and ($1::int[] is null or c.county_code = any($1))
  and c.reported_at >= ($2::date)::timestamp at time zone 'Asia/Shanghai'
  and c.reported_at < ($3::date + 1)::timestamp at time zone 'Asia/Shanghai'`

/** What the lots of a case hold, and have sold by the sums of their order lines, which come in as two arrays. */
const LOTS = `lateral (
  select coalesce(sum(o.grams), 0)::bigint as listed, coalesce(sum(s.grams), 0)::bigint as sold
  from relief_case_lots cl join lots o on o.shop_id = cl.shop_id and o.id = cl.lot_id
  left join sold s on s.lot_id = cl.lot_id where cl.case_id = c.id) lots`

// While the clock runs everything that was sold was sold in time; what it was when the clock ended is kept in the case.
const IN_TIME =
  'least(c.grams, lots.sold, case when c.spoils_at is null or c.spoils_at > $4 then lots.sold else c.sold_in_time_g end)'
const ofTrue = (what: string) => `coalesce(sum(${what}) filter (where c.stage <> 'rejected'), 0)::bigint`

const SUMS = `count(*)::int as cases,
  ${['verified', 'accepted', 'inspected', 'on_sale'].map(percentiles).join(', ')},
  ${ofTrue('c.grams')} as at_risk, ${ofTrue('lots.listed')} as listed, ${ofTrue('lots.sold')} as sold,
  ${ofTrue('c.spoiled_g')} as spoiled, ${ofTrue(IN_TIME)} as in_time,
  count(*) filter (where c.stage = 'rejected')::int as rejected, count(*) filter (where c.stage = 'expired')::int as expired`

interface Found {
  readonly key: string | null
  readonly name: string | null
  readonly cases: number
  readonly verified: readonly number[] | null
  readonly accepted: readonly number[] | null
  readonly inspected: readonly number[] | null
  readonly on_sale: readonly number[] | null
  readonly at_risk: number
  readonly listed: number
  readonly sold: number
  readonly spoiled: number
  readonly in_time: number
  readonly rejected: number
  readonly expired: number
}

function toRow(found: Found): MeasuresRow {
  const minutes = (at: 0 | 1) => {
    const of = (values: readonly number[] | null) => (values?.[at] == null ? null : Math.round(values[at]))
    return {
      verified: of(found.verified),
      accepted: of(found.accepted),
      inspected: of(found.inspected),
      onSale: of(found.on_sale),
    }
  }
  return {
    key: found.key ?? '',
    name: found.name ?? '',
    cases: found.cases,
    minutes: minutes(0),
    minutesP90: minutes(1),
    gramsAtRisk: found.at_risk,
    gramsListed: found.listed,
    gramsSold: found.sold,
    gramsSpoiled: found.spoiled,
    gramsSoldInTime: found.in_time,
    shareSoldInTime: found.at_risk === 0 ? null : Math.min(1, found.in_time / found.at_risk),
    rejected: found.rejected,
    expired: found.expired,
  }
}

function readTerm({ from, to }: MeasuresQuery, now: Date): { from: string; to: string } {
  const last = to ?? dayInChina(now)
  for (const day of [last, from ?? last]) if (!isRealDay(day)) throw new Refusal('relief.day_unreal', { day })
  const first = from ?? dayInChina(new Date(Date.parse(`${last}T00:00:00Z`) - DAYS * DAY_MS))
  const spanDays = (Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS
  if (!(spanDays >= 0 && spanDays <= DAYS_MAX)) throw new Refusal('relief.day_unreal')
  return { from: first, to: last }
}

/**
 * Measures per stage of cases that were reported from one day to another.
 * @throws Refusal relief.day_unreal for days out of order or further apart than ten years.
 */
export async function readMeasures(
  context: ReliefContext,
  scope: DeskScope,
  query: MeasuresQuery,
): Promise<ReliefMeasures> {
  const { db, clock } = context.platform
  const now = clock.now()
  const by = query.by ?? 'county'
  const term = readTerm(query, now)
  const { key, name } = groups[by]
  const values = [scope.counties === null ? null : [...scope.counties], term.from, term.to]
  const lots = await db.query<{ lotId: number }>(
    `select cl.lot_id as "lotId" from relief_cases c join relief_case_lots cl on cl.case_id = c.id where ${IN_TERM}`,
    values,
  )
  const sold = [...(await context.soldOfLots(lots.map(({ lotId }) => lotId)))]
  const rows = await db.query<Found & { whole: boolean }>(
    `with sold as materialized (select * from unnest($5::bigint[], $6::bigint[]) as s (lot_id, grams))
     select g.*, case when not whole and key is not null then ${name} end as name from (
       select grouping(${key}) = 1 as whole, ${key} as key, ${SUMS}
       from relief_cases c cross join ${STEPS} cross join ${LOTS} where ${IN_TERM}
       group by grouping sets ((${key}), ())) g
     order by whole desc, ${by === 'month' ? 'key' : 'at_risk desc, key'} limit 2000`,
    [...values, now, sold.map(([lotId]) => lotId), sold.map(([, grams]) => grams)],
  )
  const all = rows.find(({ whole }) => whole)
  if (!all) throw new Error('sums over nothing are one row')
  return { by, ...term, all: toRow(all), rows: rows.filter(({ whole }) => !whole).map(toRow) }
}

const COLUMNS = [
  'key',
  'name',
  'cases',
  ...['verified', 'accepted', 'inspected', 'on_sale'].flatMap((step) => [`${step}_min_median`, `${step}_min_p90`]),
  'grams_at_risk',
  'grams_listed',
  'grams_sold',
  'grams_spoiled',
  'grams_sold_in_time',
  'share_sold_in_time',
  'rejected',
  'expired',
]

/** A field of CSV text; a name that a spreadsheet would run as a formula is kept from it. */
function field(value: string | number | null): string {
  if (value === null) return ''
  const text = typeof value === 'number' ? String(value) : value.replace(/^[=+\-@\t\r]/, "'$&")
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The same as CSV text, UTF-8 with a byte order mark, as spreadsheets in China need it. */
export function measuresCsv({ all, rows }: ReliefMeasures): string {
  const lines = [...rows, { ...all, key: 'all', name: '' }].map((row) =>
    [
      row.key,
      row.name,
      row.cases,
      ...(['verified', 'accepted', 'inspected', 'onSale'] as const).flatMap((step) => [
        row.minutes[step],
        row.minutesP90[step],
      ]),
      row.gramsAtRisk,
      row.gramsListed,
      row.gramsSold,
      row.gramsSpoiled,
      row.gramsSoldInTime,
      row.shareSoldInTime === null ? null : row.shareSoldInTime.toFixed(4),
      row.rejected,
      row.expired,
    ]
      .map(field)
      .join(','),
  )
  return `\uFEFF${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}
