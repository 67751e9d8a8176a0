import type { Merchant } from '../../../packages/matching/src/index.ts'
import { usualFenPerKg } from './draw-alert.ts'
import { marketProvinces, placeIn, sourceProvinces } from './geography.ts'
import type { Kind } from './produce.ts'
import type { Random } from './random.ts'

const TONNE_G = 1_000_000

/** What the merchant deals in: all fruit or all vegetables, some families, or a few kinds by name. */
function drawGoods(random: Random, kinds: readonly Kind[]): Pick<Merchant, 'produce' | 'families'> {
  const families = [...new Set(kinds.map(({ category }) => category))]
  const several = <T>(items: readonly T[], low: number, high: number) => [
    ...new Set(Array.from({ length: random.integer(low, high) }, () => random.pick(items))),
  ]
  const way = random.next()
  if (way < 0.15) return { produce: [], families: [random.pick(['fruit', 'vegetable'])] }
  if (way < 0.7) return { produce: [], families: several(families, 2, 5) }
  const slugs = kinds.map(({ slug }) => slug)
  return { produce: several(slugs, 3, 8), families: [] }
}

/** Grams a day: one number, or fewer at weekends where the plan has days. */
function drawCapacity(random: Random, days: number): Pick<Merchant, 'capacityG' | 'capTotalG' | 'lotMinG'> {
  const tonnes = Math.max(2, Math.min(120, Math.round(random.lognormal(12, 0.8))))
  const capacityG = tonnes * TONNE_G
  const restDay = random.integer(0, 6)
  const rests = random.chance(0.2)
  return {
    capacityG: rests
      ? Array.from({ length: days }, (_, day) => (day % 7 === restDay ? Math.round(capacityG / 4) : capacityG))
      : capacityG,
    capTotalG: capacityG * random.integer(3, 10),
    lotMinG: Math.round((capacityG * (0.05 + 0.35 * random.next())) / 1000) * 1000,
  }
}

interface Trade {
  readonly kinds: readonly Kind[]
  readonly days: number
  /** Median road kilometres that merchants go: where there are more merchants, each goes less far. */
  readonly reachKm: number
}

/** One merchant, of a great market or of one near the fields, with what they take, how far they go and what they pay. */
export function drawMerchant(random: Random, id: string, { kinds, days, reachKm }: Trade): Merchant {
  const province = random.pick(random.chance(0.5) ? marketProvinces : sourceProvinces)
  const goods = drawGoods(random, kinds)
  const offers: Record<string, number> = {}
  for (const kind of kinds)
    if (random.chance(0.95)) offers[kind.slug] = Math.round(usualFenPerKg(kind.slug) * (0.65 + 0.6 * random.next()))
  const home = random.chance(0.5) ? [] : [province]
  return {
    id,
    ...goods,
    grades: random.pick([[], [], [], ['A'], ['A', 'B'], ['A', 'B'], ['B', 'C']]),
    regions:
      home.length === 0
        ? []
        : [...new Set([province, ...Array.from({ length: 9 }, () => random.pick(sourceProvinces))])],
    reachKm: Math.round(Math.min(3_500, Math.max(250, random.lognormal(reachKm, 0.45)))),
    ...drawCapacity(random, days),
    cold: random.chance(0.5),
    packingDays: random.pick([0, 1, 1, 1, 2]),
    kmPerDay: random.integer(50, 95) * 10,
    ...placeIn(province, id),
    offersFenPerKg: Object.fromEntries(Object.entries(offers).filter(([slug]) => takes(goods, slug, kinds))),
    reliabilityPermille: Math.min(990, Math.round(600 + 400 * Math.sqrt(random.next()))),
  }
}

function takes(goods: Pick<Merchant, 'produce' | 'families'>, slug: string, kinds: readonly Kind[]): boolean {
  const category = kinds.find((kind) => kind.slug === slug)?.category ?? ''
  return (
    goods.produce.includes(slug) ||
    goods.families.some((family) => category === family || category.startsWith(`${family}/`))
  )
}
