import type { LotInput, SkuInput } from '@chunbo/contract'
import { type Database, one, openDatabase } from '../../platform/database.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'
import { createLot } from '../create-lot.ts'
import { createSku } from '../create-sku.ts'
import { editSku } from '../edit-sku.ts'
import { loadProduce } from '../produce.ts'

/** 景东彝族自治县 in 普洱市, 云南省. */
export const JINGDONG = 530823
export const AT = new Date('2026-03-14T02:00:00Z')

/** A lot of peas; grams as given. */
export const lotOf = (grams: number, more: Partial<LotInput> = {}): LotInput => ({
  produceSlug: 'pea-pod',
  countyCode: JINGDONG,
  township: '锦屏镇',
  village: '新民村',
  farm: '',
  harvestFrom: '2026-03-01',
  harvestTo: '2026-04-15',
  grade: 'first',
  grams,
  ...more,
})

/** A SKU of 500 g for 9.90 yuan without packs. */
export const skuOf = (lotId: number, more: Partial<SkuInput> = {}): SkuInput => ({
  lotId,
  titleZh: '景东甜豌豆',
  titleEn: 'Jingdong peas',
  packZh: '500 克装',
  packEn: '500 g bag',
  storyZh: '清早现摘',
  storyEn: 'Picked at dawn',
  netG: 500,
  priceFen: 990,
  buyerLimit: 100,
  stock: 0,
  pictureIds: [],
  ...more,
})

export interface World {
  readonly db: Database
  /** Opens a further shop in 景东 and gives its id. */
  addShop(): Promise<number>
  /** A lot with one SKU on sale in a shop of its own. */
  addSku(grams: number, more?: Partial<SkuInput>): Promise<{ shopId: number; lotId: number; skuId: number }>
  close(): Promise<void>
}

/** A database of its own with the divisions of one county and all produce. */
export async function createWorld(): Promise<World> {
  const database = await createTestDatabase()
  const db = openDatabase(database.url, { max: 20 })
  await db.query(`insert into divisions (code, level, name, parent_code) values (530000, 'province', '云南省', null),
    (530800, 'prefecture', '普洱市', 530000), (530823, 'county', '景东彝族自治县', 530800),
    (530825, 'county', '镇沅彝族哈尼族拉祜族自治县', 530800) on conflict do nothing`)
  await loadProduce(db)
  const addShop = async () => {
    const rows = await db.query<{ id: number }>(
      `insert into shops (county_code, name_zh, name_en) values ($1, '景东合作社', 'Jingdong cooperative') returning id`,
      [JINGDONG],
    )
    return one(rows).id
  }
  return {
    db,
    addShop,
    async addSku(grams, more = {}) {
      const shopId = await addShop()
      const lotId = await createLot(db, shopId, lotOf(grams), AT)
      const skuId = await createSku(db, shopId, skuOf(lotId, more), 1, AT)
      await editSku(db, { shopId, skuId }, { version: 1, status: 'on_sale' }, 1, AT)
      return { shopId, lotId, skuId }
    },
    async close() {
      await db.close()
      await database.close()
    },
  }
}
