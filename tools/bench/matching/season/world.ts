import type { Alert, Merchant } from '../../../../packages/matching/src/index.ts'
import { drawAlert } from '../draw-alert.ts'
import { drawMerchant } from '../draw-merchant.ts'
import { type County, provinceOf, readCounties } from '../geography.ts'
import { readFreshKinds } from '../produce.ts'
import { createRandom, drawOf } from '../random.ts'

/** What a season is made of. Days in an alert count from the first day of the season. */
export interface World {
  readonly seed: number
  readonly startDay: string
  /** Days on which alerts arrive; the simulation goes on until the last of them is settled. */
  readonly days: number
  readonly arrivals: readonly { readonly day: number; readonly alert: Alert }[]
  readonly merchants: readonly SeasonMerchant[]
}

export interface SeasonMerchant {
  /** As the desk knows them: the reliability is their record of the last promises. */
  readonly known: Merchant
  /** How probable it is in truth that they take what they are offered. No desk sees it. */
  readonly keeps: number
}

/** The sizes of the season; what they come to is in the benchmark's decision record. */
export const season = {
  startDay: '2026-10-12',
  days: 60,
  alertsADay: 12,
  merchants: 300,
  counties: 24,
  /**
   * The desk serves the middle and the southwest. Farther out the drawn goods, which know no climate, would be bananas in
   * Tibet that nobody could save, and a loss that is the same with every desk says nothing about either.
   */
  provinces: [14, 34, 36, 41, 42, 43, 45, 50, 51, 52, 53, 61, 62] as readonly number[],
  reachKm: 2_600,
  /** Promises that a merchant's record is made of. */
  promises: 20,
} as const

/** The counties of the desk, the same in every season: three in four are on the list. */
export function seasonCounties(): County[] {
  const random = createRandom(7)
  const near = readCounties().filter(({ code }) => season.provinces.includes(provinceOf(code)))
  const listed = near.filter((county) => county.listed)
  const others = near.filter((county) => !county.listed)
  const some = (from: County[], count: number) => {
    const left = [...from]
    return Array.from({ length: count }, () => left.splice(random.integer(0, left.length - 1), 1)).flat()
  }
  return [...some(listed, (season.counties * 3) / 4), ...some(others, season.counties / 4)]
}

export function drawWorld(seed: number): World {
  const random = createRandom(seed)
  const kinds = readFreshKinds().filter(({ months }) => months.includes(10) || months.includes(11))
  const counties = seasonCounties()
  const ground = {
    kinds,
    listed: counties.filter(({ listed }) => listed),
    others: counties.filter(({ listed }) => !listed),
  }
  const merchants = Array.from({ length: season.merchants }, (_, n) => {
    const drawn = drawMerchant(random, `m${n + 1}`, { kinds, days: 1, reachKm: season.reachKm })
    // A season outlasts a week's capacities, so that merchants are drawn with the same capacity on every day.
    const capacityG = Array.isArray(drawn.capacityG) ? Math.max(...drawn.capacityG) : drawn.capacityG
    return withRecord(seed, { ...drawn, capacityG })
  })
  const arrivals = Array.from({ length: season.days * season.alertsADay }, (_, n) => {
    const day = Math.floor(random.next() * season.days)
    return { day, alert: drawAlert(random, `a${n + 1}`, day, ground) }
  }).sort((a, b) => a.day - b.day)
  return { seed, startDay: season.startDay, days: season.days, arrivals, merchants }
}

/** What was drawn as reliability is the truth; what the desk knows is how many of the last promises were kept. */
function withRecord(seed: number, merchant: Merchant): SeasonMerchant {
  const keeps = merchant.reliabilityPermille / 1_000
  const kept = Array.from({ length: season.promises }, (_, n) => drawOf(seed, 'record', merchant.id, n) < keeps)
  const permille = Math.round((1_000 * kept.filter(Boolean).length) / season.promises)
  return { known: { ...merchant, reliabilityPermille: permille }, keeps }
}

/** Whether the merchant says yes to an offer of this alert on this day: the same whichever desk asks, and however often. */
export const accepts = ({ seed }: World, merchant: SeasonMerchant, alertId: string, day: number): boolean =>
  drawOf(seed, 'accepts', alertId, merchant.known.id, day) < merchant.keeps

/** Days by which the truck of this merchant for this alert is late when it leaves on this day: 0, 1 or 2. */
export function lateDays({ seed }: World, merchant: SeasonMerchant, alertId: string, day: number): number {
  const draw = drawOf(seed, 'late', alertId, merchant.known.id, day)
  const late = 0.05 + (1 - merchant.keeps) / 2
  return draw < late / 4 ? 2 : draw < late ? 1 : 0
}
