import { closeDropOfRoom } from './close-drop.ts'
import type { ShowContext, Undoer } from './context.ts'
import { setCurrentItem } from './set-current-item.ts'

interface Goods {
  readonly shopId: number
  readonly skuId: number
}

/** How each kind of action is taken back. What `undo` holds is what the same kind was recorded with, here or in the live slice. */
export function showUndoers(context: ShowContext): ShowContext['undoers'] {
  const { live, catalogue } = context
  const pinAgain: Undoer = async (roomId, undo, userId) => {
    const { was } = undo as { was: Goods | null }
    await (was ? live.shelf.pin(roomId, was, userId) : live.shelf.unpin(roomId))
  }
  const hideAgain: Undoer = async (roomId, undo) => {
    const { shopId, skuId, hidden } = undo as unknown as Goods & { hidden: boolean }
    await live.shelf.hide(roomId, { shopId, skuId }, hidden, null)
  }
  const closeAgain: Undoer = (roomId, undo, userId) => closeDropOfRoom(context, roomId, undo.dropId as number, userId)
  return {
    pin: pinAgain,
    unpin: pinAgain,
    shelf: async (roomId, undo) => {
      await live.shelf.set(roomId, undo.was as Goods[])
    },
    hide: hideAgain,
    unhide: hideAgain,
    stock: async (_roomId, undo) => {
      const { shopId, skuId, packs } = undo as unknown as Goods & { packs: number }
      await catalogue.changeStock(shopId, skuId, -packs)
    },
    run_current: (roomId, undo) => setCurrentItem(context, roomId, undo.was as number | null, null),
    coupon: closeAgain,
    flash: closeAgain,
    ...context.undoers,
  }
}
