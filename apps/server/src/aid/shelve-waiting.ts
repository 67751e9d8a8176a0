import { logCase } from '../relief/index.ts'
import type { AidContext } from './context.ts'
import { lockCase } from './lock-case.ts'

/** Cases in one run; the next run is a minute later. */
const CASES_MAX = 100

/**
 * Goods that came on sale when their county had no room to come are put on the shelf of the first one that is scheduled since, once: what a
 * host then takes off stays off.
 */
export async function shelveWaiting(context: AidContext): Promise<void> {
  const { db, log } = context.platform
  const waiting = await db.query<{ caseId: number; countyCode: number }>(
    `select f.case_id as "caseId", c.county_code as "countyCode" from aid_fast_tracks f join relief_cases c on c.id = f.case_id
     where f.listed_at is not null and f.room_id is null and c.stage in ('listed', 'selling') order by f.listed_at limit ${CASES_MAX}`,
  )
  const rooms = new Map<number, boolean>()
  for (const { caseId, countyCode } of waiting) {
    if (!rooms.has(countyCode)) rooms.set(countyCode, (await context.live.findNextRoom(countyCode)) !== null)
    if (rooms.get(countyCode)) {
      const tell = await shelve(context, caseId, countyCode)
      await tell?.().catch((error: unknown) => log.warn({ err: error, caseId }, 'a shelf could not be told'))
    }
  }
}

async function shelve(
  context: AidContext,
  caseId: number,
  countyCode: number,
): Promise<(() => Promise<void>) | undefined> {
  return context.platform.db.transaction(async (tx) => {
    await lockCase(tx, caseId)
    const goods = await tx.query<{ shopId: number; skuId: number }>(
      `select k.shop_id as "shopId", k.id as "skuId" from relief_case_lots r
       join skus k on k.shop_id = r.shop_id and k.lot_id = r.lot_id and k.status = 'on_sale'
       join aid_fast_tracks f on f.case_id = r.case_id and f.room_id is null
       where r.case_id = $1 order by k.id`,
      [caseId],
    )
    if (goods.length === 0) return undefined
    const shelf = await context.live.addToNextShelf(tx, countyCode, goods)
    if (shelf === null) return undefined
    await tx.query('update aid_fast_tracks set room_id = $2 where case_id = $1', [caseId, shelf.room.id])
    const facts = { roomId: shelf.room.id, skuIds: goods.map(({ skuId }) => skuId) }
    await logCase(tx, { caseId, actorId: null, now: context.platform.clock.now(), kind: 'shelved', facts })
    return shelf.tell
  })
}
