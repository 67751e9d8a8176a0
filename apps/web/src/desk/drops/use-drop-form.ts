import { computed, type Ref, ref } from 'vue'
import { toast } from '../../ui/toast.ts'
import { act } from '../frame/act.ts'
import type { DropRead, DropTrouble } from './drop-drafts.ts'
import { dropText } from './texts-drops.ts'

function inWords(trouble: DropTrouble | undefined): string | undefined {
  if (trouble === undefined) return undefined
  const { why, ...params } = trouble
  return dropText(why, { ...params })
}

/** A form of a drop: what is wrong is said after the first try, and nothing that was typed is lost when the server refuses it. */
export function useDropForm<Draft, Input>(
  draft: Ref<Draft>,
  read: (draft: Draft) => DropRead<Input>,
  open: (input: Input) => Promise<unknown>,
  done: () => void,
) {
  const tried = ref(false)
  const now = computed(() => read(draft.value))
  const troubleOf = (field: string) => (tried.value ? inWords(now.value.troubles[field]) : undefined)
  async function send(): Promise<void> {
    tried.value = true
    const { input } = now.value
    if (input === undefined || !(await act(() => open(input)))) return
    toast(dropText('sent'), 'check')
    done()
  }
  return { troubleOf, send }
}

/** Choices of a length of time, by their values in seconds (or days). */
export const spans = (values: readonly string[], label: (value: string) => string) =>
  values.map((id) => ({ id, label: () => label(id) }))
/** "30 秒", "5 分钟" of seconds. */
export function spanText(seconds: string): string {
  const s = Number(seconds)
  return s < 60 ? dropText('secondsOf', { n: s }) : dropText('minutesOf', { n: s / 60 })
}
