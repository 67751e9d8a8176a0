import type { ReliefCaseRow, ReliefStage } from '@chunbo/contract/relief'
import { computed, type Ref, ref, watch } from 'vue'
import { useLoad } from '../ui/use-load.ts'
import { loadCases } from './api.ts'
import type { BoardFilter } from './board-filter.ts'
import { OPEN_STAGES } from './stages.ts'
import { usePoll } from './use-poll.ts'

/** Pages of a hundred that the board opens with, and how many come with each tap on "more". */
const PAGES_FIRST = 3
const PAGES_MORE = 2

/**
 * The cases that the filter of the address lets through, looked at again every 15 seconds. All of what is shown is asked for
 * again at once, so that a case that has moved stands in one column only.
 */
export function useBoard(filter: Ref<BoardFilter>) {
  const pages = ref(PAGES_FIRST)
  const key = computed(() => JSON.stringify(filter.value))
  // Before the load's own watcher: a new filter begins with the first pages.
  watch(key, () => {
    pages.value = PAGES_FIRST
  })
  const load = useLoad(async (signal) => {
    const found = new Map<number, ReliefCaseRow>()
    let next: string | undefined
    for (let page = 0; page < pages.value; page += 1) {
      const answer = await loadCases(filter.value, next, signal)
      // A case that was overtaken between two pages would come twice.
      for (const row of answer.items) if (!found.has(row.id)) found.set(row.id, row)
      next = answer.next ?? undefined
      if (next === undefined) break
    }
    return { rows: [...found.values()], hasMore: next !== undefined }
  }, key)
  usePoll(load.reload)

  const rows = computed(() => load.data.value?.rows ?? [])
  const columns = computed(() => {
    const byStage = new Map<ReliefStage, ReliefCaseRow[]>(OPEN_STAGES.map((stage) => [stage, []]))
    for (const row of rows.value) byStage.get(row.stage)?.push(row)
    return OPEN_STAGES.map((stage) => ({ stage, rows: byStage.get(stage) ?? [] }))
  })
  async function more(): Promise<void> {
    pages.value += PAGES_MORE
    await load.reload()
  }
  return { load, rows, columns, hasMore: computed(() => load.data.value?.hasMore === true), more }
}
export type Board = ReturnType<typeof useBoard>
