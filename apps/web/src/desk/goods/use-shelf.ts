import type { SkuCard } from '@chunbo/contract/catalogue'
import type { RoomDesk } from '@chunbo/contract/rooms'
import { computed, type Ref, ref, shallowRef, watch } from 'vue'
import { describeError, toApiError } from '../../ui/api-error.ts'
import { toast } from '../../ui/toast.ts'
import { putPin, putShelf, removePin } from '../api.ts'
import type { RoomLink } from '../frame/room-link.ts'
import { putHidden } from './api.ts'
import { type DeskItem, shelfItems } from './shelf-items.ts'

interface Ground {
  readonly roomId: number
  readonly base: Ref<RoomDesk | undefined>
  readonly cards: Ref<ReadonlyMap<number, SkuCard>>
  readonly link: RoomLink
  readonly learn: (cards: readonly SkuCard[]) => void
  readonly keep: (desk: RoomDesk) => void
  readonly refresh: () => Promise<void>
}

/** The longest that something wished stands on the screen without the room's word for it. */
const WORD_WAIT_MS = 2000

/** Shelf and pin: wished here, shown at once, settled by the room. */
export function useShelf({ roomId, base, cards, link, learn, keep, refresh }: Ground) {
  const wantedShelf = shallowRef<DeskItem[] | null>(null)
  const wantedPin = ref<number | null>()
  const heardPins = ref(0)
  let isWishTold = false
  let changes = 0

  /** Everything on the shelf with what viewers do not see, in the host's order. */
  const shelf = computed<DeskItem[]>(() => {
    const items = shelfItems(base.value, link.view.value, cards.value)
    return wantedShelf.value?.map((item) => items.find((one) => one.skuId === item.skuId) ?? item) ?? items
  })
  const pin = computed(() => (link.view.value ? link.view.value.pin : (base.value?.pinned ?? null)))
  const pinnedId = computed(() => (wantedPin.value === undefined ? (pin.value?.skuId ?? null) : wantedPin.value))

  /** Does `work` and says in words when it failed; gives what it answered. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    changes += 1
    try {
      return await work()
    } catch (cause) {
      toast(describeError(toApiError(cause)), 'warning')
      return undefined
    } finally {
      changes += 1
    }
  }
  /** Waits until the room itself says what was wished, so that nothing on the screen jumps back and forth. */
  function untilRoomSays(isSaid: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        window.clearTimeout(limit)
        stop()
        resolve()
      }
      const limit = window.setTimeout(done, WORD_WAIT_MS)
      const stop = watch([link.view, base, heardPins], () => isSaid() && done())
      if (isSaid()) done()
    })
  }
  /** Every pin and unpin that the room told, counted, and the last of them: two in one tick are two. */
  function hearPin(skuId: number | null): void {
    heardPins.value += 1
    if (skuId === wantedPin.value) isWishTold = true
  }
  let pinning = 0
  async function setPin(item: DeskItem | null): Promise<void> {
    pinning += 1
    const mine = pinning
    const wanted = item?.skuId ?? null
    wantedPin.value = wanted
    isWishTold = false
    const answer = await attempt(() => (item ? putPin(roomId, item) : removePin(roomId)))
    if (answer && mine === pinning) {
      keep(answer)
      // A colleague who pinned a moment later has won: the wish is over. Otherwise the room's word for it is near.
      const before = heardPins.value
      if ((answer.pinned?.skuId ?? null) === wanted)
        await untilRoomSays(() => isWishTold || heardPins.value > before || (pin.value?.skuId ?? null) === wanted)
    }
    if (mine === pinning) wantedPin.value = undefined
  }
  let ordering = 0
  async function setShelf(items: DeskItem[]): Promise<void> {
    ordering += 1
    const mine = ordering
    learn(items.map((item) => item.card))
    wantedShelf.value = items
    const order = items.filter((item) => !item.hidden).map((item) => item.skuId)
    const answer = await attempt(() => putShelf(roomId, items))
    if (answer && mine === ordering) keep(answer)
    if (answer) await untilRoomSays(() => link.view.value?.shelf.map((entry) => entry.skuId).join() === order.join())
    if (mine === ordering) wantedShelf.value = null
  }
  async function setHidden(item: DeskItem, hidden: boolean): Promise<boolean> {
    ordering += 1
    const mine = ordering
    wantedShelf.value = shelf.value.map((one) => (one.skuId === item.skuId ? { ...one, hidden } : one))
    const went =
      (await attempt(async () => {
        await putHidden(roomId, { shopId: item.shopId, skuId: item.skuId, hidden })
        return true
      })) ?? false
    await refresh()
    if (mine === ordering) wantedShelf.value = null
    return went
  }
  return { shelf, pin, pinnedId, setPin, setShelf, setHidden, hearPin, changes: () => changes }
}
