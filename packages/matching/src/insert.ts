import type { Draft, Lot } from './draft.ts'

/**
 * How an alert's pairs are filled. Days of a pair are taken in the order of its arcs; a lot is never below the merchant's
 * minimum, and where a rest below the minimum would stay, the lot before it is made smaller so that the rest is a lot too.
 */
function walkPair(draft: Draft, pair: number, wantedG: number, take: (arc: number, grams: number) => void): void {
  const { arcStart, arcSlot, pairMerchant, lotMinG } = draft.network
  const merchant = pairMerchant[pair] as number
  const lotG = lotMinG[merchant] as number
  let leftG = Math.min(wantedG, draft.totalLeftG[merchant] as number)
  const end = arcStart[pair + 1] as number
  for (let arc = arcStart[pair] as number; arc < end && leftG >= lotG; arc += 1) {
    let grams = Math.min(leftG, draft.capacityLeftG[arcSlot[arc] as number] as number)
    if (grams < lotG) continue
    const restG = leftG - grams
    if (restG > 0 && restG < lotG && leftG >= 2 * lotG && arc + 1 < end) grams = leftG - lotG
    take(arc, grams)
    leftG -= grams
  }
}

/** Gain of filling the pair with up to `wantedG`, each gram reduced by `priceOf` its merchant's day. */
function gainOfPair(draft: Draft, pair: number, wantedG: number, prices: Prices): number {
  const { arcSlot, arcGain, pairMerchant } = draft.network
  const merchantPrice = prices.totalFen[pairMerchant[pair] as number] as number
  let gain = 0
  walkPair(draft, pair, wantedG, (arc, grams) => {
    gain +=
      grams *
      ((arcGain[arc] as number) - prices.weight * (merchantPrice + (prices.slotFen[arcSlot[arc] as number] as number)))
  })
  return gain
}

/** What a tonne of a merchant's day and of their total is worth to the others (from the relaxation), and how much it counts. */
export interface Prices {
  readonly slotFen: Float64Array
  readonly totalFen: Float64Array
  weight: number
}

/**
 * Gives the alert to merchants with room, one after the other, each time to the one with the highest gain; `isSkipped` may
 * leave a pair out. Appends what it put to `lots`.
 */
export function insertAlert(draft: Draft, alert: number, prices: Prices, isSkipped: () => boolean, lots: Lot[]): void {
  const { pairStart } = draft.network
  const start = pairStart[alert] as number
  const end = pairStart[alert + 1] as number
  for (let round = end - start; round > 0; round -= 1) {
    const wantedG = draft.supplyLeftG[alert] as number
    if (wantedG === 0) return
    let best = -1
    let bestGain = 0
    for (let pair = start; pair < end; pair += 1) {
      // A pair that is in use has been filled as far as it goes.
      if ((draft.pairG[pair] as number) > 0 || !draft.isOpen(pair) || isSkipped()) continue
      const gain = gainOfPair(draft, pair, wantedG, prices)
      if (gain > bestGain) {
        best = pair
        bestGain = gain
      }
    }
    if (best < 0) return
    walkPairInto(draft, best, wantedG, lots)
  }
}

/** Fills one pair with up to `wantedG`. */
export function walkPairInto(draft: Draft, pair: number, wantedG: number, lots: Lot[]): void {
  const first = lots.length
  walkPair(draft, pair, wantedG, (arc, grams) => lots.push({ arc, grams }))
  for (let index = first; index < lots.length; index += 1) {
    const lot = lots[index] as Lot
    draft.add(lot.arc, lot.grams)
  }
}

/**
 * Adds whatever still fits and gains, the best arcs first: what stays unsold after this has no room, no slot or no lot big
 * enough left, so that a reason can be named.
 */
export function topUp(draft: Draft): void {
  const { arcPair, arcGain, pairAlert, pairMerchant, lotMinG } = draft.network
  const arcs: number[] = []
  arcPair.forEach((pair, arc) => {
    if ((draft.supplyLeftG[pairAlert[pair] as number] as number) > 0) arcs.push(arc)
  })
  arcs.sort((a, b) => (arcGain[b] as number) - (arcGain[a] as number) || a - b)
  for (const arc of arcs) {
    const pair = arcPair[arc] as number
    const grams = draft.roomOn(arc)
    if (grams === 0 || !draft.isOpen(pair)) continue
    if ((draft.arcG[arc] as number) > 0 || grams >= (lotMinG[pairMerchant[pair] as number] as number))
      draft.add(arc, grams)
  }
}
