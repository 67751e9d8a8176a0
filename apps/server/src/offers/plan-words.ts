import type { CaseMatch, MatchRun, OfferWhy, Pickup } from '@chunbo/contract'
import { type Alert, DEFAULT_RULES, type Flow, type Instance, type Plan, roadKm } from '@chunbo/matching'
import { brokenConditions } from './broken-conditions.ts'
import { dayAfter, looksForMerchants, toAlert, toMerchant } from './build-instance.ts'
import type { MatchCase } from './read-cases.ts'
import type { MatchMerchant } from './read-merchants.ts'

/** What a run said of one case, as it is kept and shown. */
export type CaseSaid = Pick<CaseMatch, 'fitting' | 'proposals' | 'excluded' | 'unsold'>

/** Merchants without papers that are named beside a case, at most. */
const WITHOUT_PAPERS_MAX = 5

type Names = ReadonlyMap<string, { readonly id: number; readonly name: string }>

/** Names by the ids of the instance. */
export const namesOf = (merchants: readonly MatchMerchant[]): Names =>
  new Map(merchants.map(({ id, name }) => [String(id), { id, name }]))

const named = (names: Names, id: string) => names.get(id) ?? { id: Number(id), name: id }

function pickupsOf(flows: readonly Flow[], startDay: string): Pickup[] {
  return flows.toSorted((a, b) => a.day - b.day).map(({ day, grams }) => ({ day: dayAfter(startDay, day), grams }))
}

/** Those who would take the produce and may get nothing because a paper is missing, nearest first. */
function withoutPapers(alert: Alert, merchants: readonly MatchMerchant[]): CaseSaid['excluded'] {
  return merchants
    .filter(({ active, papers }) => active && !papers)
    .filter(
      ({ produceSlugs, families }) =>
        produceSlugs.includes(alert.produce) ||
        families.some((family) => alert.family === family || alert.family.startsWith(`${family}/`)),
    )
    .map((merchant) => ({
      merchant: { id: merchant.id, name: merchant.name },
      km: roadKm(alert, toMerchant(merchant), DEFAULT_RULES),
      condition: 'papers',
    }))
    .toSorted((a, b) => a.km - b.km)
    .slice(0, WITHOUT_PAPERS_MAX)
}

/** What the plan says of each case, by its id: who is proposed and why, whom which condition excluded, what found nobody. */
export function describePlan(
  plan: Plan,
  instance: Instance,
  merchants: readonly MatchMerchant[],
): Map<number, CaseSaid> {
  const names = namesOf(merchants)
  const flows = Map.groupBy(
    plan.flows.filter(({ frozen }) => !frozen),
    ({ alertId }) => alertId,
  )
  const unsold = new Map(plan.unsold.map((rest) => [rest.alertId, rest]))
  const explanations = new Map(plan.explanations.map((explanation) => [explanation.alertId, explanation]))
  return new Map(
    instance.alerts.map((alert): [number, CaseSaid] => {
      const explanation = explanations.get(alert.id)
      const byMerchant = Map.groupBy(flows.get(alert.id) ?? [], ({ merchantId }) => merchantId)
      const rest = unsold.get(alert.id)
      const excluded = (explanation?.excluded ?? []).map(({ merchantId, km, condition }) => ({
        merchant: named(names, merchantId),
        km,
        // One without papers is in the instance only for what it has promised, and takes no produce there.
        condition: merchants.some(({ id, papers }) => String(id) === merchantId && !papers) ? 'papers' : condition,
      }))
      const told = new Set(excluded.map(({ merchant }) => merchant.id))
      return [
        Number(alert.id),
        {
          fitting: explanation?.fitting ?? 0,
          proposals: [...byMerchant].map(([merchantId, lots]) => ({
            merchant: named(names, merchantId),
            grams: lots.reduce((sum, { grams }) => sum + grams, 0),
            priceFenPerKg: lots[0]?.priceFenPerKg ?? null,
            pickups: pickupsOf(lots, plan.startDay),
            why: whyOf(
              explanation?.proposals.find((proposal) => proposal.merchantId === merchantId),
              names,
            ),
          })),
          excluded: [...excluded, ...withoutPapers(alert, merchants).filter(({ merchant }) => !told.has(merchant.id))],
          unsold: rest === undefined ? null : { grams: rest.grams, reasons: [...rest.reasons] },
        },
      ]
    }),
  )
}

function whyOf(proposal: Plan['explanations'][number]['proposals'][number] | undefined, names: Names): OfferWhy {
  if (proposal === undefined) return { km: 0, lifeLeftDays: 0, costFenPerTonne: 0, nextBest: null }
  const { km, lifeLeftDays, costFenPerTonne, nextBest } = proposal
  return {
    km,
    lifeLeftDays,
    costFenPerTonne,
    nextBest:
      nextBest === null
        ? null
        : {
            merchant: named(names, nextBest.merchantId),
            extraFenPerTonne: nextBest.extraFenPerTonne,
            full: nextBest.full,
          },
  }
}

/**
 * Conditions that agreed offers no longer meet, because the case or the merchant has changed since. What a person wanted in
 * spite of them is none, and neither is a window that has gone by.
 */
export function findContradictions(
  cases: readonly MatchCase[],
  merchants: readonly MatchMerchant[],
): MatchRun['clashes'] {
  const known = new Map(merchants.map((merchant) => [merchant.id, merchant]))
  return cases
    .filter(({ stage }) => looksForMerchants(stage))
    .flatMap((found) =>
      found.offers.flatMap((offer) => {
        const merchant = known.get(offer.merchantId)
        if (merchant === undefined || offer.overruled || !['open', 'accepted'].includes(offer.state)) return []
        const conditions = merchant.papers
          ? brokenConditions(toAlert(found, 0), toMerchant({ ...merchant, active: true }), false)
          : ['papers']
        return conditions
          .filter((condition) => !['window', 'life', 'capacity', 'lot_minimum'].includes(condition))
          .map((condition) => ({
            condition,
            caseId: found.id,
            merchant: { id: merchant.id, name: merchant.name },
            day: null,
            wanted: null,
            allowed: null,
            text: `case ${found.id}, ${merchant.name}: agreed, but the condition "${condition}" does not hold`,
          }))
      }),
    )
}

/** What agreed offers contradict, with the names that people know. */
export function describeClashes(plan: Plan, names: Names): MatchRun['clashes'] {
  return plan.clashes.slice(0, 100).map((clash) => ({
    condition: clash.condition,
    caseId: clash.alertId === null ? null : Number(clash.alertId),
    merchant: clash.merchantId === null ? null : named(names, clash.merchantId),
    day: clash.day === null ? null : dayAfter(plan.startDay, clash.day),
    wanted: clash.wanted,
    allowed: clash.allowed,
    text: clash.text,
  }))
}
