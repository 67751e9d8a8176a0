import { computed, onScopeDispose, type Ref, ref } from 'vue'

/** Hearts that are tapped gather so long before they go out together. */
const GATHER_MS = 1_000
/** What one message carries; taps beyond it wait for the next. */
const AT_ONCE_MAX = 20
const WAITING_MAX = 100

/**
 * One's own hearts: they count at once here and go to the room together once a second. `sent` is how many of the newest count are
 * one's own, so that they do not rain twice.
 */
export function useLikes(total: Ref<number>, send: (n: number) => boolean) {
  const waiting = ref(0)
  const sent = ref(0)
  const timer = window.setInterval(() => {
    const n = Math.min(AT_ONCE_MAX, waiting.value)
    if (n > 0 && send(n)) {
      waiting.value -= n
      sent.value = n
    } else if (n === 0) sent.value = 0
  }, GATHER_MS)
  onScopeDispose(() => window.clearInterval(timer))
  return {
    shown: computed(() => total.value + waiting.value),
    sent,
    like: () => {
      waiting.value = Math.min(WAITING_MAX, waiting.value + 1)
    },
  }
}
