import { onScopeDispose, type Ref, ref } from 'vue'

/** Whether the window is at least `fromPx` wide, followed while the component lives. */
export function useWide(fromPx: number): Ref<boolean> {
  const query = window.matchMedia(`(min-width: ${fromPx}px)`)
  const wide = ref(query.matches)
  const follow = () => {
    wide.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return wide
}
