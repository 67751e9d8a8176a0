import { addPoints, type Deed } from './add-points.ts'
import { chinaDay, type KnownAge, leaveOf } from './age.ts'
import type { AudienceContext } from './context.ts'

/** Orders in one transaction. */
const NOTES_MAX = 2_000
/** Two that count at once would only wait for each other's rows; the second leaves it to the first. */
const LOCK_ID = 48_700_020

// An order counts for the counties that its goods are from, each with what was paid for its own.
const TAKE = `
  with noted as (
    delete from fan_notes where id in (select id from fan_notes order by id limit $1) returning shop_id, order_id, sign
  )
  select n.sign, o.buyer_id as "userId", l.county_code as "countyCode", n.shop_id || ':' || n.order_id as ref,
    sum(li.qty::bigint * li.price_fen - li.discount_fen)::bigint as fen, to_char(a.birth_month, 'YYYY-MM') as "birthMonth",
    coalesce(a.minor, false) as minor, coalesce(a.guardian_consent, false) as "guardianConsent"
  from noted n
  join orders o on o.shop_id = n.shop_id and o.id = n.order_id
  join order_lines li on li.shop_id = n.shop_id and li.order_id = n.order_id
  join skus k on k.shop_id = li.shop_id and k.id = li.sku_id
  join lots l on l.shop_id = k.shop_id and l.id = k.lot_id
  left join user_ages a on a.user_id = o.buyer_id
  group by 1, 2, 3, 4, 6, 7, 8`

const GIVE_BACK = `
  with back as (
    update fan_points p set returned_at = $4
    from unnest($1::bigint[], $2::int[], $3::text[]) w(user_id, county_code, ref)
    where p.user_id = w.user_id and p.county_code = w.county_code and p.kind = 'order' and p.ref = w.ref and p.returned_at is null
    returning p.user_id, p.county_code, p.points
  )
  update fans f set points = f.points - s.points
  from (select user_id, county_code, sum(points)::int as points from back group by 1, 2) s
  where f.user_id = s.user_id and f.county_code = s.county_code
  returning f.user_id as "userId", f.county_code as "countyCode", f.points`

interface Bought extends KnownAge {
  readonly sign: number
  readonly userId: number
  readonly countyCode: number
  readonly ref: string
  readonly fen: number
}

/** Counts the orders that were paid since, and takes back what ceased to count; once each, after every crash. */
export async function countOrders(context: AudienceContext): Promise<void> {
  const { db, clock } = context.platform
  for (;;) {
    const counted = await db.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK_ID])
      if (!lock?.mine) return 0
      const rows = await tx.query<Bought>(TAKE, [NOTES_MAX], 'audience-take-orders')
      const today = chinaDay(clock.now())
      const deeds = rows.filter((row) => row.sign === 1 && leaveOf(row, today).follow)
      await addPoints(
        context,
        deeds.map(({ userId, countyCode, ref, fen }): Deed => ({ userId, countyCode, kind: 'order', ref, units: fen })),
        tx,
      )
      const back = rows.filter(({ sign }) => sign === -1)
      if (back.length > 0) {
        const sums = await tx.query<{ userId: number; countyCode: number; points: number }>(GIVE_BACK, [
          back.map(({ userId }) => userId),
          back.map(({ countyCode }) => countyCode),
          back.map(({ ref }) => ref),
          clock.now(),
        ])
        for (const { userId, countyCode, points } of sums) context.fans.scored(userId, countyCode, points)
      }
      return rows.length
    })
    if (counted < NOTES_MAX) return
  }
}
