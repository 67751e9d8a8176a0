import type { LotInput } from '@chunbo/contract'
import { type Database, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { enforce, settle } from './constraint.ts'
import { requireCounty } from './create-lot.ts'
import { lockLot, renewVersions } from './listing.ts'
import { checkLotEdit, type LotState } from './lot.ts'

type StoredLot = LotState & Omit<LotInput, 'version'>

async function readLot(tx: Queryable, shopId: number, lotId: number): Promise<StoredLot> {
  return one(
    await tx.query<StoredLot>(
      `select l.version, l.produce_slug as "produceSlug", l.county_code as "countyCode", l.township, l.village, l.farm,
         l.harvest_from as "harvestFrom", l.harvest_to as "harvestTo", l.grade, l.grams, l.allocated_g as "allocatedG",
         case when l.inspected_at is not null then l.grade end as "inspectedGrade",
         exists (select 1 from skus k where k.shop_id = l.shop_id and k.lot_id = l.id and k.status <> 'draft') as published
       from lots l where l.shop_id = $1 and l.id = $2`,
      [shopId, lotId],
    ),
  )
}

/** What a listing shows of its lot; the grams of the whole lot are not part of it. */
const SHOWN = ['produceSlug', 'countyCode', 'township', 'village', 'farm', 'harvestFrom', 'harvestTo', 'grade'] as const

/**
 * Makes a lot what the input says. When something changes that listings show, every SKU of the lot gets a new version with
 * it. Gives the ids of those SKUs. @throws Refusal
 */
export async function editLot(
  db: Database,
  lot: { readonly shopId: number; readonly lotId: number },
  input: LotInput,
  at: Date,
): Promise<number[]> {
  const { shopId, lotId } = lot
  await requireCounty(db, input.countyCode)
  const transaction = db.transaction(async (tx) => {
    await lockLot(tx, shopId, lotId)
    const now = await readLot(tx, shopId, lotId)
    enforce(checkLotEdit(now, input, input.version))
    await tx.query(
      `update lots set version = version + 1, produce_slug = $3, county_code = $4, township = $5, village = $6, farm = $7,
         harvest_from = $8, harvest_to = $9, grade = $10, grams = $11
       where shop_id = $1 and id = $2`,
      [
        shopId,
        lotId,
        input.produceSlug,
        input.countyCode,
        input.township,
        input.village,
        input.farm,
        input.harvestFrom,
        input.harvestTo,
        input.grade,
        input.grams,
      ],
    )
    if (SHOWN.every((field) => input[field] === now[field])) return []
    const skus = await tx.query<{ id: number }>('select id from skus where shop_id = $1 and lot_id = $2', [
      shopId,
      lotId,
    ])
    const skuIds = skus.map(({ id }) => id)
    await renewVersions(tx, shopId, skuIds, at)
    return skuIds
  })
  return settle(transaction, {
    lots_produce_slug_fkey: () => new Refusal('catalogue.produce_unknown', { produceSlug: input.produceSlug }),
    lots_within_grams_max: async () => {
      const rows = await db.query<{ maxG: number }>(
        'select grams_max as "maxG" from lots where shop_id = $1 and id = $2',
        [shopId, lotId],
      )
      return new Refusal('catalogue.lot_grams_max', one(rows))
    },
  })
}
