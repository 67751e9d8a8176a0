import { canonical, headsOf } from '@chunbo/contract'
import type { InspectionRow } from './lock-inspection.ts'
import { type Outcome, type StoredOp, setsOf } from './stored-op.ts'

/**
 * Whether a new operation, which stands among `ops` already, contradicts what is there: another value of its field that its
 * author had not seen, or what has been signed.
 */
export function outcomeOfSet(
  row: Pick<InspectionRow, 'state' | 'document'>,
  ops: readonly StoredOp[],
  op: StoredOp,
): Outcome {
  const heads = headsOf(setsOf(ops).filter(({ field }) => field === op.field)).get(op.field) ?? []
  // Somebody has seen it and gone on from there, before it came in itself.
  if (!heads.some(({ id }) => id === op.id)) return 'applied'
  const values = new Set(heads.map(({ value }) => canonical(value)))
  if (row.state === 'signed') values.add(canonical(row.document?.values[op.field] ?? null))
  return values.size > 1 ? 'conflict' : 'applied'
}
