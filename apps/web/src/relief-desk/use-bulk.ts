import type { ReliefCaseRow } from '@chunbo/contract/relief'
import type { BulkInput } from '@chunbo/contract/relief-desk'
import { ref, shallowRef } from 'vue'
import { pick } from '../i18n/index.ts'
import { describeError } from '../ui/api-error.ts'
import { toast } from '../ui/toast.ts'
import { actOnCases } from './api.ts'
import { bulkText } from './texts.ts'

/** One call takes at most this many. */
export const BULK_MAX = 100

/** What came of the last act on several cases, told until it is read or undone. */
export interface BulkOutcome {
  readonly act: 'assign' | 'reject'
  readonly done: readonly ReliefCaseRow[]
  readonly failed: readonly { readonly row: ReliefCaseRow; readonly why: string }[]
}

/** What takes an act back: reopening, or giving each case to the owner that it had. */
function undoing({ act, done }: BulkOutcome): BulkInput[] {
  const idsOf = (rows: readonly ReliefCaseRow[]) => rows.map((row) => row.id)
  if (act === 'reject') return [{ ids: idsOf(done), act: 'move', to: 'reported', reason: bulkText('undoReason') }]
  const byOwner = new Map<number | null, number[]>()
  for (const { id, owner } of done) byOwner.set(owner?.id ?? null, [...(byOwner.get(owner?.id ?? null) ?? []), id])
  return [...byOwner].map(([ownerId, ids]) => ({ ids, act: 'assign', ownerId }))
}

/** Acts on several cases at once, each with its own result, and takes the last act back. `changed` looks at the board again. */
export function useBulk(changed: () => Promise<unknown>) {
  const outcome = shallowRef<BulkOutcome | null>(null)
  const busy = ref(false)

  async function act(
    rows: readonly ReliefCaseRow[],
    input: (ids: number[]) => Exclude<BulkInput, { act: 'move' }>,
  ): Promise<boolean> {
    if (rows.length === 0 || busy.value) return false
    if (rows.length > BULK_MAX) toast(bulkText('tooMany'), 'info')
    const some = rows.slice(0, BULK_MAX)
    busy.value = true
    try {
      const body = input(some.map((row) => row.id))
      const results = new Map((await actOnCases(body)).map((result) => [result.id, result]))
      const isDone = (row: ReliefCaseRow) => results.get(row.id)?.ok === true
      const why = (row: ReliefCaseRow) => {
        const texts = results.get(row.id)?.texts
        return texts ? pick(texts.zh, texts.en) : describeError(null)
      }
      outcome.value = {
        act: body.act,
        done: some.filter(isDone),
        failed: some.filter((row) => !isDone(row)).map((row) => ({ row, why: why(row) })),
      }
      await changed()
      return true
    } catch (error) {
      toast(describeError(error), 'warning')
      return false
    } finally {
      busy.value = false
    }
  }

  /** Puts each case back as it was: to its owner before, or open again. What somebody has moved on meanwhile is refused and told. */
  async function undo(): Promise<void> {
    const last = outcome.value
    if (last === null || busy.value) return
    busy.value = true
    try {
      const results = (await Promise.all(undoing(last).map(actOnCases))).flat()
      const undone = new Set(results.filter((result) => result.ok).map((result) => result.id))
      const kept = last.done.filter((row) => !undone.has(row.id))
      outcome.value = kept.length === 0 ? null : { ...last, done: kept }
      toast(bulkText('undone', { n: undone.size }), kept.length === 0 ? 'check' : 'warning')
    } catch (error) {
      toast(describeError(error), 'warning')
    } finally {
      busy.value = false
    }
    await changed()
  }
  return { outcome, busy, act, undo }
}
export type Bulk = ReturnType<typeof useBulk>
