import { onScopeDispose, ref } from 'vue'

/** Keeps the screen from going dark while the page is in front. A browser that cannot says so by `isAwake` staying false. */
export function useWakeLock() {
  const isAwake = ref(false)
  let lock: WakeLockSentinel | null = null
  let isGone = false

  async function hold(): Promise<void> {
    if (isGone || document.hidden || !('wakeLock' in navigator)) return
    try {
      lock = await navigator.wakeLock.request('screen')
      if (isGone) {
        await lock.release()
        return
      }
      isAwake.value = true
      lock.addEventListener('release', () => {
        isAwake.value = false
      })
    } catch {
      // A battery that is nearly empty refuses it; the page works all the same.
      isAwake.value = false
    }
  }
  // The browser lets go when the page is left; it is asked again when the page comes back.
  const back = () => void hold()
  document.addEventListener('visibilitychange', back)
  onScopeDispose(() => {
    isGone = true
    document.removeEventListener('visibilitychange', back)
    void lock?.release().catch(() => undefined)
  })
  void hold()
  return { isAwake }
}
