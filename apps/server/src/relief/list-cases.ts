import type { ReliefCaseQuery } from '@chunbo/contract'
import type { Value } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { CASE_COLUMNS, CASE_TABLES, type CaseRow, OPEN_SQL, overdueSql, toCaseRow } from './case-row.ts'
import type { ReliefContext } from './context.ts'
import type { DeskScope } from './desk-scope.ts'
import { readLotSales } from './lot-sales.ts'
import { isEnded } from './stages.ts'

const LIMIT = 50
/** A province holds the codes from its own to its last. */
const PROVINCE_CODES = 10_000

type Order = 'urgency' | 'due' | 'new' | 'ended'
const CURSOR = /^(urgency|due|new|ended)\|(-?\d{1,15})\|(\d{1,15})$/
const epochMs = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`

/** What each order sorts by, as SQL, and how a cursor's number becomes that again. Ids break ties in the same direction. */
const ORDERS: Record<
  Order,
  { by: (now: string) => string; up: boolean; value: (position: number) => Value; type: string }
> = {
  urgency: {
    by: (now) => `relief_urgency(c.grams - c.sold_g, c.spoils_at, c.households, ${now})`,
    up: false,
    value: (score) => score,
    type: 'int',
  },
  due: { by: () => 'c.stage_due', up: true, value: (ms) => new Date(ms), type: 'timestamptz' },
  new: { by: () => 'c.reported_at', up: false, value: (ms) => new Date(ms), type: 'timestamptz' },
  ended: { by: () => 'c.stage_since', up: false, value: (ms) => new Date(ms), type: 'timestamptz' },
}

class Conditions {
  readonly values: Value[] = []
  readonly parts: string[] = []
  bind(value: Value): string {
    return `$${this.values.push(value)}`
  }
  add(part: string): void {
    this.parts.push(part)
  }
}

function searchFor(where: Conditions, words: string): void {
  const like = where.bind(`%${words.replace(/[\\%_]/g, '\\$&')}%`)
  where.add(`(c.township ilike ${like} or c.village ilike ${like} or c.produce_text ilike ${like}
    or c.produce_slug in (select slug from produce where name_zh ilike ${like} or name_en ilike ${like})
    or c.county_code in (select code from places where concat(province, prefecture, county) ilike ${like}))`)
}

function narrow(where: Conditions, query: ReliefCaseQuery, scope: DeskScope, now: string): void {
  const number = /^#?(\d{1,15})$/.exec(query.q?.trim() ?? '')?.[1]
  if (query.stage !== undefined) where.add(`c.stage = ${where.bind(query.stage)}`)
  else if (number === undefined) where.add(OPEN_SQL)
  if (scope.counties !== null) where.add(`c.county_code = any(${where.bind([...scope.counties])}::int[])`)
  if (query.county !== undefined) where.add(`c.county_code = ${where.bind(query.county)}`)
  if (query.province !== undefined) {
    const first = Math.floor(query.province / PROVINCE_CODES) * PROVINCE_CODES
    where.add(`c.county_code between ${where.bind(first)} and ${where.bind(first + PROVINCE_CODES - 1)}`)
  }
  if (query.produce !== undefined) where.add(`c.produce_slug = ${where.bind(query.produce)}`)
  if (query.owner === 'me') where.add(`c.owner_id = ${where.bind(scope.userId)}`)
  if (query.owner === 'none') where.add('c.owner_id is null')
  if (query.overdue === 1) where.add(overdueSql(now))
  if (query.listed === 1) where.add('c.county_code in (select division_code from listed_counties)')
  if (number !== undefined) where.add(`c.id = ${where.bind(Number(number))}`)
  else if (query.q?.trim()) searchFor(where, query.q.trim())
}

function goOnAfter(where: Conditions, cursor: string, order: Order, by: string): void {
  const [, of, position, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (of !== order) throw new Refusal('relief.cursor_invalid')
  const { up, value, type } = ORDERS[order]
  where.add(
    `(${by}, c.id) ${up ? '>' : '<'} (${where.bind(value(Number(position)))}::${type}, ${where.bind(Number(id))}::bigint)`,
  )
}

/**
 * Over 100,000 cases a page of a hundred takes 5 to 20 ms with 3,000 of them open, and 95 ms by urgency when all are open.
 *
 * A page of the board: picks the page's ids first and reads everything else of these alone. Times come from the application's
 * clock in whole milliseconds, so a cursor is exact; urgency moves with the day, so a case may be met twice over a midnight.
 * @throws Refusal relief.cursor_invalid
 */
export async function listCases(context: ReliefContext, scope: DeskScope, query: ReliefCaseQuery) {
  const { db, clock } = context.platform
  const now = clock.now()
  const limit = query.limit ?? LIMIT
  const order: Order = query.stage && isEnded(query.stage) ? 'ended' : (query.sort ?? 'urgency')
  const where = new Conditions()
  const at = `${where.bind(now)}::timestamptz`
  const direction = ORDERS[order].up ? 'asc' : 'desc'
  const by = ORDERS[order].by(at)
  narrow(where, query, scope, at)
  if (query.cursor !== undefined) goOnAfter(where, query.cursor, order, by)
  const position = order === 'urgency' ? 'picked.by' : epochMs('picked.by')
  const rows = await db.query<CaseRow & { position: number }>(
    `with picked as (select c.id, ${by} as by from relief_cases c where ${at} is not null and ${where.parts.join(' and ') || 'true'}
       order by ${by} ${direction}, c.id ${direction} limit ${where.bind(limit + 1)})
     select ${CASE_COLUMNS}, ${position} as position from picked join ${CASE_TABLES.replace('relief_cases c', 'relief_cases c on c.id = picked.id')}
     order by picked.by ${direction}, c.id ${direction}`,
    where.values,
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const sales = await readLotSales(
    context,
    shown.flatMap(({ lotIds }) => lotIds),
  )
  return {
    items: shown.map(({ position: _, ...row }) => toCaseRow(row, sales, now)),
    next:
      rows.length > limit && last ? Buffer.from(`${order}|${last.position}|${last.id}`).toString('base64url') : null,
  }
}
