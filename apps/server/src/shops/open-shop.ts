import type { ShopInput } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** Opens a shop in a county and gives its id. @throws Refusal shops.county_unknown when the code is none of a county */
export async function openShop(db: Queryable, input: ShopInput, at: Date): Promise<number> {
  const rows = await db.query<{ id: number }>(
    `insert into shops (county_code, name_zh, name_en, about_zh, about_en, created_at)
     select code, $2, $3, $4, $5, $6 from places where code = $1 returning id`,
    [input.countyCode, input.nameZh, input.nameEn ?? '', input.aboutZh ?? '', input.aboutEn ?? '', at],
  )
  const shop = first(rows)
  if (!shop) throw new Refusal('shops.county_unknown', { countyCode: input.countyCode })
  return shop.id
}
