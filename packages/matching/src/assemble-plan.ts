import type { Draft } from './draft.ts'
import { Explainer } from './explain.ts'
import type { Alert, Instance } from './instance.ts'
import type { Network } from './network.ts'
import type { Explanation, Flow, Plan, PlanStatus, Unsold } from './plan.ts'
import { pricePlan, unsoldCostFen } from './price-plan.ts'
import type { Duals } from './relax.ts'
import { unsoldCost } from './search.ts'

export interface Assembly {
  readonly instance: Instance
  /** Of the whole instance: the bound and the prices are about it. */
  readonly network: Network
  readonly draft: Draft
  readonly duals: Duals
  readonly gainBound: number
  readonly gap: number
  readonly inTime: boolean
  /** Seconds spent so far. */
  readonly seconds: () => number
  /** Explanations to repeat, except of alerts that were given anew and of those whose flows are no longer the same. */
  readonly keep?: { readonly previous: Plan; readonly anew: ReadonlySet<number> }
}

const optimalGap = 1e-4

/** A cost that no plan can be below, in whole fen. */
function boundOf({ instance, network, gainBound }: Assembly, flows: readonly Flow[], objectiveFen: number): number {
  const frozenFen = flows.reduce((sum, { frozen, cost }) => sum + (frozen ? cost.totalFen : 0), 0)
  const openFen = (unsoldCost(network) - gainBound) / 1e6
  // Costs are rounded flow by flow; where that makes the plan cheaper than the bound, the bound gives way.
  return instance.alerts.length === 0 ? 0 : Math.max(0, Math.min(objectiveFen, frozenFen + Math.floor(openFen)))
}

function pricesOf({ instance, duals }: Assembly): Plan['prices'] {
  const { alerts, merchants, days } = instance
  const prices: Plan['prices'] = { capacity: [], total: [], slots: [] }
  merchants.forEach(({ id }, merchant) => {
    const totalFen = duals.totalFen[merchant] ?? 0
    if (totalFen > 0) prices.total.push({ merchantId: id, fenPerTonne: totalFen })
    for (let day = 0; day < days; day += 1) {
      const fenPerTonne = duals.slotFen[merchant * days + day] ?? 0
      if (fenPerTonne > 0) prices.capacity.push({ merchantId: id, day, fenPerTonne })
    }
  })
  alerts.forEach(({ id }, alert) => {
    const fen = duals.mateFen[alert] ?? 0
    if (fen > 0) prices.slots.push({ alertId: id, fen })
  })
  return prices
}

/** Whether an alert sells the same lots at the same costs as in the previous plan, and what it does not sell costs the same. */
function isAsBefore(
  { instance, draft }: Assembly,
  alert: number,
  flows: readonly [then: readonly Flow[], now: readonly Flow[]],
  rest: Unsold | null,
): boolean {
  const { alerts } = instance
  const grams = draft.supplyLeftG[alert] ?? 0
  const [then, now] = flows.map((lots) => JSON.stringify(lots))
  const costFen = unsoldCostFen(instance, alerts[alert] as Alert, grams)
  return then === now && (rest?.grams ?? 0) === grams && (rest?.costFen ?? 0) === costFen
}

/** What the previous plan said about alerts that are as they were; also a change that nobody told of is found by its costs. */
function repeatable(
  assembly: Assembly,
  flowsByAlert: ReadonlyMap<string, readonly Flow[]>,
): Map<string, { explanation: Explanation; unsold: Unsold | null }> {
  const { instance, keep } = assembly
  const known = new Map<string, { explanation: Explanation; unsold: Unsold | null }>()
  if (keep === undefined) return known
  const merchants = new Set(instance.merchants.map(({ id }) => id))
  const explanations = new Map(keep.previous.explanations.map((explanation) => [explanation.alertId, explanation]))
  const unsold = new Map(keep.previous.unsold.map((rest) => [rest.alertId, rest]))
  const before = Map.groupBy(keep.previous.flows, ({ alertId }) => alertId)
  instance.alerts.forEach(({ id }, alert) => {
    const explanation = explanations.get(id)
    const rest = unsold.get(id) ?? null
    if (explanation === undefined || keep.anew.has(alert)) return
    if (!isAsBefore(assembly, alert, [before.get(id) ?? [], flowsByAlert.get(id) ?? []], rest)) return
    const named = [...explanation.excluded, ...explanation.proposals.flatMap(({ nextBest }) => nextBest ?? [])]
    if (named.every(({ merchantId }) => merchants.has(merchantId))) known.set(id, { explanation, unsold: rest })
  })
  return known
}

function explainAll(assembly: Assembly, flows: readonly Flow[], soldG: Float64Array) {
  const { instance, draft } = assembly
  const explainer = new Explainer(instance, draft)
  const byAlert = Map.groupBy(flows, ({ alertId }) => alertId)
  const known = repeatable(assembly, byAlert)
  const explanations: Explanation[] = []
  const unsold: Unsold[] = []
  instance.alerts.forEach(({ id }, alert) => {
    const explained = known.get(id) ?? explainer.explain(alert, byAlert.get(id) ?? [], soldG[alert] ?? 0)
    if (explained === null) return
    explanations.push(explained.explanation)
    if (explained.unsold !== null) unsold.push(explained.unsold)
  })
  return { explanations, unsold }
}

/** Writes the draft down as a plan: flows with costs, the unsold with reasons, explanations, bound and status. */
export function assemblePlan(assembly: Assembly): Plan {
  const { instance, network, draft, gap: wantedGap, inTime } = assembly
  const { flows, soldG, costs, objectiveFen } = pricePlan(instance, draft)
  const boundFen = boundOf(assembly, flows, objectiveFen)
  const gap = (objectiveFen - boundFen) / Math.max(1, boundFen)
  const { clashes } = network.remainder
  const { explanations, unsold } = explainAll(assembly, flows, soldG)
  const supply = instance.alerts.reduce((sum, { grams }) => sum + grams, 0)
  const reached: PlanStatus =
    gap <= optimalGap ? 'optimal' : gap <= wantedGap ? 'within_gap' : inTime ? 'searched' : 'time_limit'
  return {
    version: 1,
    startDay: instance.startDay,
    days: instance.days,
    status: clashes.length > 0 ? 'infeasible' : reached,
    objectiveFen,
    boundFen,
    gap,
    costs,
    grams: {
      supply,
      sold: soldG.reduce((sum, grams) => sum + grams, 0),
      unsold: unsold.reduce((sum, { grams }) => sum + grams, 0),
    },
    flows,
    unsold,
    explanations,
    clashes: [...clashes],
    prices: pricesOf(assembly),
    seconds: Math.round(assembly.seconds() * 1000) / 1000,
  }
}
