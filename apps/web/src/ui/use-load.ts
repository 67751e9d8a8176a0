import { onScopeDispose, type Ref, ref, shallowRef, type WatchSource, watch } from 'vue'
import { type ApiError, toApiError } from './api-error.ts'

export interface Load<T> {
  readonly data: Ref<T | undefined>
  readonly error: Ref<ApiError | null>
  readonly loading: Ref<boolean>
  /** Loading for more than four seconds: say so. */
  readonly slow: Ref<boolean>
  /** Loads again and keeps what is shown until the answer is here. */
  readonly reload: () => Promise<void>
}

const SLOW_AFTER_MS = 4000

/**
 * Loads something for a page and loads it anew when `source` changes; an answer that was overtaken is dropped, and a page that is left
 * cancels its request. When the network comes back a load that failed is tried again by itself.
 */
export function useLoad<T>(fetcher: (signal: AbortSignal) => Promise<T>, source?: WatchSource<unknown>): Load<T> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError | null>(null)
  const loading = ref(false)
  const slow = ref(false)
  let abort = new AbortController()

  async function reload(): Promise<void> {
    abort.abort()
    abort = new AbortController()
    const mine = abort
    loading.value = true
    slow.value = false
    const timer = window.setTimeout(() => {
      slow.value = true
    }, SLOW_AFTER_MS)
    try {
      const answer = await fetcher(mine.signal)
      if (mine.signal.aborted) return
      data.value = answer
      error.value = null
    } catch (cause) {
      if (mine.signal.aborted) return
      error.value = toApiError(cause)
    } finally {
      window.clearTimeout(timer)
      if (mine === abort) {
        loading.value = false
        slow.value = false
      }
    }
  }

  if (source !== undefined) {
    watch(source, () => {
      data.value = undefined
      void reload()
    })
  }
  const backOnline = () => {
    if (error.value !== null) void reload()
  }
  window.addEventListener('online', backOnline)
  onScopeDispose(() => {
    abort.abort()
    window.removeEventListener('online', backOnline)
  })
  void reload()
  return { data, error, loading, slow, reload }
}
