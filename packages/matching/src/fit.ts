import type { Alert, Instance, Merchant, Rules } from './instance.ts'
import type { Cost, FitCondition } from './plan.ts'

const EARTH_KM = 6371.0088
const radians = (e5: number) => (e5 / 1e5) * (Math.PI / 180)

/** Whole road kilometres between two places. */
export function roadKm(from: Alert, to: Merchant, rules: Rules): number {
  const lat = radians(from.latE5)
  const otherLat = radians(to.latE5)
  const half =
    Math.sin((otherLat - lat) / 2) ** 2 +
    Math.cos(lat) * Math.cos(otherLat) * Math.sin(radians(to.lngE5 - from.lngE5) / 2) ** 2
  return Math.round((2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half))) * rules.roadPermille) / 1000)
}

/** Whole days from the departure of the truck to the market; less than half a day's drive arrives on the same day. */
export function transitDays(km: number, merchant: Merchant): number {
  return Math.floor((2 * km + merchant.kmPerDay) / (2 * merchant.kmPerDay))
}

/** Days the produce keeps after picking with this merchant. */
export function lifeDays(alert: Alert, merchant: Merchant): number {
  if (!merchant.cold || alert.coldLifeDays === null) return alert.ambientLifeDays
  return Math.max(alert.ambientLifeDays, alert.coldLifeDays)
}

/** Grams the merchant can fetch on a day. */
export function capacityOn(merchant: Merchant, day: number): number {
  return typeof merchant.capacityG === 'number' ? merchant.capacityG : (merchant.capacityG[day] ?? 0)
}

/** Fen per kilogram that the merchant pays for the alert's produce; null when no price is known. */
export function priceFenPerKg(alert: Alert, merchant: Merchant): number | null {
  const { offersFenPerKg } = merchant
  if (Object.hasOwn(offersFenPerKg, alert.produce)) return offersFenPerKg[alert.produce] ?? null
  return Object.hasOwn(offersFenPerKg, '*') ? (offersFenPerKg['*'] ?? null) : null
}

/** First day on which anything of the alert can be fetched. */
export function readyDay(alert: Alert): number {
  return Math.max(0, alert.pickedOn ?? alert.pickFrom)
}

/** Days from the pick to the market for a lot fetched on `day`. */
export function ageAtMarket(alert: Alert, merchant: Merchant, km: number, day: number): number {
  const waited = alert.pickedOn === null ? 0 : Math.max(0, day - alert.pickedOn)
  return waited + merchant.packingDays + transitDays(km, merchant)
}

/** Days, both included, on which a lot can be fetched and still be at the market within its life; empty when last < first. */
export function pickUpDays(alert: Alert, merchant: Merchant, km: number, days: number) {
  const first = readyDay(alert)
  const windowLast = Math.min(days - 1, alert.pickedOn === null ? alert.pickTo : days - 1)
  const spare = lifeDays(alert, merchant) - merchant.packingDays - transitDays(km, merchant)
  if (alert.pickedOn === null) return { first, windowLast, last: spare < 0 ? first - 1 : windowLast }
  return { first, windowLast, last: Math.min(windowLast, alert.pickedOn + spare) }
}

/** Fen for a tonne fetched on `day`, in its parts; integers, so that equal instances give equal costs everywhere. */
export function unitCost(alert: Alert, merchant: Merchant, km: number, day: number, rules: Rules) {
  const life = Math.max(1, lifeDays(alert, merchant))
  const age = ageAtMarket(alert, merchant, km, day)
  const waitFen = 1000 * rules.waitFenPerKgDay * Math.max(0, day - readyDay(alert))
  const freightFen = rules.freightFenPerTonneKm * km
  const qualityFen = Math.floor((1000 * rules.qualityFenPerKg * age) / life) + waitFen
  const riskFen = rules.riskFenPerKg * (1000 - merchant.reliabilityPermille)
  return { freightFen, qualityFen, riskFen, totalFen: freightFen + qualityFen + riskFen }
}

/** Fen for a tonne that finds no merchant: the penalty and the aid weight. */
export function unsoldFenPerTonne(alert: Alert, rules: Rules): number {
  const listed = alert.listed ? rules.listedFenPerKg : 0
  const households = (rules.householdFenPerKg * Math.min(100, alert.households)) / 100
  return Math.floor(1000 * (rules.unsoldFenPerKg + listed + households))
}

/** Cost of `grams` in whole fen with its parts, of which the total is the sum. */
export function costOf(grams: number, unit: ReturnType<typeof unitCost>): Cost {
  const freightFen = Math.round((grams * unit.freightFen) / 1e6)
  const qualityFen = Math.round((grams * unit.qualityFen) / 1e6)
  const riskFen = Math.round((grams * unit.riskFen) / 1e6)
  return { freightFen, qualityFen, riskFen, totalFen: freightFen + qualityFen + riskFen }
}

function takesProduce(alert: Alert, merchant: Merchant): boolean {
  if (merchant.produce.includes(alert.produce)) return true
  return merchant.families.some((family) => alert.family === family || alert.family.startsWith(`${family}/`))
}

function takesRegion(alert: Alert, merchant: Merchant): boolean {
  if (merchant.regions.length === 0) return true
  return merchant.regions.some(
    (code) =>
      code === alert.region || code === Math.floor(alert.region / 100) || code === Math.floor(alert.region / 10_000),
  )
}

/** The key of a pair in a set of refused pairs. */
export const pairKey = (alertId: string, merchantId: string) => `${alertId}\n${merchantId}`

/**
 * The first condition between the alert and the merchant that does not hold, by the whole instance and leaving aside what
 * else is planned; null when they fit. `refused` holds the keys of excluded pairs, `km` is roadKm.
 */
export function misfit(
  instance: Instance,
  refused: ReadonlySet<string>,
  alert: Alert,
  merchant: Merchant,
  km: number,
): FitCondition | null {
  // What a table look-up settles comes first where the order is ours to choose: most pairs end there.
  if (refused.size > 0 && refused.has(pairKey(alert.id, merchant.id))) return 'refused'
  if (!takesProduce(alert, merchant)) return 'produce'
  if (alert.grade !== null && merchant.grades.length > 0 && !merchant.grades.includes(alert.grade)) return 'grade'
  if (!takesRegion(alert, merchant)) return 'region'
  if (km > merchant.reachKm) return 'reach'
  if (alert.needsCold && !merchant.cold) return 'cold'
  if (alert.floorFenPerKg !== null && (priceFenPerKg(alert, merchant) ?? -1) < alert.floorFenPerKg) return 'floor'
  const { first, windowLast, last } = pickUpDays(alert, merchant, km, instance.days)
  if (windowLast < first) return 'window'
  if (last < first) return 'life'
  let capacityMaxG = 0
  for (let day = first; day <= last; day += 1) capacityMaxG = Math.max(capacityMaxG, capacityOn(merchant, day))
  if (Math.min(capacityMaxG, merchant.capTotalG) === 0) return 'capacity'
  return Math.min(capacityMaxG, merchant.capTotalG, alert.grams) < merchant.lotMinG ? 'lot_minimum' : null
}
