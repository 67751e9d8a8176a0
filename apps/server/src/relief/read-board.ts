import type { ReliefBoard } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import type { Sendable } from '../platform/routes.ts'
import { OPEN_SQL, overdueSql } from './case-row.ts'
import type { ReliefContext } from './context.ts'
import type { DeskScope } from './desk-scope.ts'

const NOW = '$1::timestamptz'
const OVERDUE = `count(*) filter (where ${overdueSql(NOW)})::int`
const SCOPE = '($2::int[] is null or c.county_code = any($2))'

const STAGES = `
  select coalesce(jsonb_agg(s), '[]') from (
    select c.stage, count(*)::int as cases, sum(c.grams)::bigint as grams, sum(c.listed_g)::bigint as "listedG",
      sum(c.sold_g)::bigint as "soldG", coalesce(sum(c.spoiled_g), 0)::bigint as "spoiledG", ${OVERDUE} as overdue
    from relief_cases c where ${SCOPE} group by c.stage) s`

const PROVINCES = `
  select coalesce(jsonb_agg(p order by p.score desc, p.code), '[]') from (
    select c.county_code / 10000 * 10000 as code, count(*)::int as cases, sum(c.grams)::bigint as grams,
      sum(greatest(0, c.grams - c.sold_g))::bigint as "leftG", ${OVERDUE} as overdue,
      max(relief_urgency(c.grams - c.sold_g, c.spoils_at, c.households, ${NOW})) as score
    from relief_cases c where ${OPEN_SQL} and ${SCOPE} group by 1) p`

const OPEN = `
  select jsonb_build_object('open', count(*), 'overdue', ${OVERDUE}, 'forOperator', count(*) filter (where c.escalated >= 2),
    'mine', count(*) filter (where c.owner_id = $3), 'leftG', coalesce(sum(greatest(0, c.grams - c.sold_g)), 0))
  from relief_cases c where ${OPEN_SQL} and ${SCOPE}`

type Open = Pick<ReliefBoard, 'open' | 'overdue' | 'forOperator' | 'mine' | 'leftG'>

/** What there is, by stage and by province, in one snapshot. Sums of sold grams are those of the last minute. */
export async function readBoard(context: ReliefContext, scope: DeskScope): Promise<Sendable<ReliefBoard>> {
  const now = context.platform.clock.now()
  const { open, stages, provinces } = one(
    await context.platform.db.query<{ open: Open } & Pick<ReliefBoard, 'stages' | 'provinces'>>(
      `select (${OPEN}) as open, (${STAGES}) as stages, (${PROVINCES}) as provinces`,
      [now, scope.counties && [...scope.counties], scope.userId],
    ),
  )
  return { asOf: now, ...open, stages, provinces }
}
