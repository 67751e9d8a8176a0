import { GRADES, type Grade } from './catalogue.ts'
import { type Defect, type SamplingPlan, SERIOUS_DEFECTS } from './inspection-plan.ts'

/**
 * The grade by rule. Each measure allows a grade of its own and the worst of them is the batch's, so a worse measurement
 * can never give a better grade. The tolerances of defects are those of the UNECE standards for fresh produce (5 and 10 %
 * of pieces; 0.5, 1 and 2 % that are rotten); the spread of sizes and the limits of a failure are ours.
 */

export const RESIDUES = ['negative', 'positive', 'not_done'] as const
export type Residue = (typeof RESIDUES)[number]

/** What was measured of a batch. Sugar in 0.1 °Brix, size in mm, defects in pieces of `pieces`. */
export interface Measurements {
  readonly sugar: readonly number[]
  readonly size: readonly number[]
  readonly pieces: number
  readonly defects: Readonly<Partial<Record<Defect, number>>>
  /** Null while nobody has said. */
  readonly residue: Residue | null
}

export type PartGrade = Grade | 'fail'
export const GRADE_PARTS = ['sugar', 'size', 'defects', 'serious', 'residue'] as const
/** What one measure allows. `value` and `limit` are in 0.1 °Brix (sugar) or in thousandths; null where there is none. */
export interface GradePart {
  readonly measure: (typeof GRADE_PARTS)[number]
  readonly grade: PartGrade
  readonly value: number | null
  /** What the next better grade would need; null at the best. */
  readonly limit: number | null
}
export interface GradeResult {
  readonly grade: Grade
  readonly verdict: 'pass' | 'fail'
  readonly parts: readonly GradePart[]
}

const ORDER: readonly PartGrade[] = [...GRADES, 'fail']
const rank = (grade: PartGrade) => ORDER.indexOf(grade)

/** Most that each grade allows, in thousandths of the pieces, or of the mean for the spread of sizes. */
const SPREAD_MOST = [200, 350, 500] as const
const DEFECTS_MOST = [50, 100, 200] as const
const SERIOUS_MOST = [5, 10, 20] as const
const DEFECTS_FAIL_OVER = 400
const SERIOUS_FAIL_OVER = 100

function atMost(measure: GradePart['measure'], value: number, most: readonly number[], failOver = Infinity): GradePart {
  if (value > failOver) return { measure, grade: 'fail', value, limit: failOver }
  const at = most.findIndex((limit) => value <= limit)
  const grade = GRADES[at === -1 ? 3 : at] ?? 'ungraded'
  return { measure, grade, value, limit: at === 0 ? null : (most[at === -1 ? 2 : at - 1] ?? null) }
}

function sugarPart(plan: SamplingPlan, sugar: readonly number[]): GradePart[] {
  if (plan.sugar === null) return []
  const least = [plan.sugar.special, plan.sugar.first, plan.sugar.second]
  if (sugar.length < plan.samples)
    return [{ measure: 'sugar', grade: 'ungraded', value: null, limit: least[2] ?? null }]
  const mean = Math.floor(sugar.reduce((sum, each) => sum + each, 0) / sugar.length)
  const at = least.findIndex((limit) => mean >= limit)
  const grade = GRADES[at === -1 ? 3 : at] ?? 'ungraded'
  return [{ measure: 'sugar', grade, value: mean, limit: at === 0 ? null : (least[at === -1 ? 2 : at - 1] ?? null) }]
}

function sizePart(plan: SamplingPlan, size: readonly number[]): GradePart[] {
  if (!plan.size) return []
  if (size.length < plan.samples) return [{ measure: 'size', grade: 'ungraded', value: null, limit: SPREAD_MOST[2] }]
  const sum = size.reduce((total, each) => total + each, 0)
  // Largest less smallest, as a share of the mean.
  const spread = Math.ceil(((Math.max(...size) - Math.min(...size)) * 1000 * size.length) / sum)
  return [atMost('size', spread, SPREAD_MOST)]
}

function defectParts(measured: Measurements): GradePart[] {
  const count = (kinds: readonly string[]) =>
    kinds.reduce((sum, kind) => sum + (measured.defects[kind as Defect] ?? 0), 0)
  const share = (pieces: number) => Math.min(1000, Math.ceil((pieces * 1000) / Math.max(1, measured.pieces)))
  return [
    atMost('defects', share(count(Object.keys(measured.defects))), DEFECTS_MOST, DEFECTS_FAIL_OVER),
    atMost('serious', share(count(SERIOUS_DEFECTS)), SERIOUS_MOST, SERIOUS_FAIL_OVER),
  ]
}

/** Untested goods are never special; a positive card fails them whatever else was measured. */
function residuePart(plan: SamplingPlan, residue: Residue | null): GradePart[] {
  if (residue === 'positive') return [{ measure: 'residue', grade: 'fail', value: null, limit: null }]
  if (!plan.residue || residue === 'negative') {
    return plan.residue ? [{ measure: 'residue', grade: 'special', value: null, limit: null }] : []
  }
  return [{ measure: 'residue', grade: 'first', value: null, limit: null }]
}

/** The grade of what has been measured so far, with what each measure allows. Pure, the same on the phone and on the server. */
export function gradeBatch(plan: SamplingPlan, measured: Measurements): GradeResult {
  const parts = [
    ...sugarPart(plan, measured.sugar),
    ...sizePart(plan, measured.size),
    ...defectParts(measured),
    ...residuePart(plan, measured.residue),
  ]
  const worst = parts.reduce<PartGrade>(
    (found, part) => (rank(part.grade) > rank(found) ? part.grade : found),
    'special',
  )
  return worst === 'fail' ? { grade: 'ungraded', verdict: 'fail', parts } : { grade: worst, verdict: 'pass', parts }
}
