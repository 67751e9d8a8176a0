import { misfit, pickUpDays, roadKm, unitCost, unsoldFenPerTonne } from './fit.ts'
import { type Remainder, refusedPairs, remainderOf } from './frozen.ts'
import type { Instance } from './instance.ts'

/**
 * The instance as a network in flat arrays: pairs of alert and merchant that fit, sorted by alert, and for each pair an arc
 * for every day on which a lot could be fetched. All grams are what frozen flows leave. An arc is worth its `gain`: fen for
 * a tonne that are saved against leaving it unsold; arcs without a gain are left out.
 */
export interface Network {
  readonly days: number
  readonly supplyG: Float64Array
  readonly capacityG: Float64Array
  readonly totalG: Float64Array
  readonly lotMinG: Float64Array
  /** Fen for a tonne that stays unsold, by alert. */
  readonly unsoldFen: Float64Array
  /** Most that a tonne could gain on pairs left out because there were too many, by alert; almost always 0. */
  readonly lostFen: Float64Array
  /** Further merchants an alert may have, by alert. */
  readonly slots: Int32Array
  readonly pairAlert: Int32Array
  readonly pairMerchant: Int32Array
  readonly pairKm: Int32Array
  /** 1 when the merchant has the alert already by a frozen flow and takes no slot. */
  readonly pairFree: Uint8Array
  /** Most grams that can go over the pair. */
  readonly pairMaxG: Float64Array
  /** Arcs of pair p are arcStart[p] to arcStart[p + 1] - 1, cheapest first, earlier first among equals. */
  readonly arcStart: Int32Array
  readonly arcPair: Int32Array
  readonly arcDay: Int32Array
  /** merchant * days + day. */
  readonly arcSlot: Int32Array
  readonly arcGain: Float64Array
  /** Pairs of alert a are pairStart[a] to pairStart[a + 1] - 1. */
  readonly pairStart: Int32Array
  readonly remainder: Remainder
}

interface PairDraft {
  readonly alert: number
  readonly merchant: number
  readonly km: number
  readonly free: boolean
  readonly maxG: number
  readonly arcs: ReadonlyArray<{ day: number; gain: number }>
}

function draftPair(
  instance: Instance,
  rest: Remainder,
  alert: number,
  merchant: number,
  km: number,
  free: boolean,
): PairDraft | null {
  const from = instance.alerts[alert]
  const to = instance.merchants[merchant]
  if (from === undefined || to === undefined) return null
  const mostG = Math.min(rest.supplyG[alert] ?? 0, rest.totalG[merchant] ?? 0)
  if (mostG < Math.max(1, to.lotMinG)) return null
  const { first, last } = pickUpDays(from, to, km, instance.days)
  const unsold = unsoldFenPerTonne(from, instance.rules)
  const arcs: Array<{ day: number; gain: number }> = []
  let roomG = 0
  for (let day = first; day <= last; day += 1) {
    const capacityG = rest.capacityG[merchant * instance.days + day] ?? 0
    const gain = unsold - unitCost(from, to, km, day, instance.rules).totalFen
    if (gain <= 0 || Math.min(mostG, capacityG) < Math.max(1, to.lotMinG)) continue
    arcs.push({ day, gain })
    roomG += capacityG
  }
  arcs.sort((a, b) => b.gain - a.gain || a.day - b.day)
  return arcs.length === 0 ? null : { alert, merchant, km, free, maxG: Math.min(mostG, roomG), arcs }
}

/** Arcs kept in all: more would take memory that a small machine does not have. */
const arcsMax = 3_000_000

/** The best pairs of an alert with at most `limit` arcs, and the most that a tonne could gain on those left out. */
function bestPairs(drafts: PairDraft[], limit: number): { kept: PairDraft[]; lostFen: number } {
  const count = drafts.reduce((sum, { arcs }) => sum + arcs.length, 0)
  if (count <= limit) return { kept: drafts, lostFen: 0 }
  const gainOf = ({ arcs }: PairDraft) => arcs[0]?.gain ?? 0
  const ranked = drafts.toSorted((a, b) => gainOf(b) - gainOf(a) || a.merchant - b.merchant)
  let arcs = 0
  const cut = ranked.findIndex((draft) => {
    arcs += draft.arcs.length
    return arcs > limit
  })
  const lostFen = Math.max(0, ...ranked.slice(cut).map(gainOf))
  return { kept: ranked.slice(0, cut).sort((a, b) => a.merchant - b.merchant), lostFen }
}

function draftPairs(instance: Instance, rest: Remainder): { drafts: PairDraft[]; lostFen: Float64Array } {
  const refused = refusedPairs(instance)
  const all: PairDraft[] = []
  const lost = new Float64Array(instance.alerts.length)
  const limit = Math.floor(arcsMax / Math.max(1, instance.alerts.length))
  instance.alerts.forEach((from, alert) => {
    if ((rest.supplyG[alert] ?? 0) === 0) return
    const partners = rest.partners[alert]
    const slots = from.merchantsMax - (partners?.size ?? 0)
    const drafts: PairDraft[] = []
    instance.merchants.forEach((to, merchant) => {
      const free = partners?.has(merchant) === true
      if (slots <= 0 && !free) return
      const km = roadKm(from, to, instance.rules)
      if (misfit(instance, refused, from, to, km) !== null) return
      const draft = draftPair(instance, rest, alert, merchant, km, free)
      if (draft !== null) drafts.push(draft)
    })
    const { kept, lostFen } = bestPairs(drafts, limit)
    for (const draft of kept) all.push(draft)
    lost[alert] = lostFen
  })
  return { drafts: all, lostFen: lost }
}

/** Builds the network of an instance; the order of alerts and merchants is that of the instance. */
export function buildNetwork(instance: Instance): Network {
  const { days, alerts, merchants, rules } = instance
  const remainder = remainderOf(instance)
  const { drafts, lostFen } = draftPairs(instance, remainder)
  const arcCount = drafts.reduce((sum, { arcs }) => sum + arcs.length, 0)
  const network: Network = {
    days,
    supplyG: remainder.supplyG,
    capacityG: remainder.capacityG,
    totalG: remainder.totalG,
    lotMinG: Float64Array.from(merchants, ({ lotMinG }) => Math.max(1, lotMinG)),
    unsoldFen: Float64Array.from(alerts, (alert) => unsoldFenPerTonne(alert, rules)),
    lostFen,
    slots: Int32Array.from(alerts, ({ merchantsMax }, alert) =>
      Math.max(0, merchantsMax - (remainder.partners[alert]?.size ?? 0)),
    ),
    pairAlert: Int32Array.from(drafts, ({ alert }) => alert),
    pairMerchant: Int32Array.from(drafts, ({ merchant }) => merchant),
    pairKm: Int32Array.from(drafts, ({ km }) => km),
    pairFree: Uint8Array.from(drafts, ({ free }) => (free ? 1 : 0)),
    pairMaxG: Float64Array.from(drafts, ({ maxG }) => maxG),
    arcStart: new Int32Array(drafts.length + 1),
    arcPair: new Int32Array(arcCount),
    arcDay: new Int32Array(arcCount),
    arcSlot: new Int32Array(arcCount),
    arcGain: new Float64Array(arcCount),
    pairStart: new Int32Array(alerts.length + 1),
    remainder,
  }
  fillArcs(network, drafts)
  return network
}

function fillArcs(network: Network, drafts: readonly PairDraft[]): void {
  let arc = 0
  drafts.forEach(({ alert, merchant, arcs }, pair) => {
    for (const { day, gain } of arcs) {
      network.arcPair[arc] = pair
      network.arcDay[arc] = day
      network.arcSlot[arc] = merchant * network.days + day
      network.arcGain[arc] = gain
      arc += 1
    }
    network.arcStart[pair + 1] = arc
    network.pairStart[alert + 1] = pair + 1
  })
  for (let alert = 0; alert < network.supplyG.length; alert += 1)
    network.pairStart[alert + 1] = Math.max(network.pairStart[alert + 1] ?? 0, network.pairStart[alert] ?? 0)
}
