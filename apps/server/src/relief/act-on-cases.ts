import type { BulkInput, BulkResult, CaseHead } from '@chunbo/contract'
import { describeProblem, Refusal } from '../platform/problem.ts'
import { assignCase } from './assign-case.ts'
import type { ReliefContext } from './context.ts'
import type { DeskScope } from './desk-scope.ts'
import { moveByWord } from './move-by-word.ts'

function act(context: ReliefContext, scope: DeskScope, id: number, input: BulkInput): Promise<CaseHead> {
  if (input.act === 'assign') return assignCase(context, scope, id, { ownerId: input.ownerId })
  const to = input.act === 'reject' ? 'rejected' : input.to
  return moveByWord(context, scope, id, { to, reason: input.reason })
}

/**
 * Does one thing to several cases, each in a transaction of its own and as it stands then: what is refused for one keeps no
 * other back. One result for each id.
 */
export async function actOnCases(
  context: ReliefContext,
  scope: DeskScope,
  input: BulkInput,
  requestId: string,
): Promise<BulkResult[]> {
  const results: BulkResult[] = []
  for (const id of input.ids) {
    try {
      await act(context, scope, id, input)
      results.push({ id, ok: true, code: null, texts: null })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, texts } = describeProblem(error, requestId)
      results.push({ id, ok: false, code, texts })
    }
  }
  return results
}
