import type { Lot, Place, Produce, Shop, SkuPage, StudioSku } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { CARD_COLUMNS, CARD_TABLES, type CardRow, picturesSql, placeSql, toCard } from './sku-cards.ts'

const PRODUCE_SQL = `jsonb_build_object('slug', p.slug, 'nameZh', p.name_zh, 'nameEn', p.name_en, 'category', p.category,
  'family', p.family, 'unitZh', p.unit_zh, 'netGTypical', p.net_g_typical, 'harvestMonths', p.harvest_months)`

type LotRow = Omit<Lot, 'createdAt'> & { createdAt: Date; county: Place; produce: Produce }

const LOTS_SQL = `select l.id, l.shop_id as "shopId", l.version, l.produce_slug as "produceSlug", l.county_code as "countyCode",
    l.township, l.village, l.farm, l.harvest_from as "harvestFrom", l.harvest_to as "harvestTo", l.grade, l.grams,
    l.allocated_g as "allocatedG", l.created_at as "createdAt", ${PRODUCE_SQL} as produce,
    ${placeSql('l.county_code')} as county,
    (select coalesce(sum(k.sold_packs::bigint * k.net_g), 0)::bigint from skus k
     where k.shop_id = l.shop_id and k.lot_id = l.id) as "soldG"
  from lots l join produce p on p.slug = l.produce_slug`

/** The newest lots of a shop, all of them: a shop has at most SHOP_LOTS_MAX. Masses in grams. */
export function listLots(db: Queryable, shopId: number): Promise<LotRow[]> {
  return db.query<LotRow>(`${LOTS_SQL} where l.shop_id = $1 order by l.id desc`, [shopId])
}

/** One lot of a shop. @throws Refusal catalogue.lot_not_found */
export async function readLot(db: Queryable, shopId: number, lotId: number): Promise<LotRow> {
  const lot = first(await db.query<LotRow>(`${LOTS_SQL} where l.shop_id = $1 and l.id = $2`, [shopId, lotId]))
  if (!lot) throw new Refusal('catalogue.lot_not_found')
  return lot
}

type StudioRow = CardRow & Pick<StudioSku, 'lotId' | 'storyZh' | 'storyEn' | 'pictures' | 'putIn' | 'heldPacks'>

/** Held are packs neither in stock nor counted as sold; those paid in the last seconds are still among them. */
const STUDIO_SQL = `select ${CARD_COLUMNS}, k.lot_id as "lotId", k.story_zh as "storyZh", k.story_en as "storyEn",
    ${picturesSql} as pictures, t.put_in as "putIn", greatest(t.put_in - t.stock - k.sold_packs, 0) as "heldPacks"
  from ${CARD_TABLES}`

/** All SKUs of a shop in every state, newest first: at most SHOP_SKUS_MAX. */
export async function listShopSkus(db: Queryable, shopId: number): Promise<StudioSku[]> {
  const rows = await db.query<StudioRow>(`${STUDIO_SQL} where k.shop_id = $1 order by k.id desc`, [shopId])
  return rows.map(toCard)
}

/** One SKU as its shop sees it. @throws Refusal catalogue.sku_not_found */
export async function readShopSku(db: Queryable, shopId: number, skuId: number): Promise<StudioSku> {
  const row = first(await db.query<StudioRow>(`${STUDIO_SQL} where k.shop_id = $1 and k.id = $2`, [shopId, skuId]))
  if (!row) throw new Refusal('catalogue.sku_not_found')
  return toCard(row)
}

type PageRow = CardRow & Pick<SkuPage, 'storyZh' | 'storyEn' | 'pictures' | 'lot'> & { shop: Shop }

/** Everything of a product page in one round trip. Drafts are nobody's business yet. @throws Refusal catalogue.sku_not_found */
export async function readSkuPage(db: Queryable, skuId: number): Promise<SkuPage> {
  const row = first(
    await db.query<PageRow>(
      `select ${CARD_COLUMNS}, k.story_zh as "storyZh", k.story_en as "storyEn", ${picturesSql} as pictures,
         jsonb_build_object('id', l.id, 'produce', ${PRODUCE_SQL}, 'county', ${placeSql('l.county_code')}, 'township', l.township,
           'village', l.village, 'farm', l.farm, 'harvestFrom', l.harvest_from, 'harvestTo', l.harvest_to, 'grade', l.grade,
           'grams', l.grams) as lot,
         jsonb_build_object('id', s.id, 'version', s.version, 'nameZh', s.name_zh, 'nameEn', s.name_en, 'aboutZh', s.about_zh,
           'aboutEn', s.about_en, 'status', s.status, 'county', ${placeSql('s.county_code')}) as shop
       from ${CARD_TABLES} where k.id = $1 and k.status <> 'draft'`,
      [skuId],
      'catalogue-sku-page',
    ),
  )
  if (!row) throw new Refusal('catalogue.sku_not_found')
  return toCard(row)
}
