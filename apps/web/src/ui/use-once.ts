import { type Ref, ref } from 'vue'

/** Runs `work` and takes no second call until it has ended, so that a second tap or Enter does nothing twice. */
export function useOnce<Args extends unknown[]>(
  work: (...args: Args) => Promise<unknown>,
): { busy: Ref<boolean>; run: (...args: Args) => Promise<void> } {
  const busy = ref(false)
  async function run(...args: Args): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await work(...args)
    } finally {
      busy.value = false
    }
  }
  return { busy, run }
}
