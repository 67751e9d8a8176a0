import type { CountyImpact, CountyImpactList, Place, Sold } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'

/** Days of a county that its page shows, at most. */
const DAYS_MAX = 366

const NOTHING: Sold = { grams: 0, fen: 0, orders: 0, packs: 0 }
const SOLD = `jsonb_build_object('grams', s.grams, 'fen', s.fen, 'orders', s.orders, 'packs', s.packs)`
/** Everything that was paid before this instant is in the sums: now, or since when the oldest note waits. */
const AS_OF = 'coalesce((select noted_at from impact_notes order by id limit 1), now())'

/** What was sold of one kind of thing in all, and since when that stands. */
export async function readSold(
  db: Queryable,
  kind: 'all' | 'county' | 'shop' | 'lot' | 'room',
  key: number,
): Promise<{ sold: Sold; asOf: Date }> {
  const rows = await db.query<{ sold: Sold | null; asOf: Date }>(
    `select ${AS_OF} as "asOf", (select ${SOLD} from impact_sums s
       where s.kind = $1 and s.key = $2 and s.produce_slug = '' and s.day = '-infinity') as sold`,
    [kind, key],
    'impact-sold',
  )
  const { sold, asOf } = one(rows)
  return { sold: sold ?? NOTHING, asOf }
}

/** What each of these lots sold in all; one that sold nothing is left out. */
export async function readSoldOfLots(db: Queryable, lotIds: readonly number[]): Promise<Map<number, Sold>> {
  if (lotIds.length === 0) return new Map()
  const rows = await db.query<{ lotId: number; sold: Sold }>(
    `select s.key as "lotId", ${SOLD} as sold from impact_sums s
     where s.kind = 'lot' and s.key = any($1::bigint[]) and s.produce_slug = '' and s.day = '-infinity'`,
    [lotIds],
    'impact-sold-of-lots',
  )
  return new Map(rows.map(({ lotId, sold }) => [lotId, sold]))
}

type CountyRow = Pick<CountyImpact, 'byProduce' | 'byDay'> & { sold: Sold | null; asOf: Date }

/** What a county sold: in all, by produce with the most grams first, and by day, the newest first. One snapshot. */
export async function readCountyImpact(
  db: Queryable,
  code: number,
): Promise<Omit<CountyImpact, 'asOf'> & { asOf: Date }> {
  const rows = await db.query<CountyRow>(
    `select ${AS_OF} as "asOf",
       (select ${SOLD} from impact_sums s where s.kind = 'county' and s.key = $1 and s.produce_slug = '' and s.day = '-infinity') as sold,
       coalesce((select jsonb_agg(jsonb_build_object('produceSlug', p.slug, 'nameZh', p.name_zh, 'nameEn', p.name_en,
           'sold', ${SOLD}) order by s.grams desc, p.slug)
         from impact_sums s join produce p on p.slug = s.produce_slug
         where s.kind = 'county' and s.key = $1 and s.day = '-infinity' and s.orders > 0), '[]') as "byProduce",
       coalesce((select jsonb_agg(jsonb_build_object('day', s.day, 'sold', ${SOLD}) order by s.day desc)
         from (select * from impact_sums where kind = 'county' and key = $1 and produce_slug = '' and day > '-infinity' and orders > 0
               order by day desc limit $2) s), '[]') as "byDay"`,
    [code, DAYS_MAX],
    'impact-county',
  )
  const row = one(rows)
  return { code, ...row, sold: row.sold ?? NOTHING }
}

/** Counties with something sold, most grams first, and the total over all counties. One snapshot. */
export async function readTopCounties(
  db: Queryable,
  limit: number,
): Promise<Omit<CountyImpactList, 'asOf'> & { asOf: Date }> {
  const rows = await db.query<{ asOf: Date; total: Sold | null; items: { county: Place; sold: Sold }[] }>(
    `select ${AS_OF} as "asOf",
       (select ${SOLD} from impact_sums s where s.kind = 'all' and s.key = 0 and s.produce_slug = '' and s.day = '-infinity') as total,
       coalesce((select jsonb_agg(jsonb_build_object('county', jsonb_build_object('code', p.code, 'province', p.province,
           'prefecture', p.prefecture, 'county', p.county), 'sold', ${SOLD}) order by s.grams desc, s.key)
         from (select * from impact_sums where kind = 'county' and day = '-infinity' and produce_slug = '' and grams > 0
               order by grams desc limit $1) s join places p on p.code = s.key), '[]') as items`,
    [limit],
    'impact-counties',
  )
  const row = one(rows)
  return { ...row, total: row.total ?? NOTHING }
}
