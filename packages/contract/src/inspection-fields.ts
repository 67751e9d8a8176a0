import { type Static, Type } from 'typebox'
import { exact, Instant, nullable, text } from './basics.ts'
import { type Measurements, RESIDUES } from './inspection-grade.ts'
import { DEFECTS, SAMPLES_MAX, type SamplingPlan } from './inspection-plan.ts'

/**
 * An inspection is a set of fields, each written by operations. An operation names the operations on its field that its
 * author had seen; what no other one names is a head of the field. One value among the heads is the field's value; several
 * stand side by side until a person writes one that has seen them all. The heads depend on the set of operations alone and
 * not on the order in which they came, so two devices end alike, however often and in whatever order they send.
 */

const Lng = nullable(Type.Integer({ minimum: -18_000_000, maximum: 18_000_000 }))
const Lat = nullable(Type.Integer({ minimum: -9_000_000, maximum: 9_000_000 }))
/** Points of a finger as x, y, x, y…, each from 0 to 1000 of the width and height of the box. */
const Stroke = Type.Array(Type.Integer({ minimum: 0, maximum: 1000 }), { minItems: 2, maxItems: 600 })

export const SignatureValue = exact({
  name: text(40, 1),
  strokes: Type.Array(Stroke, { minItems: 1, maxItems: 40 }),
  at: Instant,
  /** documentMark of what was on the screen: a signature under other values does not count. */
  of: text(20, 1),
})
export type SignatureValue = Static<typeof SignatureValue>
export const PhotoValue = exact({
  at: Instant,
  lngE5: Lng,
  latE5: Lat,
  accuracyM: nullable(Type.Integer({ minimum: 0, maximum: 100_000 })),
})
export type PhotoValue = Static<typeof PhotoValue>
export const StartedValue = exact({ at: Instant, lngE5: Lng, latE5: Lat })
export type StartedValue = Static<typeof StartedValue>
/** Who promises: name and telephone stand on the certificate. */
export const FarmerValue = exact({ name: text(40), phone: Type.String({ pattern: '^(\\+?[0-9 -]{6,20})?$' }) })
export type FarmerValue = Static<typeof FarmerValue>

/** Photos of an inspection, at most. */
export const PHOTOS_MAX = 12
const Count = Type.Integer({ minimum: 0, maximum: 1000 })

/** What each field may hold, by the first word of its name. */
export const FIELD_VALUES = {
  started: StartedValue,
  batch: text(60),
  place: text(80),
  note: text(500),
  farmer: FarmerValue,
  grams: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
  sugar: nullable(Type.Integer({ minimum: 0, maximum: 400 })),
  size: nullable(Type.Integer({ minimum: 1, maximum: 2000 })),
  pieces: Type.Integer({ minimum: 1, maximum: 1000 }),
  defect: Count,
  residue: nullable(Type.Union(RESIDUES.map((residue) => Type.Literal(residue)))),
  photo: nullable(PhotoValue),
  signature: nullable(SignatureValue),
  dropped: Type.Boolean(),
} as const
export type FieldKind = keyof typeof FIELD_VALUES

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const isSample = (rest: string) => /^[1-9]\d?$/.test(rest) && Number(rest) <= SAMPLES_MAX
/** What may stand after the slash; a kind that is not here has none. */
const RESTS: Partial<Record<FieldKind, (rest: string) => boolean>> = {
  sugar: isSample,
  size: isSample,
  defect: (rest) => DEFECTS.some((kind) => kind === rest),
  photo: (rest) => UUID.test(rest),
  signature: (rest) => rest === 'inspector' || rest === 'farmer',
}

/** The kind of a field name such as sugar/3, or null when there is no such field. */
export function fieldKind(field: string): FieldKind | null {
  const [kind = '', rest, ...more] = field.split('/')
  if (!(kind in FIELD_VALUES) || more.length > 0) return null
  const known = kind as FieldKind
  const check = RESTS[known]
  return (check === undefined ? rest === undefined : rest !== undefined && check(rest)) ? known : null
}

/** JSON with the keys in order, so that equal values are equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
    .join(',')}}`
}

export interface FieldOp {
  readonly id: string
  readonly field: string
  readonly value: unknown
  /** Operations on the same field that its author had seen. */
  readonly seen: readonly string[]
}

/** The operations of each field that no other one of the field has seen, in the order of their ids. */
export function headsOf<Op extends FieldOp>(ops: Iterable<Op>): Map<string, Op[]> {
  const all = new Map([...ops].map((op) => [op.id, op]))
  const seen = new Set<string>()
  for (const op of all.values()) for (const id of op.seen) if (all.get(id)?.field === op.field) seen.add(id)
  const heads = new Map<string, Op[]>()
  for (const op of [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!seen.has(op.id)) heads.set(op.field, [...(heads.get(op.field) ?? []), op])
  }
  return heads
}

export type Values = Readonly<Record<string, unknown>>

/** The values on which all heads agree, and the fields on which they do not. */
export function settle(heads: ReadonlyMap<string, readonly FieldOp[]>): { values: Values; disputed: string[] } {
  const values: Record<string, unknown> = {}
  const disputed: string[] = []
  for (const [field, ops] of heads) {
    if (new Set(ops.map((op) => canonical(op.value))).size > 1) disputed.push(field)
    else values[field] = ops[0]?.value
  }
  return { values, disputed }
}

/** What the values say in the words of the grade. Samples beyond the plan do not count. */
export function measurementsOf(plan: SamplingPlan, values: Values): Measurements {
  const numbers = (kind: 'sugar' | 'size') =>
    Array.from({ length: plan.samples }, (_, at) => values[`${kind}/${at + 1}`]).filter(
      (each): each is number => typeof each === 'number',
    )
  const defects = DEFECTS.map((kind) => [kind, Number(values[`defect/${kind}`] ?? 0)] as const)
  return {
    sugar: numbers('sugar'),
    size: numbers('size'),
    pieces: Number(values.pieces ?? plan.pieces),
    defects: Object.fromEntries(defects),
    residue: (values.residue ?? null) as Measurements['residue'],
  }
}

/** A short mark of everything but the signatures, for telling apart what was signed from what stands now. */
export function documentMark(values: Values): string {
  const signed = Object.entries(values).filter(([field]) => !field.startsWith('signature/') && field !== 'dropped')
  const words = canonical(Object.fromEntries(signed))
  // FNV-1a over two halves: it finds a changed value, it does not prove one.
  let a = 0x811c9dc5
  let b = 0xcbf29ce4
  for (let at = 0; at < words.length; at++) {
    const code = words.charCodeAt(at)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ (code + at), 0x01000193)
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36)
}

export const SIGN_NEEDS = [
  'settled',
  'grams',
  'farmer',
  'sugar',
  'size',
  'residue',
  'photo',
  'signature_inspector',
  'signature_farmer',
] as const
export type SignNeed = (typeof SIGN_NEEDS)[number]

/** What is still missing before these values can be signed; empty: nothing. */
export function missingForSign(plan: SamplingPlan, values: Values, disputed: readonly string[]): SignNeed[] {
  const measured = measurementsOf(plan, values)
  const mark = documentMark(values)
  const signedBy = (who: string) => (values[`signature/${who}`] as SignatureValue | null | undefined)?.of === mark
  const photos = Object.entries(values).filter(([field, value]) => field.startsWith('photo/') && value !== null)
  const needs: [SignNeed, boolean][] = [
    ['settled', disputed.length === 0],
    ['grams', typeof values.grams === 'number'],
    ['farmer', ((values.farmer as FarmerValue | undefined)?.name ?? '').trim() !== ''],
    ['sugar', plan.sugar === null || measured.sugar.length === plan.samples],
    ['size', !plan.size || measured.size.length === plan.samples],
    ['residue', measured.residue !== null || !plan.residue],
    ['photo', photos.length > 0],
    ['signature_inspector', signedBy('inspector')],
    ['signature_farmer', signedBy('farmer')],
  ]
  return needs.filter(([, met]) => !met).map(([need]) => need)
}
