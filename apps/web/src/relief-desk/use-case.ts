import type { ReliefCase } from '@chunbo/contract/relief'
import { computed, type Ref, reactive, ref, shallowRef, watch } from 'vue'
import { describeError, toApiError } from '../ui/api-error.ts'
import { toast } from '../ui/toast.ts'
import { useLoad } from '../ui/use-load.ts'
import { loadCase } from './api.ts'
import { caseText } from './texts-case.ts'
import { usePoll } from './use-poll.ts'

/** What stands over the case until it is read: somebody else has changed it, or an act did not go through. */
export type CaseNotice = { kind: 'changed' } | { kind: 'failed'; text: string }

/**
 * One case, looked at again every 15 seconds. Every act goes with the version that the person has seen; while something is
 * being written, a change by somebody else is told and not slipped under it, and what was typed stays.
 */
export function useCase(caseId: Ref<number>) {
  const load = useLoad((signal) => loadCase(caseId.value, signal), caseId)
  usePoll(load.reload)
  const seen = ref(0)
  const notice = shallowRef<CaseNotice | null>(null)
  /** Forms that are open, by name. */
  const writing = reactive(new Set<string>())
  /** An act of one's own is under way: the version that comes back is no surprise. */
  let acting = 0

  watch(caseId, () => {
    seen.value = 0
    notice.value = null
    writing.clear()
  })
  watch(load.data, (now) => {
    if (now === undefined || now.version === seen.value) return
    if (seen.value !== 0 && writing.size > 0 && acting === 0) notice.value = { kind: 'changed' }
    else seen.value = now.version
  })

  /** The person has looked at what is there now. */
  function lookedAgain(): void {
    notice.value = null
    if (load.data.value !== undefined) seen.value = load.data.value.version
  }
  /** Does something with the case as it was seen; true when it is done. */
  async function act(work: (version: number) => Promise<unknown>, done: string): Promise<boolean> {
    acting += 1
    try {
      await work(seen.value)
      notice.value = null
      await load.reload()
      lookedAgain()
      toast(done, 'check')
      return true
    } catch (cause) {
      const error = toApiError(cause)
      if (error.code === 'relief.case_changed') {
        await load.reload()
        lookedAgain()
        notice.value = { kind: 'changed' }
      } else notice.value = { kind: 'failed', text: describeError(error) }
      return false
    } finally {
      acting -= 1
    }
  }
  /** The notice in words; who changed it is the last one in the log. */
  const word = computed(() => {
    if (notice.value === null) return undefined
    if (notice.value.kind === 'failed') return notice.value.text
    return caseText('changed', { who: load.data.value?.log.at(-1)?.actor?.name ?? caseText('somebody') })
  })
  return {
    caseId,
    load,
    data: computed<ReliefCase | undefined>(() => load.data.value),
    notice,
    word,
    writing,
    lookedAgain,
    act,
  }
}
export type OpenCase = ReturnType<typeof useCase>
