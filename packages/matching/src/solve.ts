import { assemblePlan } from './assemble-plan.ts'
import { draftGreedily } from './greedy.ts'
import type { Instance } from './instance.ts'
import { buildNetwork } from './network.ts'
import type { Plan } from './plan.ts'
import { pricePlan } from './price-plan.ts'
import { gainBound, loadSolver } from './relax.ts'
import { search } from './search.ts'

export interface SolveOptions {
  /** Time after which the best plan so far is given; 60 by default. Loading the solver's 3 MB once is not counted. */
  readonly seconds?: number
  /** Stops as soon as (objective - bound) / bound is this small; 0.0001 by default. */
  readonly gap?: number
}

const secondsDefault = 60
const gapDefault = 1e-4

/** Seconds left of a budget, less what writing the plan down will take. */
export function clockOf(seconds: number) {
  const start = performance.now()
  const spent = () => (performance.now() - start) / 1000
  return { spent, left: (reserve: number) => seconds - reserve - spent() }
}

/**
 * The best plan found for the instance (as readInstance gives it) within the seconds. It is never worse than the greedy
 * desk's, and the same for the same instance and options unless the time ran out. It keeps its thread busy: call it in a
 * worker thread where others wait.
 */
export async function solve(
  instance: Instance,
  { seconds = secondsDefault, gap = gapDefault }: SolveOptions = {},
): Promise<Plan> {
  const highs = await loadSolver()
  const clock = clockOf(seconds)
  const network = buildNetwork(instance)
  const reserve = Math.min(seconds / 4, 0.03 + 0.01 * seconds + 2.5 * clock.spent())
  const start = draftGreedily(network)
  const result = search({ network, highs, starts: [start.lots()], secondsLeft: () => clock.left(reserve), gap })
  const plan = assemblePlan({ instance, network, gap, ...result, seconds: clock.spent })
  // Costs are rounded for each flow: among plans as good as equal, that could tip the scales.
  if (plan.objectiveFen <= pricePlan(instance, start).objectiveFen) return plan
  return assemblePlan({ instance, network, gap, ...result, draft: start, seconds: clock.spent })
}

/** The plan of the greedy desk, for comparison: nearest fitting merchant first, in the order of arrival. Its bound is a weak one. */
export function greedy(instance: Instance): Plan {
  const clock = clockOf(0)
  const network = buildNetwork(instance)
  const duals = {
    slotFen: new Float64Array(network.capacityG.length),
    totalFen: new Float64Array(network.totalG.length),
    mateFen: new Float64Array(network.supplyG.length),
  }
  const bound = gainBound(network, duals)
  return assemblePlan({
    instance,
    network,
    gap: 0,
    draft: draftGreedily(network),
    duals,
    gainBound: bound,
    inTime: true,
    seconds: clock.spent,
  })
}
