import type { FastTrack, FastTrackDraft } from '@chunbo/contract/aid'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { describeError, toApiError } from '../ui/api-error.ts'
import { useLoad } from '../ui/use-load.ts'
import { keepFastTrack, loadFastTrack, publishFastTrack } from './api.ts'
import { trackText } from './texts-track.ts'

/** A pause in typing after which the draft is kept. */
const KEEP_AFTER_MS = 1_200

/**
 * The fast track of a case while a person works on it: the draft is kept on the server by itself and at every step, so that a closed
 * browser goes on where it was. Keeps go one after the other, each with the version that the one before gave.
 */
export function useFastTrack(caseId: number) {
  const load = useLoad((signal) => loadFastTrack(caseId, signal))
  const track = shallowRef<FastTrack>()
  const draft = ref<FastTrackDraft>()
  const trouble = ref<string>()
  const state = ref<'kept' | 'typing' | 'keeping'>('kept')
  let version = 0
  let timer = 0
  let keeping: Promise<boolean> = Promise.resolve(true)
  let isFilling = false

  function fill(now: FastTrack): void {
    isFilling = true
    track.value = now
    version = now.version
    draft.value = structuredClone(now.draft)
    state.value = 'kept'
  }
  watch(load.data, (now) => {
    if (now !== undefined) fill(now)
  })
  watch(
    draft,
    () => {
      // The watcher hears of what fill() put in as well; that is no change by the person.
      if (isFilling) {
        isFilling = false
        return
      }
      state.value = 'typing'
      window.clearTimeout(timer)
      timer = window.setTimeout(() => void keep(), KEEP_AFTER_MS)
    },
    { deep: true },
  )

  async function send(): Promise<boolean> {
    if (draft.value === undefined) return false
    state.value = 'keeping'
    const sent = JSON.stringify(draft.value)
    try {
      const now = await keepFastTrack(caseId, version, JSON.parse(sent))
      track.value = now
      version = now.version
      trouble.value = undefined
      state.value = JSON.stringify(draft.value) === sent ? 'kept' : 'typing'
      return true
    } catch (cause) {
      const error = toApiError(cause)
      state.value = 'typing'
      trouble.value = describeError(error)
      if (error.code === 'aid.changed_meanwhile') {
        await load.reload()
        trouble.value = trackText('changed')
      }
      return false
    }
  }
  /** Keeps the draft as it stands; true when it is on the server. */
  function keep(): Promise<boolean> {
    window.clearTimeout(timer)
    keeping = keeping.then(() => (state.value === 'kept' && version > 0 ? true : send()))
    return keeping
  }
  async function goTo(step: number): Promise<void> {
    if (draft.value === undefined) return
    draft.value.step = step
    window.scrollTo({ top: 0 })
    state.value = 'typing'
    await keep()
  }
  async function publish(): Promise<boolean> {
    if (!(await keep())) return false
    try {
      const now = await publishFastTrack(caseId, version)
      trouble.value = undefined
      fill(now)
      return true
    } catch (cause) {
      const error = toApiError(cause)
      trouble.value = describeError(error)
      // What stands in the way (an inspection that was put right, a shop that closed) is shown by the newest state.
      await load.reload()
      return false
    }
  }
  onScopeDispose(() => {
    if (state.value === 'typing') void keep()
  })
  return { load, track, draft, trouble, state, goTo, publish, keep }
}
