import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { boardAddress } from './board-address.ts'
import { type BoardFilter, readFilter, writeFilter } from './board-filter.ts'

/**
 * The board's filter, which lives in the address: what is set is written there, and what stands there is what is shown. While
 * another page stands in front of the board it keeps what it had.
 */
export function useBoardFilter() {
  const route = useRoute()
  const router = useRouter()
  const query = ref(route.query)
  watch(
    () => [route.name, route.query] as const,
    ([name, now]) => {
      if (name !== 'relief-board') return
      query.value = now
      boardAddress.value = { name: 'relief-board', query: now }
    },
    { immediate: true },
  )
  const filter = computed<BoardFilter>((before) => {
    const now = readFilter(query.value)
    return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now
  })
  function set(change: Partial<BoardFilter>): void {
    void router.replace({ name: 'relief-board', query: writeFilter({ ...filter.value, ...change }) })
  }
  return { filter, set }
}
