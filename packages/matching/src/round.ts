import { Draft, type Lot } from './draft.ts'
import { insertAlert, type Prices } from './insert.ts'
import type { Network } from './network.ts'
import type { Relaxation } from './relax.ts'

const roundsMax = 6
/** Tonnes below which nothing flows: far under a gram. */
const nothingT = 1e-7

/** Arcs to close so that no alert has more merchants than it may. Alerts that are settled are added to `settled`. */
function arcsBeyondSlots(network: Network, tonnes: Float64Array, settled: Set<number>): number[] {
  const { pairStart, arcStart, slots, pairFree } = network
  const closing: number[] = []
  for (let alert = 0; alert < slots.length; alert += 1) {
    if (settled.has(alert)) continue
    const used: Array<{ pair: number; sum: number }> = []
    for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) {
      if (pairFree[pair] === 1) continue
      let sum = 0
      for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1)
        sum += tonnes[arc] as number
      if (sum > nothingT) used.push({ pair, sum })
    }
    const limit = slots[alert] as number
    if (used.length <= limit) continue
    used.sort((a, b) => b.sum - a.sum || a.pair - b.pair)
    const kept = new Set(used.slice(0, limit).map(({ pair }) => pair))
    settled.add(alert)
    for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) {
      if (pairFree[pair] === 1 || kept.has(pair)) continue
      for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1) closing.push(arc)
    }
  }
  return closing
}

/** Arcs with less than `part` of the least that a lot may be. */
function arcsBelowLot(network: Network, tonnes: Float64Array, part: number): number[] {
  const { arcPair, pairMerchant, lotMinG } = network
  const closing: number[] = []
  tonnes.forEach((amount, arc) => {
    const lotT = (lotMinG[pairMerchant[arcPair[arc] as number] as number] as number) / 1e6
    if (amount > nothingT && amount < lotT * part - nothingT) closing.push(arc)
  })
  return closing
}

/** Whole lots out of what the relaxation says, as far as there is room, and the rest put where it fits best. */
export function draftFrom(network: Network, tonnes: Float64Array, prices: Prices): Draft {
  const draft = new Draft(network)
  const { arcPair, pairMerchant, lotMinG, supplyG } = network
  const arcs: number[] = []
  tonnes.forEach((amount, arc) => {
    if (amount > nothingT) arcs.push(arc)
  })
  arcs.sort((a, b) => (tonnes[b] as number) - (tonnes[a] as number) || a - b)
  for (const arc of arcs) {
    const pair = arcPair[arc] as number
    const grams = Math.min(Math.round((tonnes[arc] as number) * 1e6), draft.roomOn(arc))
    if (draft.isOpen(pair) && grams >= (lotMinG[pairMerchant[pair] as number] as number)) draft.add(arc, grams)
  }
  const lots: Lot[] = []
  for (let alert = 0; alert < supplyG.length; alert += 1) insertAlert(draft, alert, prices, () => false, lots)
  return draft
}

/**
 * Rounds the relaxation: pairs beyond an alert's slots and lots below the least are closed, and it is solved again with what
 * is open, until nothing is left to close or the time is over. The relaxation must have been solved.
 */
export function roundRelaxation(
  network: Network,
  relaxation: Relaxation,
  prices: Prices,
  secondsLeft: () => number,
): Draft {
  const settled = new Set<number>()
  let tonnes = relaxation.tonnes()
  for (let round = 0; round < roundsMax; round += 1) {
    const known = settled.size
    const closing = arcsBeyondSlots(network, tonnes, settled)
    closing.push(...arcsBelowLot(network, tonnes, (round + 1) / roundsMax))
    if (closing.length === 0 || secondsLeft() <= 0) break
    relaxation.close([...new Set(closing)])
    if (settled.size > known) for (const alert of settled) relaxation.freeSlots(alert)
    if (!relaxation.solve(secondsLeft())) break
    tonnes = relaxation.tonnes()
  }
  return draftFrom(network, tonnes, prices)
}
