import type { MerchantRecord } from '@chunbo/contract'
import type { Database } from '../platform/database.ts'
import type { OffersContext } from './context.ts'

/**
 * Promises kept, in thousandths. Five promises of which four were kept are added to everybody's, so that one who is new stands
 * at 800 and one broken promise of two does not rule a merchant out.
 */
export const reliabilityPermille = (accepted: number, withdrawn: number): number =>
  Math.round((1000 * (accepted - withdrawn + 4)) / (accepted + 5))

interface Counted {
  readonly merchantId: number
  readonly offers: number
  readonly accepted: number
  readonly withdrawn: number
  readonly answerMin: number | null
  readonly openOffers: number
  readonly openG: number
  readonly openFen: number
}

/** Case stages in which accepted goods are on their way and bind money and trucks. */
const UNDER_WAY = `('verified', 'offered', 'accepted', 'inspecting', 'coordinating')`

const COUNT = `
  select m.id as "merchantId",
    count(o.id) filter (where o.state in ('accepted', 'declined', 'expired', 'withdrawn')) as offers,
    count(o.id) filter (where o.state in ('accepted', 'withdrawn')) as accepted,
    count(o.id) filter (where o.state = 'withdrawn') as withdrawn,
    round(percentile_cont(0.5) within group (order by extract(epoch from o.answered_at - o.made_at) / 60)
      filter (where o.answered_at is not null))::int as "answerMin",
    count(o.id) filter (where o.state = 'accepted' and c.stage in ${UNDER_WAY}) as "openOffers",
    coalesce(sum(o.accepted_g) filter (where o.state = 'accepted' and c.stage in ${UNDER_WAY}), 0)::bigint as "openG",
    coalesce(sum(o.accepted_g * coalesce(o.price_fen_per_kg, 0) / 1000)
      filter (where o.state = 'accepted' and c.stage in ${UNDER_WAY}), 0)::bigint as "openFen"
  from merchants m
  left join offers o on o.merchant_id = m.id
  left join relief_cases c on c.id = o.case_id
  where $1::bigint[] is null or m.id = any($1::bigint[])
  group by m.id`

function countRecords(db: Database, merchantIds: readonly number[] | null): Promise<Counted[]> {
  return db.query<Counted>(COUNT, [merchantIds])
}

/** The records of these merchants, counted from their offers and inspections. */
export async function readRecords(
  { platform, qualityOf }: Pick<OffersContext, 'platform' | 'qualityOf'>,
  merchantIds: readonly number[],
): Promise<Map<number, MerchantRecord>> {
  const [counted, qualities] = await Promise.all([countRecords(platform.db, merchantIds), qualityOf(merchantIds)])
  return new Map(
    counted.map(({ merchantId, ...counts }) => {
      const quality = qualities.get(merchantId)
      const inspected = quality !== undefined && quality.inspectedG > 0
      return [
        merchantId,
        {
          ...counts,
          reliabilityPermille: reliabilityPermille(counts.accepted, counts.withdrawn),
          badPermille: inspected ? Math.round((1000 * quality.badG) / quality.inspectedG) : null,
        },
      ]
    }),
  )
}
