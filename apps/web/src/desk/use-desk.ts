import type { SkuCard } from '@chunbo/contract/catalogue'
import type { RoomEvent } from '@chunbo/contract/room-events'
import type { RoomDesk, RoomStatus } from '@chunbo/contract/rooms'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { describeError, toApiError } from '../ui/api-error.ts'
import { toast } from '../ui/toast.ts'
import { useLoad } from '../ui/use-load.ts'
import { loadDesk, putPin, putShelf, removePin } from './api.ts'
import { useRoomLink } from './room-link.ts'

/** A place on the desk's shelf: the card with its stock as the room's socket tells it. */
export interface DeskItem {
  readonly shopId: number
  readonly skuId: number
  readonly card: SkuCard
  readonly stock: number
}

const FIGURES_EVERY_MS = 5000

/**
 * What the desk knows of its room: the whole of it once, then what the socket tells (status, shelf, pin, stock, viewers, chat), and
 * the sums of money and mass every five seconds. What is done here shows at once and is put right by the room's own word.
 */
export function useDesk(roomId: number) {
  const base = shallowRef<RoomDesk>()
  const cards = shallowRef(new Map<number, SkuCard>())
  const wantedShelf = shallowRef<DeskItem[] | null>(null)
  const wantedPin = ref<number | null>()
  let changes = 0

  function keep(desk: RoomDesk): void {
    base.value = desk
    learn(desk.shelf.map((item) => item.sku))
  }
  function learn(fresh: readonly SkuCard[]): void {
    cards.value = new Map([...cards.value, ...fresh.map((card): [number, SkuCard] => [card.skuId, card])])
  }
  function hear(event: RoomEvent): void {
    if (event.t === 'shelf') learn(event.cards)
    if (event.t === 'status') void refresh()
  }
  const start = useLoad(async (signal) => {
    keep(await loadDesk(roomId, signal))
    return true
  })
  const link = useRoomLink(roomId, hear)

  /** Looks at the sums anew without a word when that fails: the next look is near. */
  async function refresh(): Promise<void> {
    if (document.hidden || base.value === undefined) return
    const before = changes
    try {
      const desk = await loadDesk(roomId)
      if (before === changes) keep(desk)
    } catch {
      // The figures stay as they were; the socket tells when the line is down.
    }
  }
  // A full state of the room names goods that a colleague put on while the line was down, without their cards.
  watch(
    () => link.view.value?.shelf,
    (entries) => {
      if (entries?.some((entry) => cards.value.get(entry.skuId)?.version !== entry.version)) void refresh()
    },
  )
  const timer = window.setInterval(() => {
    if (status.value !== 'ended') void refresh()
  }, FIGURES_EVERY_MS)
  onScopeDispose(() => window.clearInterval(timer))

  const status = computed<RoomStatus>(() => link.view.value?.room.status ?? base.value?.status ?? 'scheduled')
  const shelf = computed<DeskItem[]>(() => {
    const entries = link.view.value?.shelf ?? base.value?.shelf.map(({ sku }) => sku) ?? []
    const items = entries.flatMap(({ shopId, skuId, stock }) => {
      const card = cards.value.get(skuId)
      return card ? [{ shopId, skuId, card, stock }] : []
    })
    return wantedShelf.value?.map((item) => items.find((one) => one.skuId === item.skuId) ?? item) ?? items
  })
  const pin = computed(() => (link.view.value ? link.view.value.pin : (base.value?.pinned ?? null)))
  const pinnedId = computed(() => (wantedPin.value === undefined ? (pin.value?.skuId ?? null) : wantedPin.value))
  const viewers = computed(() => link.view.value?.viewers ?? base.value?.figures.viewers ?? 0)

  /** Does `work` and says in words when it failed; true when it went through. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    changes += 1
    try {
      await work()
      await refresh()
      return true
    } catch (cause) {
      toast(describeError(toApiError(cause)), 'warning')
      return false
    }
  }
  /** Waits until the room itself says what was wished, at most two seconds, so that nothing on the screen jumps back and forth. */
  function untilRoomSays(isSaid: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        window.clearTimeout(limit)
        stop()
        resolve()
      }
      const limit = window.setTimeout(done, 2000)
      const stop = watch(link.view, () => isSaid() && done())
      if (isSaid()) done()
    })
  }
  let pinning = 0
  async function setPin(item: DeskItem | null): Promise<void> {
    pinning += 1
    const mine = pinning
    wantedPin.value = item?.skuId ?? null
    const went = await attempt(() => (item ? putPin(roomId, item) : removePin(roomId)))
    if (went) await untilRoomSays(() => (pin.value?.skuId ?? null) === (item?.skuId ?? null))
    if (mine === pinning) wantedPin.value = undefined
  }
  let ordering = 0
  async function setShelf(items: DeskItem[]): Promise<void> {
    ordering += 1
    const mine = ordering
    learn(items.map((item) => item.card))
    wantedShelf.value = items
    const order = items.map((item) => item.skuId).join()
    const went = await attempt(() => putShelf(roomId, items))
    if (went) await untilRoomSays(() => link.view.value?.shelf.map((entry) => entry.skuId).join() === order)
    if (mine === ordering) wantedShelf.value = null
  }
  return { start, base, keep, refresh, link, status, shelf, pin, pinnedId, viewers, setPin, setShelf }
}
export type Desk = ReturnType<typeof useDesk>
