import type { RoomMe } from '@chunbo/contract/audience'
import type { Coupon } from '@chunbo/contract/coupons'
import type { RoomView } from '@chunbo/contract/room-events'
import type { MyDrops } from '@chunbo/contract/show'
import { computed, onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { me } from '../ui/session.ts'
import { loadMyCoupons, loadMyDrops, loadMyQuestions, loadRoomMe } from './crowd-api.ts'

export type MyDrop = MyDrops['drops'][number]

/** What the one who watches is to this room: follows, levels, what was entered, voted, won and taken, which questions were answered. */
export interface Crowd {
  readonly self: Ref<RoomMe | null>
  readonly drops: Ref<ReadonlyMap<number, MyDrop>>
  /** Coupons by the drop they came from. */
  readonly coupons: Ref<ReadonlyMap<number, Coupon>>
  /** Lines of one's own that were answered. */
  readonly answered: Ref<ReadonlySet<string>>
  readonly reload: () => Promise<void>
  readonly reloadDrops: () => Promise<void>
}

/** All who asked hear of an answer at once; they look for theirs spread over so long. */
const SPREAD_MS = 3_000

export function useCrowd(roomId: number, view: Ref<RoomView | null>, hasSpoken: () => boolean): Crowd {
  const self = shallowRef<RoomMe | null>(null)
  const drops = shallowRef<ReadonlyMap<number, MyDrop>>(new Map())
  const coupons = shallowRef<ReadonlyMap<number, Coupon>>(new Map())
  const answered = shallowRef<ReadonlySet<string>>(new Set())
  const timers = new Set<number>()
  let gone = false

  /** What cannot be read stays as it was: none of it keeps the show from being watched, and the next look is near. */
  async function keep<T>(load: Promise<T>, take: (answer: T) => void): Promise<void> {
    const answer = await load.catch(() => undefined)
    if (answer !== undefined && !gone) take(answer)
  }
  async function reloadDrops(): Promise<void> {
    if (!me.value) return
    await Promise.all([
      keep(loadMyDrops(roomId), (answer) => {
        drops.value = new Map(answer.drops.map((each) => [each.dropId, each]))
      }),
      keep(loadMyCoupons(), (answer) => {
        coupons.value = new Map(answer.items.map((each) => [each.dropId, each]))
      }),
    ])
  }
  async function reload(): Promise<void> {
    if (!me.value) {
      self.value = null
      drops.value = new Map()
      coupons.value = new Map()
      return
    }
    const hasDrops = (view.value?.drops.length ?? 0) > 0
    await Promise.all([
      keep(loadRoomMe(roomId), (answer) => {
        self.value = answer
      }),
      hasDrops ? reloadDrops() : Promise.resolve(),
    ])
  }
  function later(work: () => void): void {
    const timer = window.setTimeout(() => {
      timers.delete(timer)
      work()
    }, Math.random() * SPREAD_MS)
    timers.add(timer)
  }
  function lookForAnswers(): void {
    void keep(loadMyQuestions(roomId), ({ items }) => {
      answered.value = new Set(items.flatMap(({ lineId, answer }) => (answer === null ? [] : [lineId])))
    })
  }

  watch(me, () => void reload(), { immediate: true })
  // A bag that was drawn, or a drop that came while the page was away: what is mine in it may have changed.
  const dropMarks = computed(() => view.value?.drops.map(({ id, open }) => `${id}:${open}`).join() ?? '')
  watch(dropMarks, (now, before) => {
    if (now !== '' && me.value) later(() => void reloadDrops())
    if (before === '' && now !== '') void reloadDrops()
  })
  const lastAnswer = computed(() => view.value?.answers.at(-1)?.atMs)
  watch(lastAnswer, (now, before) => {
    if (now !== undefined && before !== now && me.value && hasSpoken()) later(lookForAnswers)
  })
  onScopeDispose(() => {
    gone = true
    for (const timer of timers) window.clearTimeout(timer)
  })
  return { self, drops, coupons, answered, reload, reloadDrops }
}
