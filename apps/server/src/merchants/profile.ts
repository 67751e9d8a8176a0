import type { MerchantInput } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { MerchantsContext } from './context.ts'

type Profile = MerchantInput

/** Columns of table merchants that a profile fills, in the order of profileValues. */
export const PROFILE_COLUMNS = [
  'name',
  'phone',
  'shop_id',
  'produce_slugs',
  'families',
  'grades',
  'regions',
  'reach_km',
  'capacity_day_g',
  'lot_min_g',
  'packing_days',
  'cold',
  'deliver_provinces',
  'working_capital_fen',
  'active',
] as const

export const profileValues = (profile: Profile) => [
  profile.name.trim(),
  profile.phone,
  profile.shopId,
  [...new Set(profile.produceSlugs)],
  [...new Set(profile.families)],
  [...new Set(profile.grades)],
  [...new Set(profile.regions)],
  profile.reachKm,
  profile.capacityDayG,
  profile.lotMinG,
  profile.packingDays,
  profile.cold,
  [...new Set(profile.deliverProvinces)],
  profile.workingCapitalFen,
  profile.active,
]

/**
 * Says no to what names nothing that is, and to a shop in which the actor has no say.
 * @throws Refusal merchants.produce_unknown, merchants.place_unknown, merchants.place_half, merchants.shop_unknown, identity.not_allowed
 */
export async function checkProfile(context: MerchantsContext, profile: Profile, actorId: number): Promise<void> {
  const { db } = context.platform
  const { shopId } = profile
  if (shopId !== null) {
    const needs = [{ role: 'relief_desk' }, { role: 'shop', shopId }, { role: 'merchant', shopId }] as const
    await context.identity.require(actorId, ...needs)
  }
  if (profile.warehouses.some(({ lngE5, latE5 }) => (lngE5 === null) !== (latE5 === null))) {
    throw new Refusal('merchants.place_half')
  }
  const [found] = await db.query<{ produce: string[]; places: number[]; shop: boolean }>(
    `select
       array(select slug from unnest($1::text[]) s (slug) where not exists (select from produce p where p.slug = s.slug))
         || array(select f from unnest($2::text[]) s (f)
              where not exists (select from produce p where p.category = f or p.category like f || '/%')) as produce,
       array(select code from unnest($3::int[]) w (code) where not exists (select from places p where p.code = w.code)) as places,
       $4::bigint is null or exists (select from shops where id = $4) as shop`,
    [profile.produceSlugs, profile.families, profile.warehouses.map(({ countyCode }) => countyCode), profile.shopId],
  )
  if (found === undefined) return
  if (found.produce.length > 0) throw new Refusal('merchants.produce_unknown', { names: found.produce.join(', ') })
  if (found.places[0] !== undefined) throw new Refusal('merchants.place_unknown', { code: found.places[0] })
  if (!found.shop) throw new Refusal('merchants.shop_unknown')
}

/** Puts the warehouses of a merchant in the place of those that were there. */
export async function replaceWarehouses(tx: Queryable, merchantId: number, profile: Profile): Promise<void> {
  await tx.query('delete from merchant_warehouses where merchant_id = $1', [merchantId])
  await tx.query(
    `insert into merchant_warehouses (merchant_id, position, name, county_code, lng_e5, lat_e5)
     select $1, w.position - 1, w.name, w."countyCode", w."lngE5", w."latE5"
     from rows from (jsonb_to_recordset($2) as (name text, "countyCode" int, "lngE5" int, "latE5" int)) with ordinality
       as w (name, "countyCode", "lngE5", "latE5", position)`,
    [merchantId, JSON.stringify(profile.warehouses)],
  )
}
