import type { RunOfShow } from '@chunbo/contract/show'
import { computed, ref, shallowRef } from 'vue'
import { describeError, toApiError } from '../../ui/api-error.ts'
import { makeUuid } from '../../ui/make-uuid.ts'
import { movedItem } from '../../ui/moved-item.ts'
import { toast } from '../../ui/toast.ts'
import type { Desk } from '../frame/use-desk.ts'
import { loadRun, putRun } from './api.ts'
import { type DraftItem, draftOf, mergeDraft, runInput } from './run-draft.ts'
import { runText } from './texts-run.ts'

const EMPTY: RunOfShow = { version: 0, items: [], current: null, editedBy: '', editedAtMs: null }

/** Writing the run: a draft of one's own until it is saved; what a colleague saved meanwhile is merged and never lost or overwritten. */
export function useRunEditor({ roomId, run }: Pick<Desk, 'roomId' | 'run'>) {
  const items = ref<DraftItem[] | null>(null)
  const base = shallowRef<RunOfShow>(EMPTY)
  const tried = ref(false)
  /** Who changed the run while it was being written here. */
  const clashWith = ref<string>()
  const error = ref<string>()
  const saving = ref(false)

  function begin(first?: readonly Omit<DraftItem, 'key' | 'id'>[]): void {
    base.value = run.data.value ?? EMPTY
    items.value = first?.map((one) => ({ ...one, key: makeUuid(), id: undefined })) ?? base.value.items.map(draftOf)
    tried.value = false
    clashWith.value = undefined
    error.value = undefined
  }
  function end(): void {
    items.value = null
  }
  function add(): void {
    items.value?.push({ key: makeUuid(), id: undefined, titleZh: '', minutes: '5', script: '', skuId: null })
  }
  function remove(index: number): void {
    items.value?.splice(index, 1)
  }
  function move(from: number, to: number): void {
    if (items.value && to >= 0 && to < items.value.length) items.value = movedItem(items.value, from, to)
  }
  /** Settles an item that both changed. */
  function settle(index: number, takeTheirs: boolean): void {
    const item = items.value?.[index]
    if (!items.value || !item?.theirs) return
    const { theirs, ...mine } = item
    items.value.splice(index, 1, takeTheirs ? draftOf(theirs) : mine)
  }
  const changed = computed(
    () =>
      items.value !== null &&
      JSON.stringify(items.value.map(({ key: _, ...item }) => item)) !==
        JSON.stringify(base.value.items.map(draftOf).map(({ key: _, ...item }) => item)),
  )

  async function save(): Promise<void> {
    tried.value = true
    error.value = undefined
    if (items.value === null || saving.value) return
    const input = runInput(base.value.version, items.value)
    if (input === undefined) {
      error.value = runText('fix')
      return
    }
    saving.value = true
    try {
      run.put(await putRun(roomId, input))
      toast(runText('saved'), 'check')
      end()
    } catch (cause) {
      const problem = toApiError(cause)
      if (problem.code === 'show.run_changed') await takeIn()
      else error.value = describeError(problem)
    } finally {
      saving.value = false
    }
  }
  async function takeIn(): Promise<void> {
    try {
      const theirs = await loadRun(roomId)
      items.value = mergeDraft(base.value, items.value ?? [], theirs)
      base.value = theirs
      run.put(theirs)
      clashWith.value = theirs.editedBy
      tried.value = false
    } catch (cause) {
      error.value = describeError(toApiError(cause))
    }
  }
  return { items, base, tried, clashWith, error, saving, changed, begin, end, add, remove, move, settle, save }
}
export type RunEditor = ReturnType<typeof useRunEditor>
