import type { LotInput } from '@chunbo/contract'
import { type Database, first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { enforce, settle } from './constraint.ts'
import { checkHarvest, SHOP_LOTS_MAX } from './lot.ts'

/** Locks a shop, so that what it may have at most is counted by one at a time. @throws Refusal shops.not_found */
export async function lockShop(tx: Queryable, shopId: number): Promise<void> {
  const rows = await tx.query('select id from shops where id = $1 for no key update', [shopId])
  if (!first(rows)) throw new Refusal('shops.not_found')
}

/** Only a county has lots; the divisions above it do not. @throws Refusal catalogue.county_unknown */
export async function requireCounty(db: Queryable, countyCode: number): Promise<void> {
  const county = first(await db.query('select code from places where code = $1', [countyCode]))
  if (!county) throw new Refusal('catalogue.county_unknown', { countyCode })
}

/**
 * Adds a lot to a shop, in the caller's transaction, and gives its id. `gramsMax` holds for as long as there is the lot: nobody can
 * give it more grams. @throws Refusal
 */
export async function addLot(
  tx: Queryable,
  shopId: number,
  input: LotInput,
  at: Date,
  gramsMax: number | null = null,
): Promise<number> {
  enforce(checkHarvest(input))
  await requireCounty(tx, input.countyCode)
  await lockShop(tx, shopId)
  const insert = await tx.query<{ id: number }>(
    `insert into lots (shop_id, produce_slug, county_code, township, village, farm, harvest_from, harvest_to, grade, grams,
       created_at, grams_max)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $13 where (select count(*) from lots where shop_id = $1) < $12
     returning id`,
    [
      shopId,
      input.produceSlug,
      input.countyCode,
      input.township,
      input.village,
      input.farm,
      input.harvestFrom,
      input.harvestTo,
      input.grade,
      input.grams,
      at,
      SHOP_LOTS_MAX,
      gramsMax,
    ],
  )
  const lot = first(insert)
  if (!lot) throw new Refusal('catalogue.too_many_lots', { max: SHOP_LOTS_MAX })
  return lot.id
}

/** Adds a lot to a shop and gives its id. @throws Refusal */
export function createLot(db: Database, shopId: number, input: LotInput, at: Date): Promise<number> {
  return settle(
    db.transaction((tx) => addLot(tx, shopId, input, at)),
    { lots_produce_slug_fkey: () => new Refusal('catalogue.produce_unknown', { produceSlug: input.produceSlug }) },
  )
}
