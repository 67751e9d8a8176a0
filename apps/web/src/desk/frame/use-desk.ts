import type { SkuCard } from '@chunbo/contract/catalogue'
import type { Moderation, RoomQuestions } from '@chunbo/contract/chat'
import type { RoomEvent } from '@chunbo/contract/room-events'
import type { RoomDesk, RoomStatus } from '@chunbo/contract/rooms'
import type {
  DeskActions,
  DeskDrops,
  DeskFigures,
  DeskPanel,
  DeskPeople,
  DeskWarnings,
  RunOfShow,
} from '@chunbo/contract/show'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useLoad } from '../../ui/use-load.ts'
import { useWide } from '../../ui/use-wide.ts'
import { loadDesk } from '../api.ts'
import { loadDrops } from '../drops/api.ts'
import { useShelf } from '../goods/use-shelf.ts'
import { loadRun } from '../run/api.ts'
import { loadModeration, loadQuestions } from '../talk/api.ts'
import { loadActions, loadFigures, loadPeople, loadWarnings } from './api.ts'
import { type DeskPlaces, useDeskPlaces } from './desk-places.ts'
import { useRoomClock } from './room-clock.ts'
import { useRoomLink } from './room-link.ts'
import { useSeat } from './use-seat.ts'
import { SectionFrames, useSection } from './use-section.ts'

const REFRESH_EVERY_MS = 5000
/** From this width all four areas stand beside each other. */
export const FOUR_COLUMNS_PX = 1240

/**
 * What the desk knows of its room: the whole of it once, then what the socket tells (status, shelf, pin, stock, viewers, chat, drops) and
 * its sections; the health of the stream every five seconds. What is done here shows at once and is put right by the room's own word.
 */
export function useDesk(roomId: number) {
  const base = shallowRef<RoomDesk>()
  const cards = shallowRef(new Map<number, SkuCard>())
  const frames = new SectionFrames()

  function keep(desk: RoomDesk): void {
    base.value = desk
    learn(desk.shelf.map((item) => item.sku))
  }
  function learn(fresh: readonly SkuCard[]): void {
    cards.value = new Map([...cards.value, ...fresh.map((card): [number, SkuCard] => [card.skuId, card])])
  }
  function hear(event: RoomEvent): void {
    if (event.t === 'shelf') learn(event.cards)
    if (event.t === 'pin') shelf.hearPin(event.pin.skuId)
    if (event.t === 'unpin') shelf.hearPin(null)
    if (event.t === 'status' || event.t === 'room') void refresh()
  }
  const start = useLoad(async (signal) => {
    keep(await loadDesk(roomId, signal))
    return true
  })
  const link = useRoomLink(roomId, { event: hear, desk: (section, data) => frames.hear(section, data) })
  const status = computed<RoomStatus>(() => link.view.value?.room.status ?? base.value?.status ?? 'scheduled')
  const viewers = computed(() => link.view.value?.viewers ?? base.value?.figures.viewers ?? 0)

  const shelf = useShelf({ roomId, base, cards, link, learn, keep, refresh })

  /** Looks at the room anew without a word when that fails: the next look is near. */
  async function refresh(): Promise<void> {
    if (document.hidden || base.value === undefined) return
    const before = shelf.changes()
    try {
      const desk = await loadDesk(roomId)
      if (before === shelf.changes()) keep(desk)
    } catch {
      // What is shown stays as it was; the socket tells when the line is down.
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
  }, REFRESH_EVERY_MS)
  onScopeDispose(() => window.clearInterval(timer))

  const places = useDeskPlaces()
  const isWide = useWide(FOUR_COLUMNS_PX)
  // On a wide screen all is in sight, so nothing is known of what somebody looks at.
  const panel = computed<DeskPanel | null>(() => (isWide.value ? null : panelOf(places)))
  return {
    roomId,
    start,
    base,
    keep,
    refresh,
    link,
    status,
    isOver: computed(() => status.value === 'ended'),
    viewers,
    cards,
    ...shelf,
    places,
    isWide,
    seat: useSeat(
      roomId,
      'assistant',
      panel,
      computed(() => status.value === 'ended'),
    ),
    clock: useRoomClock(base),
    figures: useSection<DeskFigures>(frames, 'figures', (signal) => loadFigures(roomId, signal)),
    people: useSection<DeskPeople>(frames, 'people', (signal) => loadPeople(roomId, signal)),
    actions: useSection<DeskActions>(frames, 'actions', (signal) => loadActions(roomId, signal)),
    warnings: useSection<DeskWarnings>(frames, 'warnings', (signal) => loadWarnings(roomId, signal)),
    run: useSection<RunOfShow>(frames, 'run', (signal) => loadRun(roomId, signal)),
    drops: useSection<DeskDrops>(frames, 'drops', (signal) => loadDrops(roomId, signal)),
    questions: useSection<RoomQuestions>(frames, 'questions', (signal) => loadQuestions(roomId, signal)),
    moderation: useSection<Moderation>(frames, 'moderation', (signal) => loadModeration(roomId, signal)),
  }
}
export type Desk = ReturnType<typeof useDesk>

function panelOf({ area, show, talk }: DeskPlaces): DeskPanel {
  switch (area.value) {
    case 'stream':
      return 'stream'
    case 'goods':
      return 'shelf'
    case 'show':
      return show.value
    case 'talk':
      return talk.value
  }
}
