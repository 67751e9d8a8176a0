import type { Queryable } from '../platform/database.ts'
import type { ReliefContext } from './context.ts'

/** What a lot holds and has sold, in grams. `packG` is its smallest pack: less than that cannot be sold any more. */
export interface LotSale {
  readonly grams: number
  readonly soldG: number
  readonly packG: number | null
}
export type LotSales = ReadonlyMap<number, LotSale>

interface LotRow {
  readonly lotId: number
  readonly grams: number
  readonly packG: number | null
}

/** Lots as they stand, with the sums of their paid order lines. Two queries, however many lots. */
export async function readLotSales(
  context: ReliefContext,
  lotIds: readonly number[],
  db?: Queryable,
): Promise<LotSales> {
  if (lotIds.length === 0) return new Map()
  const ids = [...new Set(lotIds)]
  const [lots, sold] = await Promise.all([
    (db ?? context.platform.db).query<LotRow>(
      `select l.id as "lotId", l.grams,
         (select min(k.net_g) from skus k where k.shop_id = l.shop_id and k.lot_id = l.id and k.status <> 'draft') as "packG"
       from lots l where l.id = any($1::bigint[])`,
      [ids],
    ),
    context.soldOfLots(ids),
  ])
  return new Map(lots.map(({ lotId, grams, packG }) => [lotId, { grams, packG, soldG: sold.get(lotId) ?? 0 }]))
}

/** Sums over the lots of one case. */
export function soldOf(
  lotIds: readonly number[],
  sales: LotSales,
): { listedG: number; soldG: number; isSoldOut: boolean } {
  const lots = lotIds.flatMap((id) => sales.get(id) ?? [])
  return {
    listedG: lots.reduce((sum, { grams }) => sum + grams, 0),
    soldG: lots.reduce((sum, { soldG }) => sum + soldG, 0),
    isSoldOut: lots.length > 0 && lots.every(({ grams, soldG, packG }) => packG !== null && grams - soldG < packG),
  }
}
