import { type Picture, type Place, pricePerJinFen, pricePerKgFen, type SkuCard, type SkuStatus } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'

/** SQL of a place by the county code in `column`, as the API's Place; needs the view places. */
export const placeSql = (column: string) =>
  `(select jsonb_build_object('code', pl.code, 'province', pl.province, 'prefecture', pl.prefecture, 'county', pl.county)
    from places pl where pl.code = ${column})`

/** SQL of the pictures of skus k in order, as an array of the API's Picture. */
export const picturesSql = `(select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'width', c.width, 'height', c.height)
    order by sp.position), '[]') from sku_pictures sp join pictures c on c.id = sp.picture_id
    where sp.shop_id = k.shop_id and sp.sku_id = k.id)`

/** Columns of a card over the tables of CARD_TABLES. */
export const CARD_COLUMNS = `k.shop_id as "shopId", k.id as "skuId", k.version, k.title_zh as "titleZh", k.title_en as "titleEn",
  k.pack_zh as "packZh", k.pack_en as "packEn", k.net_g as "netG", t.price_fen as "priceFen", t.stock,
  t.buyer_limit as "buyerLimit", k.status, p.family, p.slug as "produceSlug", ${placeSql('l.county_code')} as county,
  s.name_zh as "shopNameZh", s.name_en as "shopNameEn", k.sold_packs as "soldPacks",
  case when l.inspected_at is not null then jsonb_build_object('at', l.inspected_at, 'certificate', l.certificate) end as inspection,
  (select jsonb_build_object('id', c.id, 'width', c.width, 'height', c.height) from sku_pictures sp
   join pictures c on c.id = sp.picture_id where sp.shop_id = k.shop_id and sp.sku_id = k.id order by sp.position limit 1) as picture`

export const CARD_TABLES = `skus k
  join sku_stock t on t.shop_id = k.shop_id and t.sku_id = k.id
  join lots l on l.shop_id = k.shop_id and l.id = k.lot_id
  join produce p on p.slug = l.produce_slug
  join shops s on s.id = k.shop_id`

export interface CardRow extends Omit<SkuCard, 'perJinFen' | 'perKgFen'> {
  readonly status: SkuStatus
  readonly county: Place
  readonly picture: Picture | null
}

/** A row with what is computed and not stored: the price of 500 g and of 1 kg in fen, rounded half up. */
export function toCard<Row extends CardRow>(row: Row): Row & { perJinFen: number; perKgFen: number } {
  return { ...row, perJinFen: pricePerJinFen(row.priceFen, row.netG), perKgFen: pricePerKgFen(row.priceFen, row.netG) }
}

/** SKUs in a list of ids, at most: a cart's, a shelf's. */
export const LOOKUP_MAX = 100

/** Cards of these SKUs in the order of the ids, drafts and unknown ids left out. For carts, shelves and rooms. */
export async function findCards(db: Queryable, skuIds: readonly number[]): Promise<SkuCard[]> {
  if (skuIds.length > LOOKUP_MAX) throw new RangeError(`at most ${LOOKUP_MAX} SKUs in one look-up`)
  const rows = await db.query<CardRow>(
    `select ${CARD_COLUMNS} from ${CARD_TABLES} where k.id = any($1::bigint[]) and k.status <> 'draft'
     order by array_position($1::bigint[], k.id)`,
    [skuIds],
    'catalogue-cards',
  )
  return rows.map(toCard)
}
