import { type ComputedRef, computed, type Ref, ref, shallowRef, type WatchSource } from 'vue'
import { type ApiError, toApiError } from './api-error.ts'
import { type Load, useLoad } from './use-load.ts'

/** One page of a list as the API answers it; `next` is null at the end. */
export interface Page<T> {
  items: T[]
  next: string | null
}

export interface Pages<T> {
  /** The first page, for the four states of a load. */
  readonly first: Load<unknown>
  readonly items: ComputedRef<T[]>
  readonly hasMore: ComputedRef<boolean>
  readonly more: () => Promise<void>
  readonly moreError: Ref<ApiError | null>
  /** Puts a changed item in the place of the old one. */
  readonly replace: (isSame: (item: T) => boolean, next: T) => void
}

/** A list that comes by pages with an opaque cursor; the next page is added at the end. */
export function usePages<T>(
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  source?: WatchSource<unknown>,
): Pages<T> {
  const all = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const moreError = shallowRef<ApiError | null>(null)
  let era = 0
  let busy = false
  const first = useLoad(async (signal) => {
    era += 1
    const page = await fetchPage(undefined, signal)
    all.value = page.items
    next.value = page.next
    moreError.value = null
    return true
  }, source)

  async function more(): Promise<void> {
    if (next.value === null || busy) return
    busy = true
    const mine = era
    try {
      const page = await fetchPage(next.value, AbortSignal.timeout(15_000))
      // A list that was begun anew meanwhile does not take the tail of the old one.
      if (mine !== era) return
      all.value = [...all.value, ...page.items]
      next.value = page.next
      moreError.value = null
    } catch (cause) {
      moreError.value = toApiError(cause)
    } finally {
      busy = false
    }
  }
  function replace(isSame: (item: T) => boolean, changed: T): void {
    all.value = all.value.map((item) => (isSame(item) ? changed : item))
  }
  return {
    first,
    items: computed(() => all.value),
    hasMore: computed(() => next.value !== null),
    more,
    moreError,
    replace,
  }
}
