import { Draft, type Lot } from './draft.ts'
import { walkPairInto } from './insert.ts'
import type { Network } from './network.ts'

/**
 * The greedy desk: alerts in the order of arrival, each to the nearest merchant who fits and has room, then to the next
 * nearest, as often as it may be divided. The days of a merchant are taken from the earliest.
 */
export function draftGreedily(network: Network): Draft {
  const draft = new Draft(network)
  const { pairStart, pairKm, supplyG } = network
  for (let alert = 0; alert < supplyG.length; alert += 1) {
    const pairs: number[] = []
    for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) pairs.push(pair)
    pairs.sort((a, b) => (pairKm[a] as number) - (pairKm[b] as number) || a - b)
    const lots: Lot[] = []
    for (const pair of pairs) {
      const leftG = draft.supplyLeftG[alert] as number
      if (leftG === 0) break
      if (draft.isOpen(pair)) walkPairInto(draft, pair, leftG, lots)
    }
  }
  return draft
}
