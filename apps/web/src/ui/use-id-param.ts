import { type ComputedRef, computed } from 'vue'
import { useRoute } from 'vue-router'

/** A number out of the page's address; the route's pattern has made sure that it is one. */
export function useIdParam(name: string): ComputedRef<number> {
  const route = useRoute()
  return computed(() => Number(route.params[name]))
}
