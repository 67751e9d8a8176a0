import type { Alert } from '../../../packages/matching/src/index.ts'
import type { County } from './geography.ts'
import type { Kind } from './produce.ts'
import { drawOf, type Random } from './random.ts'

const TONNE_G = 1_000_000
const KILOGRAM_G = 1_000

/** What a kilogram of this kind is worth at the farm gate on a usual day, in fen: the same for alerts and merchants. */
export const usualFenPerKg = (slug: string) => Math.round(120 + 780 * drawOf(3, 'price', slug) ** 2)

/** What lies picked in sheds is at most so much; a greater glut still stands on the plant. */
const SHED_TONNES = 80

/** Grams of a glut: lognormal round 20 t, never under 1 t nor above 1,000 t, in whole kilograms. */
function drawGrams(random: Random, tonnesMax: number): number {
  const tonnes = Math.min(tonnesMax, Math.max(1, random.lognormal(20, 1.3)))
  return Math.round((tonnes * TONNE_G) / KILOGRAM_G) * KILOGRAM_G
}

/** One for a truckload; the more there is, the more may share it, but a village deals with a dozen at the very most. */
function drawMerchantsMax(random: Random, tonnes: number): number {
  if (tonnes <= 5) return 1
  if (tonnes <= 50) return random.integer(2, 3)
  return tonnes <= 200 ? random.integer(4, 6) : random.integer(7, 12)
}

/** Three in four come from a county of the list. */
function drawCounty(random: Random, listed: readonly County[], others: readonly County[]): County {
  return random.pick(others.length === 0 || random.chance(0.75) ? listed : others)
}

interface Ground {
  readonly kinds: readonly Kind[]
  readonly listed: readonly County[]
  readonly others: readonly County[]
}

/**
 * One alert whose word comes on `day` (days from the start of the plan). One in four is picked already and waits in a shed; the
 * others stand on the plant for some more days.
 */
export function drawAlert(random: Random, id: string, day: number, { kinds, listed, others }: Ground): Alert {
  const kind = random.pick(kinds)
  const county = drawCounty(random, listed, others)
  const picked = random.chance(0.25)
  const grams = drawGrams(random, picked ? SHED_TONNES : 1_000)
  const pickFrom = day + random.integer(0, 3)
  const pickTo = pickFrom + random.integer(3, 12)
  const pickedDaysAgo = random.integer(0, Math.max(0, Math.min(3, Math.floor((kind.coldDays ?? kind.ambientDays) / 4))))
  return {
    id,
    produce: kind.slug,
    family: kind.category,
    grams,
    pickFrom: picked ? day - pickedDaysAgo : pickFrom,
    pickTo: picked ? day : pickTo,
    pickedOn: picked ? day - pickedDaysAgo : null,
    ambientLifeDays: kind.ambientDays,
    coldLifeDays: kind.coldDays,
    needsCold: kind.ambientDays <= 2 && random.chance(0.6),
    floorFenPerKg: random.chance(0.8) ? Math.round(usualFenPerKg(kind.slug) * (0.5 + 0.4 * random.next())) : null,
    grade: random.chance(0.6) ? null : random.pick(['A', 'A', 'B', 'B', 'C']),
    lngE5: county.lngE5,
    latE5: county.latE5,
    region: county.code,
    listed: county.listed,
    households: Math.max(1, Math.round(grams / TONNE_G / (0.5 + 2.5 * random.next()))),
    merchantsMax: drawMerchantsMax(random, grams / TONNE_G),
  }
}
