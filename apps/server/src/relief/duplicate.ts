import type { DuplicateProposals } from '@chunbo/contract'

/** What decides whether two cases of one county may be the same harvest. */
export interface Likeness {
  readonly produceSlug: string | null
  /** What the produce is called: the name in the list, or the reporter's word. */
  readonly produceName: string
  readonly family: string | null
  readonly township: string
  readonly village: string
  readonly lngE5: number | null
  readonly latE5: number | null
  /** YYYY-MM-DD. */
  readonly harvestFrom: string
  readonly harvestTo: string
}

export type LikenessReason = DuplicateProposals['items'][number]['reasons'][number]

export interface Likelihood {
  /** 0 to 1000. */
  readonly score: number
  readonly reasons: readonly LikenessReason[]
}

/**
 * From here on a pair is shown to the desk: the same produce at the same time in one county is enough where nothing more
 * is known of the place, and not where the townships differ.
 */
export const PROPOSED_FROM = 650
const DAY_MS = 86_400_000
/** Harvests farther apart than this are two harvests. */
const GAP_MAX_DAYS = 30
const EARTH_M = 6_371_000

/** Metres between two points in 1e-5 degrees. */
export function metresBetween(a: readonly [lng: number, lat: number], b: readonly [lng: number, lat: number]): number {
  const rad = (e5: number) => (e5 / 100_000) * (Math.PI / 180)
  const half = (from: number, to: number) => Math.sin((rad(to) - rad(from)) / 2) ** 2
  const h = half(a[1], b[1]) + Math.cos(rad(a[1])) * Math.cos(rad(b[1])) * half(a[0], b[0])
  return Math.round(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h))))
}

type Part = readonly [points: number, reason: LikenessReason] | null

function comparePoints(a: Likeness, b: Likeness): Part {
  if (a.lngE5 === null || a.latE5 === null || b.lngE5 === null || b.latE5 === null) return null
  const metres = metresBetween([a.lngE5, a.latE5], [b.lngE5, b.latE5])
  if (metres <= 2_000) return [450, { reason: 'near', metres }]
  if (metres <= 10_000) return [350, { reason: 'near', metres }]
  return metres <= 30_000 ? [200, { reason: 'near', metres }] : [50, { reason: 'county' }]
}

/** People write a village with or without the word for village. */
const stem = (name: string) => name.trim().replace(/(?:村委会|社区|村|镇|乡|街道)$/, '')

function compareNames(a: Likeness, b: Likeness): readonly [number, LikenessReason] {
  const [townA, townB] = [stem(a.township), stem(b.township)]
  if (townA && townB && townA !== townB) return [50, { reason: 'county' }]
  const villageA = stem(a.village)
  if (villageA && villageA === stem(b.village)) return [400, { reason: 'village' }]
  return townA && townA === townB ? [300, { reason: 'township' }] : [150, { reason: 'county' }]
}

function compareProduce(a: Likeness, b: Likeness): Part {
  const same = a.produceSlug !== null && a.produceSlug === b.produceSlug
  if (same || a.produceName === b.produceName) return [350, { reason: 'produce' }]
  return a.family !== null && a.family === b.family ? [60, { reason: 'family' }] : null
}

/** Points for the time, or null where the harvests are too far apart to be one. */
function compareTime(a: Likeness, b: Likeness): number | null {
  const gapMs = Math.max(
    Date.parse(a.harvestFrom) - Date.parse(b.harvestTo),
    Date.parse(b.harvestFrom) - Date.parse(a.harvestTo),
  )
  if (gapMs <= 0) return 200
  if (gapMs <= 7 * DAY_MS) return 100
  return gapMs <= GAP_MAX_DAYS * DAY_MS ? 0 : null
}

/** How likely two cases of one county are the same harvest, and why; null when they are not. The order does not matter. */
export function compareCases(a: Likeness, b: Likeness, samePhone: boolean): Likelihood | null {
  const produce = compareProduce(a, b)
  const time = compareTime(a, b)
  if (produce === null || time === null) return null
  const names = compareNames(a, b)
  const points = comparePoints(a, b)
  const place = points !== null && points[0] > names[0] ? points : names
  const score = Math.min(1000, place[0] + produce[0] + time + (samePhone ? 250 : 0))
  const reasons: LikenessReason[] = [place[1], produce[1]]
  if (time > 0) reasons.push({ reason: 'time' })
  if (samePhone) reasons.push({ reason: 'phone' })
  return { score, reasons }
}
