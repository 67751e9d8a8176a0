import type { MorePacksInput } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { recordAction } from './record-action.ts'

/**
 * Puts more packs into a SKU of the shelf, from the desk. The goods are the shop's: besides being of the host team one must hold the role of
 * that shop, as everywhere else. Gives the packs in stock.
 * @throws Refusal live.sku_not_on_shelf, show.shops_hand_needed, catalogue.lot_grams_exceeded, catalogue.too_many_packs
 */
export async function addPacks(
  context: ShowContext,
  roomId: number,
  input: MorePacksInput,
  userId: number,
): Promise<number> {
  const { shopId, skuId, packs } = input
  const placed = await context.platform.db.query(
    'select from room_shelf where room_id = $1 and shop_id = $2 and sku_id = $3',
    [roomId, shopId, skuId],
  )
  if (placed.length === 0) throw new Refusal('live.sku_not_on_shelf')
  if (!(await context.identity.may(userId, { role: 'shop', shopId }))) throw new Refusal('show.shops_hand_needed')
  const stock = await context.catalogue.changeStock(shopId, skuId, packs)
  const detail = { shopId, skuId, packs, stock }
  const undo = { shopId, skuId, packs }
  await recordAction(context, { roomId, userId, kind: 'stock', aspect: `stock:${skuId}`, detail, undo })
  return stock
}
