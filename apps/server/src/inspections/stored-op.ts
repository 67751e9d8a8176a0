import { canonical, FIELD_VALUES, type FieldOp, fieldKind, type InspectionOp } from '@chunbo/contract'
import { Check } from 'typebox/value'
import type { Queryable } from '../platform/database.ts'

export type Outcome = 'applied' | 'conflict' | 'waiting' | 'refused'

/** An operation as it is kept. Of a sign, `seen` is what it covers. */
export interface StoredOp extends FieldOp {
  readonly kind: 'set' | 'sign'
  readonly userId: number
  readonly name: string
  readonly at: Date
  readonly outcome: Outcome
  readonly code: string | null
}

const COLUMNS = `o.id, o.kind, o.field, o.value, o.seen, o.user_id as "userId", u.name, o.made_at as at, o.outcome, o.code,
  o.inspection_id as "inspectionId"`

/** Everything that was sent for these inspections, in the order in which it came in. */
export function readOps(
  db: Queryable,
  inspectionIds: readonly string[],
): Promise<(StoredOp & { readonly inspectionId: string })[]> {
  return db.query(
    `select ${COLUMNS} from inspection_ops o join users u on u.id = o.user_id
     where o.inspection_id = any($1::uuid[]) order by o.n`,
    [inspectionIds],
    'inspection-ops',
  )
}

/** What an operation names: seen operations, or what a sign covers. Ids are kept in lower case. */
export const namedBy = (op: InspectionOp): string[] => [
  ...new Set((op.kind === 'set' ? op.seen : op.covers).map((id) => id.toLowerCase())),
]

/** Why the content of an operation cannot be taken, or null. */
export function refuseContent(op: InspectionOp): { code: string; params: Record<string, unknown> } | null {
  if (op.kind === 'sign') return null
  const kind = fieldKind(op.field)
  if (kind === null) return { code: 'inspections.field_unknown', params: { field: op.field } }
  return Check(FIELD_VALUES[kind], op.value) ? null : { code: 'inspections.value_invalid', params: { field: op.field } }
}

/** Whether what came is the same as what is kept under its id. */
export function isSame(kept: StoredOp, op: InspectionOp): boolean {
  return (
    kept.kind === op.kind &&
    kept.field === (op.kind === 'set' ? op.field : '') &&
    canonical(kept.value) === canonical(op.kind === 'set' ? op.value : null) &&
    canonical([...kept.seen].sort()) === canonical(namedBy(op).sort())
  )
}

export const setsOf = (ops: readonly StoredOp[]): StoredOp[] =>
  ops.filter(({ kind, outcome }) => kind === 'set' && outcome !== 'refused')
