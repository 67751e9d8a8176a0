import { formatPackWeight, formatYuan, type Locale, pictureUrl } from '@chunbo/contract'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { PageHead } from '../platform/web-app.ts'
import { readSkuPage } from './queries.ts'

/** Title, share text and first data of the product page. */
export function cataloguePages(db: Database): PageHead[] {
  return [
    {
      path: /^\/goods\/(\d{1,15})$/,
      async describe(match, locale: Locale) {
        const sku = await readSkuPage(db, Number(match[1])).catch((error: unknown) => {
          if (error instanceof Refusal) return null
          throw error
        })
        if (!sku) return null
        const english = locale === 'en' && sku.titleEn !== ''
        const place = `${sku.county.county}${sku.lot.village}`
        return {
          title: english ? sku.titleEn : sku.titleZh,
          description: `¥${formatYuan(sku.priceFen)} · ${formatPackWeight(sku.netG, locale)} · ${place}`,
          ...(sku.picture ? { image: pictureUrl(sku.picture.id, 800) } : {}),
          data: { [`/api/skus/${sku.skuId}`]: sku },
        }
      },
    },
  ]
}
