import type { Result } from './simulate.ts'

/** Grams of a county over a season, or over several. */
export interface CountySum {
  arrivedG: number
  spoiledG: number
}

/** A county counts where at least so much of what arrived spoils with one of the desks: a ratio of crumbs says nothing. */
export const SHARE_THAT_COUNTS = 0.01

export function spoiledGramsOf({ cases }: Result): number {
  return cases.reduce((sum, { spoiledG }) => sum + spoiledG, 0)
}

export function addCounties(sums: Map<number, CountySum>, { cases }: Result): void {
  for (const { alert, spoiledG } of cases) {
    const sum = sums.get(alert.region) ?? { arrivedG: 0, spoiledG: 0 }
    sum.arrivedG += alert.grams
    sum.spoiledG += spoiledG
    sums.set(alert.region, sum)
  }
}

/** Spoiled with ours over spoiled with the peer, of every county that counts, worst first. */
export function countyRatios(
  ours: ReadonlyMap<number, CountySum>,
  peer: ReadonlyMap<number, CountySum>,
): { county: number; ratio: number }[] {
  const ratios = [...ours].flatMap(([county, { arrivedG, spoiledG }]) => {
    const peerG = peer.get(county)?.spoiledG ?? 0
    if (Math.max(spoiledG, peerG) < SHARE_THAT_COUNTS * arrivedG) return []
    return [{ county, ratio: peerG === 0 ? Number.POSITIVE_INFINITY : spoiledG / peerG }]
  })
  return ratios.sort((a, b) => b.ratio - a.ratio)
}
