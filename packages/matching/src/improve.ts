import type { Draft, Lot } from './draft.ts'
import { insertAlert, type Prices } from './insert.ts'
import type { Network } from './network.ts'
import { createRandom } from './random.ts'

export interface Search {
  readonly draft: Draft
  readonly prices: Prices
  /** Alerts that may be changed; the others stay as they are. */
  readonly alerts: readonly number[]
  /** Most steps; the search cools down over them. */
  readonly steps: number
  readonly secondsLeft: () => number
  /** Ends the search when the gain is at least this. */
  readonly enoughGain: number
  readonly ruinMax: number
}

/** Pairs of each merchant. */
function pairsByMerchant({ pairMerchant, totalG }: Network): number[][] {
  const lists: number[][] = Array.from(totalG, () => [])
  pairMerchant.forEach((merchant, pair) => {
    lists[merchant]?.push(pair)
  })
  return lists
}

/**
 * Ruin and recreate: a few alerts that compete for the same merchants lose their lots and get new ones, one after the other.
 * What is better stays; what is slightly worse stays with a chance that falls to nothing. The draft ends as the best found.
 */
export function improve({ draft, prices, alerts, steps, secondsLeft, enoughGain, ruinMax }: Search): void {
  const { network } = draft
  const random = createRandom(20_261)
  const merchantPairs = pairsByMerchant(network)
  const movable = new Uint8Array(network.supplyG.length)
  for (const alert of alerts) movable[alert] = 1
  const best: Lot[][] = Array.from(network.supplyG, () => [])
  for (const { arc, grams } of draft.lots())
    best[network.pairAlert[network.arcPair[arc] as number] as number]?.push({ arc, grams })
  let bestGain = draft.gain
  const changed = new Set<number>()
  const totalG = alerts.reduce((sum, alert) => sum + (network.supplyG[alert] as number), 0)
  const meanGain =
    alerts.reduce((sum, alert) => sum + (network.supplyG[alert] as number) * (network.unsoldFen[alert] as number), 0) /
    Math.max(1, alerts.length)
  if (alerts.length === 0 || totalG === 0) return
  const pick = (count: number) => Math.floor(random() * count)
  const hotStart = meanGain * 0.01
  const hotEnd = meanGain * 0.00002
  let heat = hotStart

  for (let step = 0; step < steps; step += 1) {
    if (step % 64 === 0) {
      if (secondsLeft() <= 0 || bestGain >= enoughGain) break
      heat = hotStart * (hotEnd / hotStart) ** (step / steps)
    }
    const ruined = chooseRuined(draft, alerts, movable, merchantPairs, 1 + pick(ruinMax), pick)
    const before = draft.gain
    const old: Lot[] = []
    for (const alert of ruined) draft.clearAlert(alert, old)
    order(ruined, network, random)
    const blink = random() * 0.1
    prices.weight = random() < 0.5 ? 0 : random()
    const fresh: Lot[] = []
    for (const alert of ruined) insertAlert(draft, alert, prices, () => random() < blink, fresh)
    if (draft.gain > before - heat * -Math.log(random() + 1e-300)) {
      for (const alert of ruined) changed.add(alert)
      if (draft.gain > bestGain + 1) {
        bestGain = draft.gain
        for (const alert of changed) best[alert] = lotsOf(draft, alert)
        changed.clear()
      }
      continue
    }
    for (const { arc, grams } of fresh) draft.add(arc, -grams)
    for (const { arc, grams } of old) draft.add(arc, grams)
    draft.gain = before
  }
  draft.load(best.flat())
}

function lotsOf(draft: Draft, alert: number): Lot[] {
  const { pairStart, arcStart } = draft.network
  const lots: Lot[] = []
  for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) {
    if (draft.pairG[pair] === 0) continue
    for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1) {
      const grams = draft.arcG[arc] as number
      if (grams > 0) lots.push({ arc, grams })
    }
  }
  return lots
}

/** An alert, and others whose lots are with merchants that it could go to. */
function chooseRuined(
  draft: Draft,
  alerts: readonly number[],
  movable: Uint8Array,
  merchantPairs: number[][],
  count: number,
  pick: (count: number) => number,
): number[] {
  const { pairStart, pairMerchant, pairAlert } = draft.network
  let seed = alerts[pick(alerts.length)] as number
  // Half of the time one that has something unsold, where there is one near by.
  for (let tries = pick(2) * 8; tries > 0 && draft.supplyLeftG[seed] === 0; tries -= 1)
    seed = alerts[pick(alerts.length)] as number
  const ruined = [seed]
  const start = pairStart[seed] as number
  const pairs = (pairStart[seed + 1] as number) - start
  if (pairs === 0) return ruined
  for (let tries = 0; tries < 4 * count && ruined.length < count; tries += 1) {
    const others = merchantPairs[pairMerchant[start + pick(pairs)] as number] as number[]
    const from = pick(others.length)
    for (let index = 0; index < others.length && ruined.length < count; index += 1) {
      const pair = others[(from + index) % others.length] as number
      const alert = pairAlert[pair] as number
      if ((draft.pairG[pair] as number) === 0 || movable[alert] === 0 || ruined.includes(alert)) continue
      ruined.push(alert)
      if (pick(3) === 0) break
    }
  }
  return ruined
}

/** In which order the ruined ones get their lots: by chance, by what is at stake, or by how few merchants they have. */
function order(ruined: number[], { supplyG, unsoldFen, pairStart }: Network, random: () => number): void {
  const way = random()
  const rank = new Map<number, number>()
  for (const alert of ruined) {
    const pairs = (pairStart[alert + 1] as number) - (pairStart[alert] as number)
    rank.set(
      alert,
      way < 0.4
        ? random()
        : way < 0.7
          ? -(supplyG[alert] as number) * (unsoldFen[alert] as number)
          : way < 0.85
            ? pairs
            : (supplyG[alert] as number),
    )
  }
  ruined.sort((a, b) => (rank.get(a) as number) - (rank.get(b) as number) || a - b)
}
