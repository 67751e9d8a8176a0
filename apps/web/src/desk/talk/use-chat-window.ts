import { nextTick, onScopeDispose, type Ref, ref, watch } from 'vue'

/** Nearer than this to the end a list counts as read to the end. */
const NEAR_PX = 40

/** A list that runs with its newest line, stands still while somebody reads back, and counts what came meanwhile. */
export function useChatWindow(list: Ref<HTMLElement | undefined>, ids: () => readonly string[]) {
  const atEnd = ref(true)
  const unseen = ref(0)

  async function toEnd(): Promise<void> {
    unseen.value = 0
    await nextTick()
    list.value?.scrollTo({ top: list.value.scrollHeight })
  }
  function scrolled(): void {
    const box = list.value
    if (!box || box.clientHeight === 0) return
    atEnd.value = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX
    if (atEnd.value) unseen.value = 0
  }
  watch(
    () => ids().at(-1),
    (_now, before) => {
      const all = ids()
      const at = before === undefined ? -1 : all.indexOf(before)
      if (atEnd.value) void toEnd()
      // A line that was taken down is no new one.
      else if (before === undefined || at >= 0) unseen.value += Math.max(0, all.length - 1 - at)
    },
    { immediate: true },
  )
  // A list that was out of sight comes back at its top: it runs on from where it was read to.
  const sight = new ResizeObserver(([box]) => {
    if (box && box.contentRect.height > 0 && atEnd.value) void toEnd()
  })
  watch(list, (now, before) => {
    if (before) sight.unobserve(before)
    if (now) sight.observe(now)
  })
  onScopeDispose(() => sight.disconnect())
  return { unseen, scrolled, toEnd }
}
