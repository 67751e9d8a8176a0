import type { FlashInput } from '@chunbo/contract'
import { first, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import type { DropRow } from './drop.ts'
import type { FlashDetail } from './flash-kind.ts'
import { openDrop } from './open-drop.ts'

interface Place {
  readonly onSale: boolean
  readonly priceFen: number
  readonly version: number
  readonly practice: boolean
}

async function readPlace(tx: Queryable, roomId: number, { shopId, skuId }: FlashInput): Promise<Place> {
  const place = first(
    await tx.query<Place>(
      `select t.on_sale as "onSale", t.price_fen as "priceFen", t.version, r.practice
       from room_shelf s join rooms r on r.id = s.room_id join sku_stock t on t.shop_id = s.shop_id and t.sku_id = s.sku_id
       where s.room_id = $1 and s.shop_id = $2 and s.sku_id = $3 and not s.hidden`,
      [roomId, shopId, skuId],
    ),
  )
  if (!place) throw new Refusal('live.sku_not_on_shelf')
  if (!place.onSale) throw new Refusal('live.sku_not_on_sale')
  return place
}

/** What a rehearsal shows: the price of nothing is changed. */
function rehearse({ priceFen: backFen, version }: Place, { shopId, skuId, priceFen }: FlashInput): FlashDetail {
  if (priceFen >= backFen) throw new Refusal('catalogue.price_not_lower', { priceFen: backFen })
  return { shopId, skuId, priceFen, wasFen: backFen, backFen, version, practice: true }
}

/** One at a time on a SKU, or the price to go back to would be another flash price. The lot's lock, which opening took, settles a race. */
async function refuseSecond(tx: Queryable, { id }: DropRow, { shopId, skuId }: FlashInput): Promise<void> {
  const { running } = one(
    await tx.query<{ running: boolean }>(
      `select exists (select from room_drops where closed_at is null and kind = 'flash' and id <> $1
         and detail ->> 'practice' = 'false' and (detail ->> 'shopId')::bigint = $2 and (detail ->> 'skuId')::bigint = $3) as running`,
      [id, shopId, skuId],
    ),
  )
  if (running) throw new Refusal('show.flash_running')
}

/**
 * Gives a SKU of the shelf another price for a while. Who holds it in the cart at the price before is told so when ordering. Gives the drop's id.
 * @throws Refusal live.sku_not_on_shelf, live.sku_not_on_sale, catalogue.price_not_lower, show.flash_running, and of openDrop
 */
export async function openFlash(
  context: ShowContext,
  roomId: number,
  input: FlashInput,
  userId: number,
): Promise<number> {
  const { shopId, skuId, priceFen, minutes } = input
  let tell = (): void => {}
  const opening = {
    roomId,
    kind: 'flash' as const,
    openedBy: userId,
    seconds: minutes * 60,
    detail: { shopId, skuId, priceFen },
  }
  const row = await openDrop(context, opening, async (tx, made) => {
    const place = await readPlace(tx, roomId, input)
    let detail: FlashDetail
    if (place.practice) {
      detail = rehearse(place, input)
    } else {
      const opened = await context.catalogue.openPriceWindow(tx, { shopId, skuId, priceFen }, userId)
      await refuseSecond(tx, made, input)
      detail = { ...opened.window, practice: false }
      tell = opened.tell
    }
    await tx.query('update room_drops set detail = $2 where id = $1', [made.id, JSON.stringify(detail)])
  })
  tell()
  return row.id
}
