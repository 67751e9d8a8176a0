import { onScopeDispose, type Ref, ref, watch } from 'vue'

const ROLL_MS = 700

/** A figure that rolls to its new value, so that the wall is seen to move; at once where the system asks for less motion. */
export function useRolling(source: () => number): Ref<number> {
  const shown = ref(source())
  const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  let frame = 0
  watch(source, (to) => {
    cancelAnimationFrame(frame)
    const from = shown.value
    const startedMs = performance.now()
    // Many figures at once, and the first that comes, stand at once: only what grows rolls.
    if (isStill || from === 0 || to < from || document.hidden) {
      shown.value = to
      return
    }
    const step = () => {
      const part = Math.min(1, (performance.now() - startedMs) / ROLL_MS)
      shown.value = Math.round(from + (to - from) * (1 - (1 - part) ** 3))
      if (part < 1) frame = requestAnimationFrame(step)
    }
    step()
  })
  onScopeDispose(() => cancelAnimationFrame(frame))
  return shown
}
