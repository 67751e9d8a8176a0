import { type Static, Type } from 'typebox'
import { Day, exact, Fen, Grams, Id, Instant, nullable, oneOf, Picture, Place, text } from './basics.ts'
import { ReliefStage } from './relief.ts'

/**
 * open: waits for a word of the merchant. expired: none came in time. withdrawn: accepted and taken back by the merchant.
 * cancelled: taken back by the desk or by the case's own end; that is not held against the merchant.
 */
export const OFFER_STATES = ['open', 'accepted', 'declined', 'expired', 'withdrawn', 'cancelled'] as const
export type OfferState = (typeof OFFER_STATES)[number]
const OfferState = oneOf(OFFER_STATES)

const FenPerKg = Type.Integer({ minimum: 1, maximum: 10_000_000 })
const Named = Type.Object({ id: Id, name: Type.String() })

/** Why an offer went to this merchant, as the plan had it; null where a person wanted it so. */
export const OfferWhy = Type.Object({
  km: Type.Integer(),
  lifeLeftDays: Type.Integer(),
  costFenPerTonne: Type.Integer(),
  /** The cheapest other one, and how much more a tonne would cost there (negative: cheaper, but full). */
  nextBest: nullable(Type.Object({ merchant: Named, extraFenPerTonne: Type.Integer(), full: Type.Boolean() })),
})
export type OfferWhy = Static<typeof OfferWhy>

/** A part of an offer that is fetched on one day. */
const Pickup = Type.Object({ day: Day, grams: Grams })
export type Pickup = Static<typeof Pickup>

/** GET /api/relief/cases/{id}/offers, GET /api/merchants/{id}/offers (items), and the answer of every act on one. */
export const Offer = Type.Object({
  id: Id,
  caseId: Id,
  merchant: Named,
  state: OfferState,
  grams: Grams,
  /** Null unless accepted (or withdrawn afterwards). */
  acceptedG: nullable(Grams),
  priceFenPerKg: nullable(Fen),
  pickDay: Day,
  pickups: Type.Array(Pickup),
  madeAt: Instant,
  expiresAt: Instant,
  answeredAt: nullable(Instant),
  answeredBy: nullable(Named),
  reason: Type.String(),
  why: nullable(OfferWhy),
  overruled: nullable(Type.Object({ by: Named, reason: Type.String(), conditions: Type.Array(Type.String()) })),
  /** Least that can be accepted of it. */
  leastG: Grams,
  /** Still to be had of the case; less than `grams` when somebody was faster. */
  leftG: Grams,
  case: Type.Object({
    stage: ReliefStage,
    produceSlug: nullable(Type.String()),
    produceZh: Type.String(),
    produceEn: Type.String(),
    family: nullable(Type.String()),
    place: Place,
    township: Type.String(),
    village: Type.String(),
    lngE5: nullable(Type.Integer()),
    latE5: nullable(Type.Integer()),
    listed: Type.Boolean(),
    harvestFrom: Day,
    harvestTo: Day,
    pickedOn: nullable(Day),
    needsCold: Type.Boolean(),
    floorFenPerKg: nullable(Fen),
    households: nullable(Type.Integer()),
    spoilsAt: nullable(Instant),
    storyZh: Type.String(),
    storyEn: Type.String(),
    picture: nullable(Picture),
  }),
})
export type Offer = Static<typeof Offer>

/** POST /api/offers/{id}/accept. `grams` may be fewer than were offered, not below leastG. Sent twice: the same answer. */
export const OfferAccept = exact({ grams: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }) })
/** POST /api/offers/{id}/decline, /withdraw (merchant) and /cancel (relief desk). */
export const OfferReason = exact({ reason: text(300, 1) })

/**
 * POST /api/relief/cases/{id}/offers (relief desk): to a merchant of the desk's choice. `acknowledged` names every condition
 * that speaks against it; the refusal offers.conditions_speak_against lists those that are missing.
 */
export const OverruleInput = exact({
  merchantId: Id,
  grams: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
  priceFenPerKg: Type.Optional(nullable(FenPerKg)),
  pickDay: Type.Optional(Day),
  reason: text(500, 2),
  acknowledged: Type.Array(text(40, 1), { maxItems: 20 }),
})
export type OverruleInput = Static<typeof OverruleInput>

/** One run of the match, and POST /api/relief/match, which runs it now. */
export const MatchRun = Type.Object({
  id: Id,
  at: Instant,
  /** What caused it, in one word: case_verified, offer_declined, asked. */
  cause: Type.String(),
  /** As in plan.json; failed where there is no plan. */
  status: Type.Union([
    Type.Literal('optimal'),
    Type.Literal('within_gap'),
    Type.Literal('time_limit'),
    Type.Literal('infeasible'),
    Type.Literal('failed'),
  ]),
  /** (objective - bound) / bound in thousandths; null when it failed. */
  gapPermille: nullable(Type.Integer()),
  ms: Type.Integer(),
  cases: Type.Integer(),
  merchants: Type.Integer(),
  offersMade: Type.Integer(),
  /** What agreed offers contradict; the rest is planned round them. */
  clashes: Type.Array(
    Type.Object({
      condition: Type.String(),
      caseId: nullable(Id),
      merchant: nullable(Named),
      day: nullable(Day),
      wanted: nullable(Type.Integer()),
      allowed: nullable(Type.Integer()),
      text: Type.String(),
    }),
  ),
  failure: Type.String(),
})
export type MatchRun = Static<typeof MatchRun>

/** GET /api/relief/cases/{id}/match: what the last run that looked at the case said of it; null before the first. */
export const CaseMatch = Type.Object({
  /** The newest run of all: when it failed, what stands below is older. */
  latest: nullable(MatchRun),
  run: nullable(MatchRun),
  fitting: Type.Integer(),
  proposals: Type.Array(
    Type.Object({
      merchant: Named,
      grams: Grams,
      priceFenPerKg: nullable(Fen),
      pickups: Type.Array(Pickup),
      why: OfferWhy,
    }),
  ),
  /** The nearest others, and the first condition that excluded each. */
  excluded: Type.Array(Type.Object({ merchant: Named, km: Type.Integer(), condition: Type.String() })),
  /** What found nobody, and how many merchants each condition kept out. */
  unsold: nullable(
    Type.Object({
      grams: Grams,
      reasons: Type.Array(Type.Object({ condition: Type.String(), merchants: Type.Integer() })),
    }),
  ),
  /** Of the case: neither accepted nor on offer. */
  leftG: Grams,
})
export type CaseMatch = Static<typeof CaseMatch>
