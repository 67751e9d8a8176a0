import { formatPackWeight, formatYuan, pictureUrl, type SkuCard } from '@chunbo/contract'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { PageHead } from '../platform/web-app.ts'
import type { Shops } from '../shops/index.ts'
import { listSkus } from './list-skus.ts'
import { readSkuPage } from './queries.ts'

/** What was not found is no page; anything else that goes wrong is a fault. */
async function orNothing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** The first page of the most sold goods, under the path by which the web app asks for it. */
async function firstGoods(db: Database, shopId: number): Promise<{ items: SkuCard[]; data: Record<string, unknown> }> {
  const page = await listSkus(db, { sort: 'sold', countyCode: null, shopId, cursor: null, limit: 20 })
  return { items: page.items, data: { [`/api/skus?sort=sold&shop=${shopId}&limit=20`]: page } }
}

const share = (picture: SkuCard['picture'] | undefined) => (picture ? { image: pictureUrl(picture.id, 800) } : {})

function productPage(db: Database): PageHead {
  return {
    path: /^\/goods\/(\d{1,15})$/,
    async describe(match, locale) {
      const sku = await orNothing(readSkuPage(db, Number(match[1])))
      if (!sku) return null
      const english = locale === 'en' && sku.titleEn !== ''
      const place = `${sku.county.county}${sku.lot.village}`
      return {
        title: english ? sku.titleEn : sku.titleZh,
        description: `¥${formatYuan(sku.priceFen)} · ${formatPackWeight(sku.netG, locale)} · ${place}`,
        ...share(sku.picture),
        data: { [`/api/skus/${sku.skuId}`]: sku },
      }
    },
  }
}

function shopPage(db: Database, shops: Pick<Shops, 'read'>): PageHead {
  return {
    path: /^\/shops\/(\d{1,15})$/,
    async describe(match, locale) {
      const shop = await orNothing(shops.read(Number(match[1])))
      if (!shop) return null
      const goods = await firstGoods(db, shop.id)
      const english = locale === 'en' && shop.nameEn !== ''
      return {
        title: english ? shop.nameEn : shop.nameZh,
        description: (english ? shop.aboutEn : shop.aboutZh).slice(0, 100) || shop.county.county,
        ...share(goods.items[0]?.picture),
        data: { [`/api/shops/${shop.id}`]: shop, ...goods.data },
      }
    },
  }
}

/** Title, share text and first data of the pages of a product and of a shop. */
export function cataloguePages(db: Database, shops: Pick<Shops, 'read'>): PageHead[] {
  return [productPage(db), shopPage(db, shops)]
}
