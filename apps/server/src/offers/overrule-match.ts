import type { OverruleInput } from '@chunbo/contract'
import { chinaDay } from '../merchants/index.ts'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { brokenConditions } from './broken-conditions.ts'
import { dayAfter, daysBetween, PLAN_DAYS, toAlert, toMerchant } from './build-instance.ts'
import type { OffersContext } from './context.ts'
import { makeOffers } from './make-offers.ts'
import { type MatchCase, readMatchCase } from './read-cases.ts'
import { type MatchMerchant, readMatchMerchant } from './read-merchants.ts'

/** What speaks against a merchant for a case, as far as a person may overrule it. */
function conditionsAgainst(found: MatchCase, merchant: MatchMerchant, priceFenPerKg: number | null): string[] {
  const alert = toAlert(found, 0)
  const refused = found.offers.some(
    ({ merchantId, state, again }) =>
      merchantId === merchant.id && ['declined', 'expired', 'withdrawn', 'cancelled'].includes(state) && !again,
  )
  const theirs = toMerchant({ ...merchant, active: true })
  const offersFenPerKg: Record<string, number> = priceFenPerKg === null ? {} : { [alert.produce]: priceFenPerKg }
  const broken = brokenConditions(alert, { ...theirs, offersFenPerKg }, refused)
  return merchant.active ? broken : ['inactive', ...broken]
}

/** Why an offer that a person wanted was not made. */
async function refuse(context: OffersContext, found: MatchCase, input: OverruleInput): Promise<Refusal> {
  const living = found.offers.filter(({ state }) => state === 'open' || state === 'accepted')
  if (living.some(({ merchantId }) => merchantId === input.merchantId)) return new Refusal('offers.living')
  const accepted = found.offers.filter(({ state }) => state === 'accepted')
  if (accepted.length >= found.merchantsMax) return new Refusal('offers.merchants_max', { max: found.merchantsMax })
  const leftG = found.grams - accepted.reduce((sum, { grams }) => sum + grams, 0)
  if (input.grams > leftG) return new Refusal('offers.taken', { leftG })
  const now = context.platform.clock.now()
  const merchant = await readMatchMerchant(context.platform.db, chinaDay(now), input.merchantId)
  return new Refusal(merchant?.papers ? 'offers.case_closed' : 'offers.papers_lapsed')
}

/**
 * Offers to a merchant of a person's choice, with a reason that is kept. Every condition that speaks against it has to be
 * acknowledged by name. Gives the offer's id.
 * @throws Refusal relief.case_not_found, merchants.not_found, offers.case_closed, papers_lapsed, pick_day_past,
 *   conditions_speak_against (params.conditions), living, merchants_max, taken
 */
export async function overruleMatch(
  context: OffersContext,
  caseId: number,
  input: OverruleInput,
  actorId: number,
): Promise<number> {
  const { db, clock } = context.platform
  const now = clock.now()
  const today = chinaDay(now)
  const [found, merchant] = await Promise.all([
    readMatchCase(db, today, caseId),
    readMatchMerchant(db, today, input.merchantId),
  ])
  if (found === undefined) throw new Refusal('relief.case_not_found')
  if (merchant === undefined) throw new Refusal('merchants.not_found')
  if (!['verified', 'offered', 'accepted'].includes(found.stage)) throw new Refusal('offers.case_closed')
  if (!merchant.papers) throw new Refusal('offers.papers_lapsed')
  const price = input.priceFenPerKg ?? merchant.prices[found.produceSlug ?? ''] ?? merchant.prices['*'] ?? null
  const conditions = conditionsAgainst(found, merchant, price)
  const missing = conditions.filter((condition) => !input.acknowledged.includes(condition))
  if (missing.length > 0) throw new Refusal('offers.conditions_speak_against', { conditions: missing })
  const ready = Math.min(PLAN_DAYS - 1, Math.max(0, found.pickedOn ?? found.pickFrom))
  const pickDay = input.pickDay ?? dayAfter(today, ready)
  const ahead = daysBetween(today, pickDay)
  if (ahead < 0 || ahead >= PLAN_DAYS) throw new Refusal('offers.pick_day_past')
  const draft = {
    caseId,
    merchantId: input.merchantId,
    grams: input.grams,
    priceFenPerKg: price,
    pickups: [{ day: pickDay, grams: input.grams }],
    runId: null,
    why: null,
    overruled: { by: actorId, reason: input.reason, conditions },
  }
  const { made, moved } = await db.transaction((tx) => makeOffers(tx, [draft], { now, today }))
  const id = first(made)
  if (id === null) throw await refuse(context, (await readMatchCase(db, today, caseId)) ?? found, input)
  context.told(moved)
  context.wake('offer_overruled')
  return id
}
