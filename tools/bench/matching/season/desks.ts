import { greedy, type Instance, type Plan, solve } from '../../../../packages/matching/src/index.ts'
import type { Offer } from './simulate.ts'

/** Offers of a plan that are not agreed yet, at most so many days ahead. */
function offersOf(plan: Plan, daysAhead: number): Offer[] {
  return plan.flows
    .filter(({ frozen, day }) => !frozen && day <= daysAhead)
    .map(({ alertId, merchantId, day, grams }) => ({ alertId, merchantId, day, grams }))
}

/** The peer: the nearest fitting merchant first, in the order of arrival; each offer goes out at once. */
export const greedyDesk = (known: Instance): Offer[] => offersOf(greedy(known), Number.POSITIVE_INFINITY)

/**
 * Ours: the whole of what is open is planned anew after every round of answers, with what was accepted frozen. It stops at one
 * per cent, which is within the time for all but a few, so that a slower machine comes to the same season.
 */
export async function planningDesk(known: Instance): Promise<Offer[]> {
  return offersOf(await solve(known, { seconds: 0.5, gap: 0.01 }), Number.POSITIVE_INFINITY)
}
