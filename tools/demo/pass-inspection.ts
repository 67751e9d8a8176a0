import { randomUUID } from 'node:crypto'
import { documentMark, planOf } from '@chunbo/contract'
import type { DemoSession } from './session.ts'

/** Goods that an inspector finds good: what the sampling plan asks for, measured well inside the first grade. */
interface GoodBatch {
  readonly caseId: number
  /** Family of the produce, which the plan hangs on; null where it is unknown. */
  readonly family: string | null
  readonly grams: number
  readonly farmer: { readonly name: string; readonly phone: string }
  readonly lngE5?: number
  readonly latE5?: number
}

/** A wave of a finger, as a signature. */
const STROKE = Array.from({ length: 12 }, (_, at) => [80 + at * 70, 500 + (at % 2 === 0 ? -120 : 120)]).flat()

/** Inspects and signs a batch as this inspector, and sends it as a phone would when it has a network again. */
export async function passInspection(inspector: DemoSession, batch: GoodBatch): Promise<void> {
  const at = new Date().toISOString()
  const plan = planOf(batch.family, batch.grams)
  const place = { lngE5: batch.lngE5 ?? null, latE5: batch.latE5 ?? null }
  const samples = Array.from({ length: plan.samples }, (_, index) => index + 1)
  const values: Record<string, unknown> = {
    started: { at, ...place },
    farmer: batch.farmer,
    grams: batch.grams,
    pieces: plan.pieces,
    [`photo/${randomUUID()}`]: { at, ...place, accuracyM: 12 },
    ...Object.fromEntries(plan.defects.map((kind) => [`defect/${kind}`, 0])),
    ...(plan.residue ? { residue: 'negative' } : {}),
    ...(plan.sugar ? Object.fromEntries(samples.map((n) => [`sugar/${n}`, (plan.sugar?.first ?? 0) + (n % 3)])) : {}),
    ...(plan.size ? Object.fromEntries(samples.map((n) => [`size/${n}`, 80 + (n % 3)])) : {}),
  }
  const mark = documentMark(values)
  const sign = (name: string) => ({ name, strokes: [STROKE], at, of: mark })
  const signed = {
    ...values,
    'signature/inspector': sign('老赵'),
    'signature/farmer': sign(batch.farmer.name),
  }
  const head = { inspectionId: randomUUID(), caseId: batch.caseId, corrects: null, at }
  const sets = Object.entries(signed).map(([field, value]) => ({
    ...head,
    id: randomUUID(),
    kind: 'set',
    field,
    value,
    seen: [],
  }))
  const ops = [...sets, { ...head, id: randomUUID(), kind: 'sign', covers: sets.map(({ id }) => id) }]
  const { results } = await inspector.send<{ results: { outcome: string; code: string | null; en: string }[] }>(
    'POST',
    '/api/inspections/sync',
    { device: randomUUID(), ops },
  )
  const refused = results.find(({ outcome }) => outcome !== 'applied')
  if (refused) throw new Error(`the inspection was not taken: ${refused.outcome} ${refused.code} ${refused.en}`)
}
