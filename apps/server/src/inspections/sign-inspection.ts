import {
  documentMark,
  type Grade,
  gradeBatch,
  headsOf,
  measurementsOf,
  missingForSign,
  planOf,
  settle,
  type Values,
} from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import type { CaseMoved } from '../relief/index.ts'
import type { InspectionsContext } from './context.ts'
import type { InspectionRow } from './lock-inspection.ts'
import { moveOn } from './move-on.ts'
import { replaceOnLots } from './prove-lots.ts'
import { type Outcome, type StoredOp, setsOf } from './stored-op.ts'

/** What became of a sign. */
export interface Signing {
  readonly outcome: Outcome
  readonly code: string | null
  readonly params: Record<string, unknown>
  readonly moved: readonly CaseMoved[]
  readonly tell: readonly (() => void)[]
}

interface Sign {
  readonly sign: StoredOp
  readonly kept: readonly StoredOp[]
  readonly family: string | null
}

const nothing = { moved: [], tell: [] } as const

/**
 * Signs what a sign covers, as soon as all of it has come in, and moves the case. What another device has written meanwhile
 * neither stops nor changes it: it stays beside the signed values. Of two signs the first to come in stands.
 */
export async function trySign(
  context: InspectionsContext,
  tx: Queryable,
  row: InspectionRow,
  { sign, kept, family }: Sign,
): Promise<Signing> {
  const covers = new Set(sign.seen)
  const covered = setsOf(kept).filter(({ id }) => covers.has(id))
  if (covered.length < covers.size) {
    const refusedOne = kept.some(({ id, outcome }) => covers.has(id) && outcome === 'refused')
    if (!refusedOne) return { outcome: 'waiting', code: null, params: {}, ...nothing }
  }
  if (row.state === 'signed') {
    return finish(tx, sign, 'conflict', 'inspections.already_signed', { name: row.signedName })
  }
  const { values, disputed } = settle(headsOf(covered))
  const plan = planOf(family, Number(values.grams ?? 1))
  const missing = missingForSign(plan, values, disputed)
  if (missing.length > 0) {
    return finish(tx, sign, 'refused', 'inspections.sign_incomplete', { missing: missing.join(', ') })
  }
  if (row.corrects !== null) {
    const other = first(
      await tx.query<{ name: string }>(
        `select u.name from inspections i join users u on u.id = i.signed_by where i.corrects = $1 and i.state = 'signed'`,
        [row.corrects],
      ),
    )
    if (other) return finish(tx, sign, 'conflict', 'inspections.already_corrected', { name: other.name })
  }
  const signed = await writeSigned(context, tx, row, sign, values, family)
  const moved = await moveOn(context, tx, { ...row, ...signed }, sign.userId)
  const tell = await replaceOnLots(context, tx, { id: row.id, corrects: row.corrects, at: sign.at, ...signed })
  return { ...(await finish(tx, sign, 'applied', null)), moved, tell }
}

async function finish(
  tx: Queryable,
  sign: StoredOp,
  outcome: Outcome,
  code: string | null,
  params: Record<string, unknown> = {},
): Promise<Signing> {
  await tx.query('update inspection_ops set outcome = $2, code = $3 where id = $1', [sign.id, outcome, code])
  return { outcome, code, params, ...nothing }
}

const chinaDay = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

/** HG, the day in China and ten digits of the inspection's own id, so that the phone could say it without a network. */
const certificateNumber = (id: string, at: Date) =>
  `HG${chinaDay(at).replaceAll('-', '')}-${id.replaceAll('-', '').slice(0, 10).toUpperCase()}`

async function writeSigned(
  context: InspectionsContext,
  tx: Queryable,
  row: InspectionRow,
  sign: StoredOp,
  values: Values,
  family: string | null,
): Promise<{ grade: Grade; verdict: 'pass' | 'fail'; certificate: string | null }> {
  const plan = planOf(family, Number(values.grams))
  const { grade, verdict, parts } = gradeBatch(plan, measurementsOf(plan, values))
  const now = context.platform.clock.now()
  const certificate = verdict === 'pass' ? certificateNumber(row.id, now) : null
  await tx.query(
    `update inspections set state = 'signed', signed_op = $2, signed_by = $3, signed_at = $4, received_at = $5, document = $6,
       parts = $7, grade = $8, verdict = $9, grams = $10, certificate = $11 where id = $1`,
    [
      row.id,
      sign.id,
      sign.userId,
      sign.at,
      now,
      JSON.stringify({ values, plan, mark: documentMark(values) }),
      JSON.stringify(parts),
      grade,
      verdict,
      Number(values.grams),
      certificate,
    ],
  )
  return { grade, verdict, certificate }
}
