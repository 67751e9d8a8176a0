import type { DeskActionKind } from '@chunbo/contract'
import type { LiveContext } from './context.ts'
import { hideOnShelf } from './hide-on-shelf.ts'
import { pinProduct } from './pin-product.ts'
import { setShelf } from './set-shelf.ts'
import { unpinProduct } from './unpin-product.ts'

interface Goods {
  readonly shopId: number
  readonly skuId: number
}

/** Something that was done at a desk, for the log of the desk: `undo` is what taking it back needs, null where that cannot be. */
export interface DeskAct {
  readonly roomId: number
  readonly userId: number
  readonly kind: DeskActionKind
  /** What it touches: only the newest act of an aspect can be taken back. */
  readonly aspect: string
  readonly detail: object
  readonly undo: object | null
}

/** The commands of the shelf as a desk gives them: each is logged with who gave it. What changes nothing is not logged. */
export async function pinAtDesk(context: LiveContext, roomId: number, sku: Goods, userId: number): Promise<void> {
  const done = await pinProduct(context, roomId, sku, userId)
  if (done) await context.deskActed({ roomId, userId, kind: 'pin', aspect: 'pin', detail: sku, undo: done })
}

export async function unpinAtDesk(context: LiveContext, roomId: number, userId: number): Promise<void> {
  const was = await unpinProduct(context, roomId)
  if (was) await context.deskActed({ roomId, userId, kind: 'unpin', aspect: 'pin', detail: was, undo: { was } })
}

export async function setShelfAtDesk(
  context: LiveContext,
  roomId: number,
  items: readonly Goods[],
  userId: number,
): Promise<void> {
  const was = await setShelf(context, roomId, items)
  if (was.length === items.length && was.every(({ skuId }, at) => skuId === items[at]?.skuId)) return
  const detail = { goods: items.length, before: was.length }
  await context.deskActed({ roomId, userId, kind: 'shelf', aspect: 'shelf', detail, undo: { was } })
}

/** `userId` of null is not logged, as when it takes back what was done. */
export async function hideAtDesk(
  context: LiveContext,
  roomId: number,
  { shopId, skuId }: Goods,
  hidden: boolean,
  userId: number | null,
): Promise<void> {
  if (!(await hideOnShelf(context, roomId, { shopId, skuId }, hidden)) || userId === null) return
  const kind = hidden ? 'hide' : 'unhide'
  const undo = { shopId, skuId, hidden: !hidden }
  await context.deskActed({ roomId, userId, kind, aspect: `hidden:${skuId}`, detail: { shopId, skuId }, undo })
}
