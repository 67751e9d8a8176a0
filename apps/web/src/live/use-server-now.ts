import { onScopeDispose, type Ref, ref } from 'vue'

/**
 * The server's clock, in ms, four times a second while the component lives: countdowns run alike on every phone, whatever its own clock says.
 * It runs on a clock that never jumps from `serverMs`, which the server said when the room was loaded.
 */
export function useServerNow(serverMs: number): Ref<number> {
  const startedMs = performance.now()
  const read = () => serverMs + Math.round(performance.now() - startedMs)
  const now = ref(read())
  const timer = window.setInterval(() => {
    now.value = read()
  }, 250)
  onScopeDispose(() => window.clearInterval(timer))
  return now
}
