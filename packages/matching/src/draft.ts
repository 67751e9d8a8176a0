import type { Network } from './network.ts'

/** A lot of a draft: grams on an arc. */
export interface Lot {
  readonly arc: number
  readonly grams: number
}

/**
 * A plan in the making: grams on the arcs of a network, and what they leave of supply, capacity, totals and slots. It holds
 * every condition at all times as long as lots are put only as `roomOn` allows.
 */
export class Draft {
  readonly network: Network
  /** Grams by arc, whole numbers. */
  readonly arcG: Float64Array
  readonly pairG: Float64Array
  readonly supplyLeftG: Float64Array
  readonly capacityLeftG: Float64Array
  readonly totalLeftG: Float64Array
  readonly slotsLeft: Int32Array
  /** Gain of all lots, in fen per tonne times grams. */
  gain = 0

  constructor(network: Network) {
    this.network = network
    this.arcG = new Float64Array(network.arcPair.length)
    this.pairG = new Float64Array(network.pairAlert.length)
    this.supplyLeftG = network.supplyG.slice()
    this.capacityLeftG = network.capacityG.slice()
    this.totalLeftG = network.totalG.slice()
    this.slotsLeft = network.slots.slice()
  }

  /** Whether the pair is in use, needs no slot, or could get one. */
  isOpen(pair: number): boolean {
    if ((this.pairG[pair] as number) > 0 || this.network.pairFree[pair] === 1) return true
    return (this.slotsLeft[this.network.pairAlert[pair] as number] as number) > 0
  }

  /** Most grams that could be added on the arc, slots left aside. */
  roomOn(arc: number): number {
    const { arcPair, arcSlot, pairAlert, pairMerchant } = this.network
    const pair = arcPair[arc] as number
    return Math.min(
      this.supplyLeftG[pairAlert[pair] as number] as number,
      this.capacityLeftG[arcSlot[arc] as number] as number,
      this.totalLeftG[pairMerchant[pair] as number] as number,
    )
  }

  /** Adds grams to an arc, or takes them away when negative. */
  add(arc: number, grams: number): void {
    const { arcPair, arcSlot, arcGain, pairAlert, pairMerchant, pairFree } = this.network
    const pair = arcPair[arc] as number
    const alert = pairAlert[pair] as number
    const before = this.pairG[pair] as number
    const after = before + grams
    this.arcG[arc] = (this.arcG[arc] as number) + grams
    this.pairG[pair] = after
    if (pairFree[pair] === 0 && before > 0 !== after > 0)
      this.slotsLeft[alert] = (this.slotsLeft[alert] as number) + (after > 0 ? -1 : 1)
    const slot = arcSlot[arc] as number
    const merchant = pairMerchant[pair] as number
    this.supplyLeftG[alert] = (this.supplyLeftG[alert] as number) - grams
    this.capacityLeftG[slot] = (this.capacityLeftG[slot] as number) - grams
    this.totalLeftG[merchant] = (this.totalLeftG[merchant] as number) - grams
    this.gain += grams * (arcGain[arc] as number)
  }

  /** Takes all lots of an alert away and appends them to `lots`. */
  clearAlert(alert: number, lots: Lot[]): void {
    const { pairStart, arcStart } = this.network
    const pairEnd = pairStart[alert + 1] as number
    for (let pair = pairStart[alert] as number; pair < pairEnd; pair += 1) {
      if (this.pairG[pair] === 0) continue
      const arcEnd = arcStart[pair + 1] as number
      for (let arc = arcStart[pair] as number; arc < arcEnd; arc += 1) {
        const grams = this.arcG[arc] as number
        if (grams === 0) continue
        lots.push({ arc, grams })
        this.add(arc, -grams)
      }
    }
  }

  /** All lots, by arc. */
  lots(): Lot[] {
    const lots: Lot[] = []
    this.arcG.forEach((grams, arc) => {
      if (grams > 0) lots.push({ arc, grams })
    })
    return lots
  }

  /** Replaces all lots. */
  load(lots: readonly Lot[]): void {
    for (const { arc, grams } of this.lots()) this.add(arc, -grams)
    // Sums of gains are started afresh, so that no rounding of a million steps is carried on.
    this.gain = 0
    for (const { arc, grams } of lots) this.add(arc, grams)
  }
}
