import { Refusal } from '../platform/problem.ts'
import type { Refused } from './lot.ts'

/** Throws what a rule refused; a null passes. */
export function enforce(refused: Refused | null): void {
  if (refused) throw new Refusal(refused.code, refused.params)
}

const NUMERIC_OVERFLOW = '22003'

/**
 * Waits for a transaction whose limits the database holds, and turns the constraint that said no into a refusal. The keys
 * are names of constraints; "overflow" is a number too large for its column. What a text needs to know is asked anew, when
 * the failed transaction has given its connection back: waiting for a second one while holding the first could starve all.
 */
export async function settle<T>(
  transaction: Promise<T>,
  refusals: Readonly<Record<string, () => Promise<Refusal> | Refusal>>,
): Promise<T> {
  try {
    return await transaction
  } catch (error) {
    const { constraint, code } = error as { constraint?: string; code?: string }
    const refuse = refusals[code === NUMERIC_OVERFLOW ? 'overflow' : (constraint ?? '')]
    if (refuse) throw await refuse()
    throw error
  }
}
