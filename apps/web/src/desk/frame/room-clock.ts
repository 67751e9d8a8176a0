import { computed, type Ref, ref, watch } from 'vue'
import { useNow } from '../../ui/when.ts'

/** Below this the difference is the way of the answer and not the clock. */
const TRUSTED_MS = 2000

/**
 * The server’s clock, once a second, for countdowns: a desk whose clock is wrong must not close a lucky bag by its own time. Each answer
 * that says when it was given says how far the clock here is off.
 */
export function useRoomClock(told: Ref<{ readonly nowMs: number } | undefined>): Ref<number> {
  const now = useNow()
  const aheadMs = ref(0)
  watch(told, (answer) => {
    if (answer === undefined) return
    const differenceMs = Date.now() - answer.nowMs
    aheadMs.value = Math.abs(differenceMs) < TRUSTED_MS ? 0 : differenceMs
  })
  return computed(() => now.value - aheadMs.value)
}
