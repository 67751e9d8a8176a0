import { onScopeDispose, type Ref, ref } from 'vue'

/** Lines a minute that can be chosen; a Chinese line of this size holds about eight characters, and people speak 200 to 260 a minute. */
export const SPEEDS = [12, 16, 20, 25, 30, 38, 48] as const
export const SPEED_FIRST = 25

/**
 * Scrolls `box` evenly while `isRunning`. The position is kept in fractions here, since a browser's scrollTop may be whole pixels; when
 * the reader moves the page by hand, that is where it goes on.
 */
export function useScroll(box: Ref<HTMLElement | undefined>, linesPerMinute: Ref<number>) {
  const isRunning = ref(false)
  let frame = 0
  let lastMs = 0
  let at = 0

  function step(nowMs: number): void {
    const element = box.value
    if (!isRunning.value || element === undefined) return
    if (Math.abs(element.scrollTop - at) > 2) at = element.scrollTop
    const lineHeightPx = Number.parseFloat(getComputedStyle(element).lineHeight) || 60
    // After a pause of the browser the text must not jump.
    const passedMs = Math.min(100, nowMs - lastMs)
    at += (linesPerMinute.value * lineHeightPx * passedMs) / 60_000
    element.scrollTop = at
    lastMs = nowMs
    if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) isRunning.value = false
    else frame = requestAnimationFrame(step)
  }
  function start(): void {
    const element = box.value
    if (element === undefined || isRunning.value) return
    at = element.scrollTop
    lastMs = performance.now()
    isRunning.value = true
    frame = requestAnimationFrame(step)
  }
  function stop(): void {
    isRunning.value = false
    cancelAnimationFrame(frame)
  }
  function toTop(): void {
    at = 0
    box.value?.scrollTo({ top: 0 })
  }
  /** By a share of what is in sight: -0.5 is half a screen back. */
  function by(share: number): void {
    const element = box.value
    element?.scrollBy({ top: element.clientHeight * share })
    at = element?.scrollTop ?? 0
  }
  onScopeDispose(stop)
  return { isRunning, start, stop, toTop, by }
}
