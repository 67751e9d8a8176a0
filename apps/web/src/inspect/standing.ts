import { canonical, headsOf, measurementsOf, settle, type Values } from '@chunbo/contract/inspection-fields'
import { type GradeResult, gradeBatch } from '@chunbo/contract/inspection-grade'
import { planOf, type SamplingPlan } from '@chunbo/contract/inspection-plan'
import type { FieldHead, Inspection } from '@chunbo/contract/inspections'
import { momentText } from '../ui/when.ts'
import type { Side } from './side-by-side.vue'

/** An operation that stands in an inspection: from the server, or of this device and not sent yet. */
export interface StandingOp {
  readonly id: string
  readonly field: string
  readonly value: unknown
  readonly seen: readonly string[]
  readonly at: string
  readonly who: string
}

/** How an inspection stands: its values, what is disputed, the plan that it needs and the grade as of now. */
export interface Standing {
  readonly heads: ReadonlyMap<string, StandingOp[]>
  readonly values: Values
  readonly disputed: readonly string[]
  readonly plan: SamplingPlan
  readonly result: GradeResult
}

export const opOfHead = (field: string, head: FieldHead): StandingOp => ({
  id: head.op,
  field,
  value: head.value,
  seen: head.seen,
  at: head.at,
  who: head.by.name,
})

/** Folds what the server has with what was not sent yet. `grams` stands in while nobody has weighed. */
export function standingOf(
  inspection: Inspection | undefined,
  own: readonly StandingOp[],
  facts: { readonly family: string | null; readonly grams: number },
): Standing {
  const sent = (inspection?.fields ?? []).flatMap(({ field, heads }) => heads.map((head) => opOfHead(field, head)))
  const heads = headsOf([...sent, ...own])
  const { values, disputed } = settle(heads)
  const plan = planOf(facts.family, Number(values.grams ?? facts.grams))
  return { heads, values, disputed, plan, result: gradeBatch(plan, measurementsOf(plan, values)) }
}

const sideOf = (op: StandingOp): Side => ({ key: op.id, value: op.value, who: op.who, at: momentText(op.at) })

/** The fields of a draft with several values, each as sides to choose from. */
export function disputes(standing: Standing): { field: string; sides: Side[] }[] {
  return standing.disputed.map((field) => ({ field, sides: (standing.heads.get(field) ?? []).map(sideOf) }))
}

/** Fields whose standing values are others than the signed ones: the signed value first. */
export function lateValues(
  inspection: Inspection,
  heads: ReadonlyMap<string, readonly StandingOp[]>,
): { field: string; sides: Side[] }[] {
  const { signed } = inspection
  if (signed === null) return []
  return [...heads].flatMap(([field, ops]) => {
    const value = signed.values[field] ?? null
    const others = ops.filter((op) => canonical(op.value) !== canonical(value))
    if (others.length === 0) return []
    return [
      {
        field,
        sides: [{ key: 'signed', value, who: signed.by.name, at: momentText(signed.at) }, ...others.map(sideOf)],
      },
    ]
  })
}
