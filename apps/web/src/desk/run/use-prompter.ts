import type { RoomQuestions } from '@chunbo/contract/chat'
import type { RoomDesk } from '@chunbo/contract/rooms'
import type { RunOfShow } from '@chunbo/contract/show'
import { computed, ref, shallowRef, watch } from 'vue'
import { useLoad } from '../../ui/use-load.ts'
import { loadDesk } from '../api.ts'
import { useRoomClock } from '../frame/room-clock.ts'
import { useRoomLink } from '../frame/room-link.ts'
import { useSeat } from '../frame/use-seat.ts'
import { SectionFrames, useSection } from '../frame/use-section.ts'
import { loadQuestions } from '../talk/api.ts'
import { loadRun } from './api.ts'
import { currentIndex } from './run-place.ts'
import { useRunSteps } from './use-run-steps.ts'

/** What the host's phone knows of the show: the run and where it stands, as the desk moves it, and the question that weighs most. */
export function usePrompter(roomId: number) {
  const room = shallowRef<RoomDesk>()
  const frames = new SectionFrames()
  const start = useLoad(async (signal) => {
    room.value = await loadDesk(roomId, signal)
    return true
  })
  const link = useRoomLink(roomId, { event: () => {}, desk: (section, data) => frames.hear(section, data) })
  const run = useSection<RunOfShow>(frames, 'run', (signal) => loadRun(roomId, signal))
  const questions = useSection<RoomQuestions>(frames, 'questions', (signal) => loadQuestions(roomId, signal))
  const clock = useRoomClock(room)
  const isOver = computed(() => (link.view.value?.room.status ?? room.value?.status) === 'ended')
  const panel = ref<'prompter'>('prompter')
  useSeat(roomId, 'host', panel, isOver)

  /** An item that the host has gone to alone; null follows the desk. */
  const ownId = ref<number | null>(null)
  watch(
    () => run.data.value?.current?.itemId,
    () => {
      ownId.value = null
    },
  )
  const items = computed(() => run.data.value?.items ?? [])
  const deskAt = computed(() => currentIndex(run.data.value))
  /** Before anything is on, the first is shown to be read. */
  const at = computed(() => {
    const own = items.value.findIndex((item) => item.id === ownId.value)
    return own >= 0 ? own : Math.max(0, deskAt.value)
  })
  const item = computed(() => items.value[at.value])
  const next = computed(() => items.value[at.value + 1])
  return {
    roomId,
    start,
    link,
    run,
    questions,
    clock,
    isOver,
    items,
    at,
    item,
    next,
    deskAt,
    isApart: computed(() => ownId.value !== null && at.value !== deskAt.value),
    look: (itemId: number | null) => {
      ownId.value = itemId
    },
    ...useRunSteps({ roomId, run, clock }),
  }
}
export type Prompter = ReturnType<typeof usePrompter>
