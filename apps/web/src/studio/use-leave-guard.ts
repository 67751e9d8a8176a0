import { onScopeDispose, type Ref, ref, watch } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { askFirst } from '../ui/ask-first.ts'
import { studioText } from './texts.ts'

/** Keeps a half-filled form from being lost: asks before the page is left by the router, and the browser's own way otherwise. */
export function useLeaveGuard(): { dirty: Ref<boolean>; guard: (form: object) => void } {
  const dirty = ref(false)
  const watched = new WeakSet<object>()
  let quiet = false

  /** Begins to watch a reactive form; called again when the form is filled anew from the server. */
  function guard(form: object): void {
    quiet = true
    queueMicrotask(() => {
      dirty.value = false
      quiet = false
    })
    if (watched.has(form)) return
    watched.add(form)
    watch(
      form,
      () => {
        if (!quiet) dirty.value = true
      },
      { deep: true, flush: 'sync' },
    )
  }

  const beforeUnload = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault()
  }
  window.addEventListener('beforeunload', beforeUnload)
  onScopeDispose(() => window.removeEventListener('beforeunload', beforeUnload))
  onBeforeRouteLeave(async () => {
    if (!dirty.value) return true
    return askFirst({
      title: studioText('leaveTitle'),
      body: studioText('leaveBody'),
      yes: studioText('leaveYes'),
      no: studioText('leaveNo'),
      dangerous: true,
    })
  })
  return { dirty, guard }
}
