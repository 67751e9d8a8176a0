import type { Highs } from 'highs'
import { Draft, type Lot } from './draft.ts'
import { reassign } from './exact.ts'
import { improve } from './improve.ts'
import { topUp } from './insert.ts'
import { descend } from './neighbourhood.ts'
import type { Network } from './network.ts'
import { type Duals, Relaxation } from './relax.ts'
import { roundRelaxation } from './round.ts'

const wholeArcsMax = 600
const wholeNodesMax = 1_000
const optimalGap = 1e-6

export interface SearchTask {
  readonly network: Network
  readonly highs: Highs
  /** Plans to begin with; the result is never worse than the best of them. */
  readonly starts: ReadonlyArray<readonly Lot[]>
  readonly secondsLeft: () => number
  /** Relative gap, of the cost, at which to stop. */
  readonly gap: number
}

export interface SearchResult {
  readonly draft: Draft
  readonly duals: Duals
  /** In fen per tonne times grams. */
  readonly gainBound: number
  readonly inTime: boolean
}

/** Cost of leaving everything in the network unsold, in fen per tonne times grams. */
export function unsoldCost({ supplyG, unsoldFen }: Network): number {
  return supplyG.reduce((sum, grams, alert) => sum + grams * (unsoldFen[alert] as number), 0)
}

function bestOf(network: Network, starts: ReadonlyArray<readonly Lot[]>): Draft {
  const best = new Draft(network)
  for (const lots of starts) {
    const draft = new Draft(network)
    draft.load(lots)
    if (draft.gain > best.gain) best.load(lots)
  }
  return best
}

/** What is small enough is handed over as it is, which also proves a better bound; Infinity when it is not. */
function solveWhole(draft: Draft, highs: Highs, alerts: readonly number[], secondsLeft: () => number): number {
  const arcs = [...draft.network.arcPair.keys()]
  if (arcs.length === 0 || arcs.length > wholeArcsMax || secondsLeft() <= 0) return Number.POSITIVE_INFINITY
  return reassign(draft, highs, alerts, arcs, secondsLeft() / 2, { gap: 1e-7, nodes: wholeNodesMax }).gainBound
}

/** The relaxation, its rounding, ruin and recreate, and integer models of pieces, one after the other. */
export function search({ network, highs, starts, secondsLeft, gap }: SearchTask): SearchResult {
  const relaxation = new Relaxation(network, highs)
  try {
    const untilSolved = secondsLeft() * 0.4
    const { duals, gainBound: bound, isSolved } = relaxation.solveAll(() => secondsLeft() - untilSolved)
    const prices = { ...duals, weight: 1 }
    // A plan of this gain costs at most (1 + gap) times the bound.
    const enoughGain = bound - gap * Math.max(0, unsoldCost(network) - bound)
    const rounded =
      isSolved && secondsLeft() > 0 ? [roundRelaxation(network, relaxation, prices, secondsLeft).lots()] : []
    const draft = bestOf(network, [...starts, ...rounded])
    const alerts = [...network.supplyG.keys()].filter((alert) => (network.supplyG[alert] as number) > 0)
    const untilImproved = secondsLeft() * 0.6
    improve({
      draft,
      prices,
      alerts,
      steps: Math.min(100 * alerts.length, 100_000),
      secondsLeft: () => secondsLeft() - untilImproved,
      enoughGain,
      ruinMax: 8,
    })
    topUp(draft)
    const whole = solveWhole(draft, highs, alerts, secondsLeft)
    if (draft.gain < Math.min(enoughGain, whole - draft.gain * optimalGap))
      descend({ draft, highs, prices, alerts, staleMax: Math.max(60, alerts.length), secondsLeft, enoughGain })
    topUp(draft)
    return { draft, duals, gainBound: Math.min(bound, whole), inTime: secondsLeft() > 0 }
  } finally {
    relaxation.dispose()
  }
}
