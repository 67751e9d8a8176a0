import { computed, type Ref, type WritableComputedRef } from 'vue'

/** Whether a sheet that shows something is open: while there is something to show. Closing it forgets what it showed. */
export function openWhile<T>(shown: Ref<T | null>): WritableComputedRef<boolean> {
  return computed({
    get: () => shown.value !== null,
    set: (open) => {
      if (!open) shown.value = null
    },
  })
}
