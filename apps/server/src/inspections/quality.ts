import type { Queryable } from '../platform/database.ts'

/** Grams of a merchant's cases that were inspected, and how many of them were bad. */
export interface Quality {
  readonly inspectedG: number
  readonly badG: number
}

/** The share of pieces with a defect, applied to the grams; what failed is bad as a whole. A correction counts in place of what it puts right. */
export async function readQuality(db: Queryable, merchantIds: readonly number[]): Promise<Map<number, Quality>> {
  const rows = await db.query<Quality & { merchantId: number }>(
    `select o.merchant_id as "merchantId", sum(i.grams)::bigint as "inspectedG",
       sum(case when i.verdict = 'fail' then i.grams else i.grams * d.permille / 1000 end)::bigint as "badG"
     from offers o
     join inspections i on i.case_id = o.case_id and i.state = 'signed'
     cross join lateral (
       select coalesce(max((part ->> 'value')::int), 0) as permille from jsonb_array_elements(i.parts) part
       where part ->> 'measure' = 'defects'
     ) d
     where o.merchant_id = any($1::bigint[]) and o.accepted_g is not null
       and not exists (select from inspections n where n.corrects = i.id and n.state = 'signed')
     group by o.merchant_id`,
    [merchantIds],
  )
  return new Map(rows.map(({ merchantId, ...quality }) => [merchantId, quality]))
}
