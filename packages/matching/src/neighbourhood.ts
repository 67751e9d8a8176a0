import type { Highs } from 'highs'
import type { Draft } from './draft.ts'
import { reassign } from './exact.ts'
import type { Prices } from './insert.ts'
import type { Network } from './network.ts'
import { createRandom } from './random.ts'

export interface Descent {
  readonly draft: Draft
  readonly highs: Highs
  readonly prices: Prices
  /** Alerts that may be changed. */
  readonly alerts: readonly number[]
  /** Ends after so many pieces in a row of which nothing better came. */
  readonly staleMax: number
  readonly secondsLeft: () => number
  readonly enoughGain: number
}

const sizeMin = 5
const sizeMax = 40
/** Most arcs in one integer model: beyond that it takes seconds. */
const arcsMax = 1_600
const nodesMax = 60

/** Alerts of each merchant, by the pairs. */
function alertsByMerchant({ pairMerchant, pairAlert, totalG }: Network): number[][] {
  const lists: number[][] = Array.from(totalG, () => [])
  pairMerchant.forEach((merchant, pair) => {
    lists[merchant]?.push(pair)
  })
  return lists.map((pairs) => pairs.map((pair) => pairAlert[pair] as number))
}

/** What a tonne gains on the arc beyond what its capacity is worth to others. */
function netGain({ arcGain, arcSlot, arcPair, pairMerchant }: Network, prices: Prices, arc: number): number {
  return (
    (arcGain[arc] as number) -
    (prices.slotFen[arcSlot[arc] as number] as number) -
    (prices.totalFen[pairMerchant[arcPair[arc] as number] as number] as number)
  )
}

/** The arcs of these alerts that are worth a look, at most `arcsMax`: what is in use, and the pairs with the best net gain. */
function arcsOf(draft: Draft, prices: Prices, alerts: readonly number[]): number[] {
  const { network } = draft
  const { pairStart, arcStart } = network
  const ranked: Array<{ pair: number; loss: number }> = []
  for (const alert of alerts) {
    let best = 0
    const pairs: Array<{ pair: number; net: number }> = []
    for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) {
      let net = Number.NEGATIVE_INFINITY
      for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1)
        net = Math.max(net, netGain(network, prices, arc))
      best = Math.max(best, net)
      pairs.push({ pair, net })
    }
    for (const { pair, net } of pairs) ranked.push({ pair, loss: (draft.pairG[pair] as number) > 0 ? -1 : best - net })
  }
  ranked.sort((a, b) => a.loss - b.loss || a.pair - b.pair)
  const arcs: number[] = []
  for (const { pair } of ranked) {
    const end = arcStart[pair + 1] as number
    if (arcs.length + end - (arcStart[pair] as number) > arcsMax) break
    for (let arc = arcStart[pair] as number; arc < end; arc += 1) arcs.push(arc)
  }
  return arcs.sort((a, b) => a - b)
}

/**
 * Improves the draft piece by piece: alerts that compete for the same merchants are given anew by the integer model in full,
 * all others staying as they are. Pieces grow as long as they are solved and nothing better comes of them.
 */
export function descend({ draft, highs, prices, alerts, staleMax, secondsLeft, enoughGain }: Descent): void {
  const { network } = draft
  const random = createRandom(77)
  const pick = (count: number) => Math.floor(random() * count)
  const neighbours = alertsByMerchant(network)
  const movable = new Set(
    alerts.filter((alert) => (network.pairStart[alert + 1] as number) > (network.pairStart[alert] as number)),
  )
  const list = [...movable]
  if (list.length === 0) return
  let size = sizeMin
  let stale = 0
  while (stale < staleMax) {
    const seconds = secondsLeft()
    if (seconds <= 0.02 || draft.gain >= enoughGain) return
    const piece = choosePiece(draft, list, movable, neighbours, Math.round(size), pick)
    const { better } = reassign(draft, highs, piece, arcsOf(draft, prices, piece), seconds, {
      gap: 1e-4,
      nodes: nodesMax,
    })
    stale = better ? 0 : stale + 1
    size = better ? Math.max(sizeMin, size * 0.98) : Math.min(sizeMax, size * 1.02)
  }
}

/** A piece grows from an alert over the merchants that it and its neighbours could go to. */
function choosePiece(
  draft: Draft,
  list: readonly number[],
  movable: ReadonlySet<number>,
  neighbours: readonly number[][],
  size: number,
  pick: (count: number) => number,
): number[] {
  const { pairStart, pairMerchant, supplyG } = draft.network
  let seed = list[pick(list.length)] as number
  for (let tries = 0; tries < 3 && draft.supplyLeftG[seed] === 0; tries += 1) seed = list[pick(list.length)] as number
  const piece = new Set([seed])
  const order = [seed]
  for (let tries = 0; tries < 30 * size && piece.size < size; tries += 1) {
    const alert = order[pick(order.length)] as number
    const start = pairStart[alert] as number
    const merchant = pairMerchant[start + pick((pairStart[alert + 1] as number) - start)] as number
    const others = neighbours[merchant] as number[]
    const other = others[pick(others.length)] as number
    if (piece.has(other) || !movable.has(other) || supplyG[other] === 0) continue
    piece.add(other)
    order.push(other)
  }
  return order.sort((a, b) => a - b)
}
