import type { ReliefCaseRow } from '@chunbo/contract/relief'
import { computed, type Ref, ref } from 'vue'

/** What is selected on the board, in the order of the board; what has left the board is selected no more. */
export function useSelection(rows: Ref<readonly ReliefCaseRow[]>) {
  const ids = ref<ReadonlySet<number>>(new Set())
  const selected = computed(() => rows.value.filter((row) => ids.value.has(row.id)))
  function toggle(id: number): void {
    const next = new Set(ids.value)
    if (!next.delete(id)) next.add(id)
    ids.value = next
  }
  const clear = () => {
    ids.value = new Set()
  }
  const all = () => {
    ids.value = new Set(rows.value.map((row) => row.id))
  }
  return { ids, selected, toggle, clear, all }
}
export type Selection = ReturnType<typeof useSelection>
