import { type Alert, DEFAULT_RULES, type Excluded, type Frozen, type Instance, type Merchant } from '@chunbo/matching'
import { placeOr } from './province-places.ts'
import type { MatchCase } from './read-cases.ts'
import type { MatchMerchant } from './read-merchants.ts'
import { reliabilityPermille } from './record.ts'

/** Days that a plan looks ahead. */
export const PLAN_DAYS = 14
/** Road kilometres of a truck in a day, with two drivers through the night. */
const KM_PER_DAY = 1_000
/** What has no end of its life of its own keeps for years. */
const KEEPS_DAYS = 3_650
const GRAMS_MAX = 1_000_000_000_000
const DAY_MS = 86_400_000
/** The instance looks at most so many days back or ahead. */
const withinSight = (day: number) => Math.max(-400, Math.min(400, day))

/** Whole days from one calendar day to another, both YYYY-MM-DD. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
/** The calendar day so many days after one. */
export const dayAfter = (from: string, days: number): string =>
  new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10)

/** Whether new offers may be made for a case in this stage. */
export const looksForMerchants = (stage: MatchCase['stage']): boolean =>
  stage === 'verified' || stage === 'offered' || stage === 'accepted'

/** A case as an alert of the instance. One that looks for nobody any more has no more grams than were agreed. */
export function toAlert(found: MatchCase, frozenG: number): Alert {
  // What has a life in the cold only (meat) does not travel warm.
  const ambientLifeDays = Math.min(KEEPS_DAYS, found.ambientDays ?? (found.coldDays === null ? KEEPS_DAYS : 0))
  return {
    id: String(found.id),
    produce: found.produceSlug ?? 'unknown',
    family: found.category ?? 'unknown',
    grams: looksForMerchants(found.stage) ? found.grams : frozenG,
    pickFrom: withinSight(found.pickFrom),
    pickTo: withinSight(found.pickTo),
    pickedOn: found.pickedOn === null ? null : withinSight(found.pickedOn),
    ambientLifeDays,
    coldLifeDays: found.coldDays === null ? null : Math.max(ambientLifeDays, found.coldDays),
    needsCold: found.needsCold,
    floorFenPerKg: found.floorFenPerKg,
    grade: null,
    ...placeOr(found.lngE5, found.latE5, found.countyCode),
    region: found.countyCode,
    listed: found.listed,
    households: found.households ?? 0,
    merchantsMax: found.merchantsMax,
  }
}

/** What the working capital buys at the dearest of the prices. */
function capTotalG(merchant: MatchMerchant): number {
  const dearest = Math.max(0, ...Object.values(merchant.prices))
  if (merchant.workingCapitalFen === null || dearest === 0) return GRAMS_MAX
  return Math.min(GRAMS_MAX, Math.floor((merchant.workingCapitalFen / dearest) * 1000))
}

/** A merchant of the instance. Who may get nothing new takes no produce at all; what they have promised stays. */
export function toMerchant(found: MatchMerchant): Merchant {
  const takes = found.active && found.papers
  return {
    id: String(found.id),
    produce: takes ? [...found.produceSlugs] : [],
    families: takes ? [...found.families] : [],
    grades: [...found.grades],
    regions: [...found.regions],
    reachKm: found.reachKm,
    capacityG: found.capacityDayG,
    capTotalG: capTotalG(found),
    lotMinG: found.lotMinG,
    cold: found.cold,
    packingDays: found.packingDays,
    kmPerDay: KM_PER_DAY,
    ...placeOr(found.lngE5, found.latE5, found.countyCode),
    offersFenPerKg: { ...found.prices },
    reliabilityPermille: reliabilityPermille(found.accepted, found.withdrawn),
  }
}

/**
 * Pick-ups of living offers, accepted ones first, as far as the grams of the case go, and the pairs that are not to come
 * (again): who has refused, and who has an offer already, for what is left of a part that was accepted is not for them. Such a
 * pair is agreed, so the solver holds nothing but quantities against it; the rest is for findContradictions.
 */
function freeze(found: MatchCase, today: string, known: ReadonlyMap<number, MatchMerchant>) {
  const frozen: Frozen[] = []
  const excluded: Excluded[] = []
  let left = found.grams
  for (const offer of found.offers) {
    if (!known.has(offer.merchantId) || offer.again) continue
    const pair = { alertId: String(found.id), merchantId: String(offer.merchantId) }
    excluded.push({ ...pair, reason: offer.state })
    if (offer.state !== 'accepted' && (offer.state !== 'open' || offer.grams > left)) continue
    for (const { day, grams } of offer.pickups) {
      frozen.push({ ...pair, day: withinSight(daysBetween(today, day)), grams, overruled: true })
    }
    left -= offer.grams
  }
  return { frozen, excluded }
}

/** The instance of the match as things stand: what is accepted or on offer is frozen, who has refused is left out. */
export function buildInstance(
  cases: readonly MatchCase[],
  merchants: readonly MatchMerchant[],
  today: string,
): Instance {
  const bound = new Set(
    cases
      .flatMap(({ offers }) => offers.filter(({ state }) => state === 'accepted' || state === 'open'))
      .map(({ merchantId }) => merchantId),
  )
  const frozen: Frozen[] = []
  const excluded = new Map<string, Excluded>()
  const alerts: Alert[] = []
  const taking = merchants.filter(({ id, active, papers }) => (active && papers) || bound.has(id))
  const known = new Map(taking.map((merchant) => [merchant.id, merchant]))
  for (const found of cases) {
    const settled = freeze(found, today, known)
    const frozenG = settled.frozen.reduce((sum, { grams }) => sum + grams, 0)
    if (frozenG === 0 && !looksForMerchants(found.stage)) continue
    alerts.push(toAlert(found, frozenG))
    frozen.push(...settled.frozen)
    for (const pair of settled.excluded) excluded.set(`${pair.alertId} ${pair.merchantId}`, pair)
  }
  return {
    version: 1,
    startDay: today,
    days: PLAN_DAYS,
    alerts,
    merchants: taking.map(toMerchant),
    frozen,
    excluded: [...excluded.values()],
    rules: DEFAULT_RULES,
  }
}
