import { lifeDays, roadKm, transitDays } from '../../../../packages/matching/src/fit.ts'
import type { Alert, Instance, Rules } from '../../../../packages/matching/src/index.ts'
import { accepts, lateDays, type SeasonMerchant, type World } from './world.ts'

/** An offer that a desk sends: so much of this alert to this merchant, fetched so many days from today. */
export interface Offer {
  readonly alertId: string
  readonly merchantId: string
  readonly day: number
  readonly grams: number
}

/** A desk under test: what it offers next, from what a desk knows. Called again after the answers, up to `roundsADay` times. */
export type Desk = (known: Instance) => Offer[] | Promise<Offer[]>

/** Offers expire after two hours, so that a working day has time for so many rounds of offers and answers. */
export const roundsADay = 4
/** The desk looks so many days ahead. */
const horizonDays = 10
/** A merchant's working capital comes back so many days after the lot was fetched. */
const paidAfterDays = 10

interface Lot extends Offer {
  /** Day of the season on which it is fetched. */
  readonly fetchDay: number
}

export interface Case {
  readonly alert: Alert
  /** Not promised to anybody. */
  openG: number
  readonly lots: Lot[]
  shippedG: number
  /** Lost on the road or in the field. */
  spoiledG: number
  /** That part of it that was on the road. */
  lateG: number
}

export interface Result {
  /** One for each alert of the season. */
  readonly cases: readonly Case[]
  readonly offers: number
  readonly refused: number
}

/** State after a day, for those who want to look on. */
export type Watch = (day: number, cases: readonly Case[]) => void

/** Runs a season with one desk. Every chance in it is drawn by name, so that it is the same for every desk. */
export async function simulate(world: World, rules: Rules, desk: Desk, watch: Watch = () => {}): Promise<Result> {
  const cases = new Map<string, Case>()
  const fetched: Lot[] = []
  const refused = new Set<string>()
  const merchants = new Map(world.merchants.map((merchant) => [merchant.known.id, merchant]))
  let offers = 0
  for (let today = 0; today < world.days || waiting(cases) > 0; today += 1) {
    for (const { day, alert } of world.arrivals)
      if (day === today)
        cases.set(alert.id, { alert, openG: alert.grams, lots: [], shippedG: 0, spoiledG: 0, lateG: 0 })
    for (let round = 0; round < roundsADay; round += 1) {
      const sent = await desk(snapshot(world, rules, today, cases, fetched, refused))
      // Two days for the same merchant are one question, so that what was refused before is what earlier rounds refused.
      const before = new Set(refused)
      for (const offer of sent) {
        const { found, merchant } = check(offer, cases, merchants, before)
        offers += 1
        if (accepts(world, merchant, offer.alertId, today)) {
          found.openG -= offer.grams
          found.lots.push({ ...offer, fetchDay: today + offer.day })
        } else refused.add(`${offer.alertId}/${offer.merchantId}`)
      }
      if (sent.length === 0) break
    }
    for (const found of cases.values()) endOfDay({ world, rules, merchants, fetched }, found, today)
    watch(today, [...cases.values()])
  }
  return { cases: [...cases.values()], offers, refused: refused.size }
}

function waiting(cases: ReadonlyMap<string, Case>): number {
  let grams = 0
  for (const { openG, lots } of cases.values()) grams += lots.reduce((sum, lot) => sum + lot.grams, openG)
  return grams
}

function check(
  offer: Offer,
  cases: ReadonlyMap<string, Case>,
  merchants: ReadonlyMap<string, SeasonMerchant>,
  refused: ReadonlySet<string>,
): { found: Case; merchant: SeasonMerchant } {
  const found = cases.get(offer.alertId)
  const merchant = merchants.get(offer.merchantId)
  if (found === undefined || merchant === undefined || offer.grams > found.openG || offer.grams <= 0 || offer.day < 0)
    throw new Error(`an offer of what is not there: ${JSON.stringify(offer)}`)
  if (refused.has(`${offer.alertId}/${offer.merchantId}`))
    throw new Error(`an offer that was refused before: ${JSON.stringify(offer)}`)
  return { found, merchant }
}

interface Stage {
  readonly world: World
  readonly rules: Rules
  readonly merchants: ReadonlyMap<string, SeasonMerchant>
  /** Lots that have left, for the working capital that they bind. */
  readonly fetched: Lot[]
}

/** What leaves today leaves, and arrives in time or spoilt; what nobody can fetch any more is lost. */
function endOfDay({ world, rules, merchants, fetched }: Stage, found: Case, today: number): void {
  const { alert, lots } = found
  for (const lot of lots.filter(({ fetchDay }) => fetchDay === today)) {
    const merchant = merchants.get(lot.merchantId)
    if (merchant === undefined) throw new Error(`nobody is called ${lot.merchantId}`)
    const late = lateDays(world, merchant, alert.id, today)
    const lifeEnds = (alert.pickedOn ?? today) + lifeDays(alert, merchant.known)
    if (today + travelDays(alert, merchant, rules) + late <= lifeEnds) found.shippedG += lot.grams
    else {
      found.spoiledG += lot.grams
      found.lateG += lot.grams
    }
    lots.splice(lots.indexOf(lot), 1)
    fetched.push(lot)
  }
  if (today >= lastFetchDay(alert)) {
    found.spoiledG += found.openG
    found.openG = 0
  }
}

const travelDays = (alert: Alert, { known }: SeasonMerchant, rules: Rules) =>
  known.packingDays + transitDays(roadKm(alert, known, rules), known)

/** The last day on which anybody at all could fetch some of it. */
function lastFetchDay({ pickedOn, pickTo, ambientLifeDays, coldLifeDays }: Alert): number {
  return pickedOn === null ? pickTo : pickedOn + Math.max(ambientLifeDays, coldLifeDays ?? 0)
}

/** What a desk knows on the morning of `today`, with days counted from it. */
function snapshot(
  world: World,
  rules: Rules,
  today: number,
  cases: ReadonlyMap<string, Case>,
  fetched: readonly Lot[],
  refused: ReadonlySet<string>,
): Instance {
  const open = [...cases.values()].filter(({ openG, lots }) => openG > 0 || lots.length > 0)
  const openIds = new Set(open.map(({ alert }) => alert.id))
  const past = fetched.filter(({ alertId }) => openIds.has(alertId))
  const unpaid = fetched.filter(({ fetchDay }) => fetchDay > today - paidAfterDays)
  return {
    version: 1,
    startDay: dayAfter(world.startDay, today),
    days: horizonDays,
    alerts: open.map(({ alert }) => ({
      ...alert,
      pickFrom: alert.pickFrom - today,
      pickTo: alert.pickTo - today,
      pickedOn: alert.pickedOn === null ? null : alert.pickedOn - today,
    })),
    merchants: world.merchants.map(({ known }) => ({
      ...known,
      // The plan counts what is frozen against the capital, so that only the rest of what is unpaid is taken off before.
      capTotalG: Math.max(0, known.capTotalG - gramsOf(unpaid, known.id) + gramsOf(past, known.id)),
    })),
    frozen: [...past, ...open.flatMap(({ lots }) => lots)].map(({ alertId, merchantId, grams, fetchDay }) => ({
      alertId,
      merchantId,
      grams,
      day: fetchDay - today,
    })),
    excluded: [...refused]
      .map((pair) => pair.split('/'))
      .filter(([alertId]) => openIds.has(alertId ?? ''))
      .map(([alertId = '', merchantId = '']) => ({ alertId, merchantId, reason: 'refused' })),
    rules,
  }
}

function gramsOf(lots: readonly Lot[], merchantId: string): number {
  return lots.reduce((sum, lot) => (lot.merchantId === merchantId ? sum + lot.grams : sum), 0)
}

function dayAfter(startDay: string, days: number): string {
  return new Date(Date.parse(`${startDay}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
