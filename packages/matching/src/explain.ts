import type { Draft } from './draft.ts'
import { ageAtMarket, lifeDays, misfit, roadKm, unitCost } from './fit.ts'
import { indexById, refusedPairs } from './frozen.ts'
import type { Alert, Instance } from './instance.ts'
import type { ChoiceReason, Explanation, FitCondition, Flow, Proposal, Unsold } from './plan.ts'
import { unsoldCostFen } from './price-plan.ts'

/** How many of the nearest merchants who deal in the produce and are not in the plan are named with what excluded them. */
const excludedMax = 8

interface Candidate {
  readonly merchant: number
  readonly id: string
  readonly km: number
  readonly misfit: FitCondition | null
  /** The pair in the network, -1 when there is none: no room is left beside frozen flows, or it gains nothing. */
  readonly pair: number
}

interface NextBest {
  readonly merchantId: string
  /** Fen for a tonne. */
  readonly unit: number
  readonly full: boolean
}

/** Explains the choice for alerts: looks at every merchant for each. */
export class Explainer {
  readonly #instance: Instance
  readonly #draft: Draft
  readonly #refused: ReadonlySet<string>
  readonly #merchantIndex: Map<string, number>

  constructor(instance: Instance, draft: Draft) {
    this.#instance = instance
    this.#draft = draft
    this.#refused = refusedPairs(instance)
    this.#merchantIndex = indexById(instance.merchants)
  }

  /** The explanation of one alert, and its unsold rest if there is one. `flows` are those of the alert. */
  explain(
    alertIndex: number,
    flows: readonly Flow[],
    soldG: number,
  ): { explanation: Explanation; unsold: Unsold | null } | null {
    const alert = this.#instance.alerts[alertIndex]
    if (alert === undefined) return null
    const candidates = this.#candidates(alert, alertIndex)
    const inPlan = new Set(flows.map(({ merchantId }) => merchantId))
    const others = candidates.filter(({ id }) => !inPlan.has(id)).sort((a, b) => a.km - b.km || a.merchant - b.merchant)
    // Who does not deal in the produce is no news, however near.
    const dealing = others.filter((candidate) => candidate.misfit !== 'produce')
    const nextBest = this.#nextBest(alert, others)
    const explanation = {
      alertId: alert.id,
      fitting: candidates.filter((candidate) => candidate.misfit === null).length,
      proposals: this.#proposals(alert, flows, nextBest),
      excluded: (dealing.length > 0 ? dealing : others).slice(0, excludedMax).map((candidate) => ({
        merchantId: candidate.id,
        km: candidate.km,
        condition: candidate.misfit ?? this.#choice(candidate, alertIndex),
      })),
    }
    const grams = alert.grams - soldG
    if (grams <= 0) return { explanation, unsold: null }
    const counts = new Map<FitCondition | ChoiceReason, number>()
    for (const candidate of candidates) {
      const condition = candidate.misfit ?? this.#choice(candidate, alertIndex)
      counts.set(condition, (counts.get(condition) ?? 0) + 1)
    }
    const reasons = [...counts]
      .map(([condition, merchants]) => ({ condition, merchants }))
      .sort((a, b) => b.merchants - a.merchants || (a.condition < b.condition ? -1 : 1))
    return {
      explanation,
      unsold: { alertId: alert.id, grams, costFen: unsoldCostFen(this.#instance, alert, grams), reasons },
    }
  }

  #candidates(alert: Alert, alertIndex: number): Candidate[] {
    const { pairStart, pairMerchant } = this.#draft.network
    let pair = pairStart[alertIndex] ?? 0
    const end = pairStart[alertIndex + 1] ?? 0
    return this.#instance.merchants.map((to, merchant) => {
      const km = roadKm(alert, to, this.#instance.rules)
      // Pairs of an alert are in the order of the merchants.
      const known = pair < end && pairMerchant[pair] === merchant ? pair : -1
      if (known >= 0) pair += 1
      return {
        merchant,
        id: to.id,
        km,
        pair: known,
        misfit: known >= 0 ? null : misfit(this.#instance, this.#refused, alert, to, km),
      }
    })
  }

  /** Whether the merchant has no room for another lot on any day that would do. */
  #isFull({ merchant, pair }: Candidate): boolean {
    const { arcStart, arcSlot, lotMinG, remainder } = this.#draft.network
    const lotG = lotMinG[merchant] ?? 1
    if ((this.#draft.totalLeftG[merchant] ?? 0) < lotG) return true
    if (pair < 0) {
      const { days } = this.#instance
      return remainder.capacityG.subarray(merchant * days, (merchant + 1) * days).every((grams) => grams < lotG)
    }
    for (let arc = arcStart[pair] ?? 0; arc < (arcStart[pair + 1] ?? 0); arc += 1)
      if ((this.#draft.capacityLeftG[arcSlot[arc] ?? -1] ?? 0) >= lotG) return false
    return true
  }

  /** Why a merchant who fits did not get (more of) the alert. */
  #choice(candidate: Candidate, alertIndex: number): FitCondition | ChoiceReason {
    const { lotMinG, supplyG } = this.#draft.network
    if (this.#isFull(candidate)) return 'full'
    const unsoldG = this.#draft.supplyLeftG[alertIndex] ?? 0
    if (unsoldG > 0 && (this.#draft.slotsLeft[alertIndex] ?? 0) === 0) return 'merchants_max'
    if (supplyG[alertIndex] === 0 || candidate.pair < 0 || unsoldG === 0) return 'cost'
    return unsoldG < (lotMinG[candidate.merchant] ?? 1) ? 'lot_minimum' : 'cost'
  }

  /** The cheapest of those who fit; on its cheapest day. */
  #nextBest(alert: Alert, others: readonly Candidate[]): NextBest | null {
    let best: { candidate: Candidate; unit: number } | null = null
    for (const candidate of others) {
      const to = this.#instance.merchants[candidate.merchant]
      if (candidate.misfit !== null || to === undefined) continue
      const { arcStart, arcDay } = this.#draft.network
      const day =
        candidate.pair < 0
          ? Math.max(0, alert.pickedOn ?? alert.pickFrom)
          : (arcDay[arcStart[candidate.pair] ?? 0] ?? 0)
      const unit = unitCost(alert, to, candidate.km, day, this.#instance.rules).totalFen
      if (best === null || unit < best.unit) best = { candidate, unit }
    }
    return best === null ? null : { merchantId: best.candidate.id, unit: best.unit, full: this.#isFull(best.candidate) }
  }

  #proposals(alert: Alert, flows: readonly Flow[], nextBest: NextBest | null): Proposal[] {
    const proposals = new Map<string, { grams: number; costFen: number; lastDay: number }>()
    for (const { merchantId, grams, cost, day } of flows) {
      const known = proposals.get(merchantId) ?? { grams: 0, costFen: 0, lastDay: day }
      proposals.set(merchantId, {
        grams: known.grams + grams,
        costFen: known.costFen + cost.totalFen,
        lastDay: Math.max(known.lastDay, day),
      })
    }
    return [...proposals].flatMap(([merchantId, { grams, costFen, lastDay }]) => {
      const to = this.#instance.merchants[this.#merchantIndex.get(merchantId) ?? -1]
      if (to === undefined) return []
      const km = roadKm(alert, to, this.#instance.rules)
      const costFenPerTonne = Math.round((costFen * 1e6) / grams)
      return [
        {
          merchantId,
          grams,
          km,
          lifeLeftDays: lifeDays(alert, to) - ageAtMarket(alert, to, km, lastDay),
          costFenPerTonne,
          nextBest:
            nextBest === null
              ? null
              : {
                  merchantId: nextBest.merchantId,
                  extraFenPerTonne: nextBest.unit - costFenPerTonne,
                  full: nextBest.full,
                },
        },
      ]
    })
  }
}
