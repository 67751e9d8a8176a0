import type { Place, Shop } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

type ShopRow = Shop & { county: Place }

const SHOPS_SQL = `select s.id, s.version, s.name_zh as "nameZh", s.name_en as "nameEn", s.about_zh as "aboutZh",
    s.about_en as "aboutEn", s.status,
    jsonb_build_object('code', p.code, 'province', p.province, 'prefecture', p.prefecture, 'county', p.county) as county
  from shops s join places p on p.code = s.county_code`

/** One shop, open or closed. @throws Refusal shops.not_found */
export async function readShop(db: Queryable, id: number): Promise<Shop> {
  const shop = first(await db.query<ShopRow>(`${SHOPS_SQL} where s.id = $1`, [id]))
  if (!shop) throw new Refusal('shops.not_found')
  return shop
}

/** Shops by id, closed ones too, in the order of their ids. */
export function listShopsById(db: Queryable, ids: readonly number[]): Promise<Shop[]> {
  return db.query<ShopRow>(`${SHOPS_SQL} where s.id = any($1::bigint[]) order by s.id`, [ids])
}

/** Every shop from `afterId` on, closed ones too: for operators, who work in all of them. */
export function listAllShops(db: Queryable, limit: number): Promise<Shop[]> {
  return db.query<ShopRow>(`${SHOPS_SQL} order by s.id limit $1`, [limit])
}

/** Open shops of a county, or of all when it is null; `afterId` continues a page. */
export async function listOpenShops(
  db: Queryable,
  query: { readonly countyCode: number | null; readonly afterId: number; readonly limit: number },
): Promise<{ items: Shop[]; next: string | null }> {
  const rows = await db.query<ShopRow>(
    `${SHOPS_SQL} where s.status = 'open' and s.id > $1 and ($2::int is null or s.county_code = $2)
     order by s.id limit $3`,
    [query.afterId, query.countyCode, query.limit + 1],
  )
  const items = rows.slice(0, query.limit)
  return { items, next: rows.length > query.limit ? String(items.at(-1)?.id) : null }
}
