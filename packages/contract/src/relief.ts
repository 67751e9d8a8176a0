import { type Static, Type } from 'typebox'
import {
  Day,
  DivisionCode,
  exact,
  Fen,
  Grams,
  Id,
  Instant,
  nullable,
  oneOf,
  Picture,
  Place,
  text,
  Uuid,
} from './basics.ts'

/** Stages of a relief case, in the order in which a case that goes well passes them; the last three end it otherwise. */
export const RELIEF_STAGES = [
  'reported',
  'verified',
  'offered',
  'accepted',
  'inspecting',
  'coordinating',
  'listed',
  'selling',
  'closed',
  'rejected',
  'expired',
  'merged',
] as const
export type ReliefStage = (typeof RELIEF_STAGES)[number]
export const ReliefStage = oneOf(RELIEF_STAGES)

export const ALERT_SOURCES = ['public', 'phone', 'merchant', 'official', 'commissioner', 'csv', 'media'] as const
export type AlertSource = (typeof ALERT_SOURCES)[number]
export const AlertSource = oneOf(ALERT_SOURCES)

/** A decimal number as people type it, with at most three places; never a float. */
const Decimal = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,3})?$' })

/**
 * How much there is, in the reporter's own unit. Area units need the yield. Units that are no mass (车, 箱, 筐) are
 * understood and refused with a question for tonnes.
 */
export const AlertQuantity = exact({
  amount: Decimal,
  unit: text(8, 1),
  yieldPerUnit: Type.Optional(exact({ amount: Decimal, unit: text(8, 1) })),
})
export type AlertQuantity = Static<typeof AlertQuantity>

/** In 1e-5 degrees, WGS-84. */
const LngE5 = Type.Integer({ minimum: -18_000_000, maximum: 18_000_000 })
const LatE5 = Type.Integer({ minimum: -9_000_000, maximum: 9_000_000 })

/** What every report says, however it came. */
export const alertFields = {
  /** One of GET /api/produce, or null and a word of the reporter's own. */
  produceSlug: nullable(text(60, 1)),
  produceText: Type.Optional(text(40)),
  quantity: AlertQuantity,
  countyCode: DivisionCode,
  township: Type.Optional(text(60)),
  village: Type.Optional(text(60)),
  lngE5: Type.Optional(nullable(LngE5)),
  latE5: Type.Optional(nullable(LatE5)),
  harvestFrom: Day,
  harvestTo: Day,
  /** Null while it is on the plant. */
  pickedOn: nullable(Day),
  floorFenPerKg: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }))),
  households: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
  words: Type.Optional(text(2000)),
}

/** Whom to call; shown only to who needs it, and every look is written down. */
export const AlertContact = exact({ name: text(40, 1), phone: text(21, 6), relation: Type.Optional(text(40)) })
export type AlertContact = Static<typeof AlertContact>

/**
 * POST /api/relief/alerts, by anybody without an account or by someone signed in. `key` is made by the form: sent twice, the same answer.
 * Pictures are uploaded before, by POST /api/relief/pictures.
 */
export const AlertInput = exact({
  ...alertFields,
  key: Uuid,
  pictures: Type.Optional(Type.Array(Uuid, { maxItems: 6 })),
  contact: AlertContact,
})
export type AlertInput = Static<typeof AlertInput>

/** What a reporter gets back: the link to the page of the case is /relief/track/{token}. */
export const AlertReceipt = Type.Object({ token: Type.String(), caseId: Id, grams: Grams, replayed: Type.Boolean() })
export type AlertReceipt = Static<typeof AlertReceipt>

/** Why a case is urgent, each part in words that can be shown. */
export const Urgency = Type.Object({
  /** Grams that are lost for each day that is left; all of it when less than a day is left. */
  gramsAtRiskPerDay: Grams,
  /** Whole days until the produce's clock ends, 0 when it has; null for what keeps. */
  daysLeft: nullable(Type.Integer()),
  households: nullable(Type.Integer()),
  /** 0 to 1000; the board sorts by it. */
  score: Type.Integer({ minimum: 0, maximum: 1000 }),
})
export type Urgency = Static<typeof Urgency>

const caseFields = {
  id: Id,
  version: Type.Integer(),
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
  /** The county is on the register of the 832. */
  listed: Type.Boolean(),
  grams: Grams,
  listedG: Grams,
  soldG: Grams,
  harvestFrom: Day,
  harvestTo: Day,
  pickedOn: nullable(Day),
  households: nullable(Type.Integer()),
  urgency: Urgency,
  spoilsAt: nullable(Instant),
  owner: nullable(Type.Object({ id: Id, name: Type.String() })),
  stageSince: Instant,
  stageDue: Instant,
  escalated: Type.Integer(),
  reportedAt: Instant,
  alerts: Type.Integer(),
  picture: nullable(Picture),
  /** How many open proposals of duplicates wait for a word. */
  duplicates: Type.Integer(),
}
/** GET /api/relief/cases (items): a row of the desk's board. */
export const ReliefCaseRow = Type.Object(caseFields)
export type ReliefCaseRow = Static<typeof ReliefCaseRow>

export const ReliefAlert = Type.Object({
  id: Id,
  firstCaseId: Id,
  source: AlertSource,
  sourceName: Type.String(),
  produceZh: Type.String(),
  quantityText: Type.String(),
  grams: Grams,
  place: Place,
  township: Type.String(),
  village: Type.String(),
  words: Type.String(),
  pictures: Type.Array(Picture),
  reportedAt: Instant,
  reporter: nullable(Type.String()),
})
export type ReliefAlert = Static<typeof ReliefAlert>

export const ReliefLogEntry = Type.Object({
  id: Id,
  at: Instant,
  actor: nullable(Type.Object({ id: Id, name: Type.String() })),
  kind: Type.String(),
  fromStage: nullable(ReliefStage),
  toStage: nullable(ReliefStage),
  note: Type.String(),
  // Type.Record would bring the whole engine of the schema library to every page.
  facts: Type.Unsafe<Record<string, unknown>>(Type.Object({}, { additionalProperties: true })),
})
export type ReliefLogEntry = Static<typeof ReliefLogEntry>

/** GET /api/relief/cases/{id}: everything the desk knows of a case; merchants, inspections and coordination have their own routes. */
export const ReliefCase = Type.Object({
  ...caseFields,
  produceText: Type.String(),
  floorFenPerKg: nullable(Fen),
  needsCold: Type.Boolean(),
  merchantsMax: Type.Integer(),
  storyZh: Type.String(),
  storyEn: Type.String(),
  verifiedBy: nullable(Type.Object({ id: Id, name: Type.String() })),
  closedReason: Type.String(),
  mergedInto: nullable(Id),
  spoiledG: nullable(Grams),
  reports: Type.Array(ReliefAlert),
  log: Type.Array(ReliefLogEntry),
  lots: Type.Array(Type.Object({ shopId: Id, lotId: Id })),
  /** Stages this reader may move it to now. */
  next: Type.Array(ReliefStage),
  duplicateOf: Type.Array(Type.Object({ caseId: Id, score: Type.Integer() })),
})
export type ReliefCase = Static<typeof ReliefCase>

/** POST /api/relief/cases/{id}/verify: by a named person, with what was seen. */
export const VerifyInput = exact({
  version: Type.Integer({ minimum: 1 }),
  evidence: text(1000, 4),
  pictures: Type.Optional(Type.Array(Uuid, { maxItems: 6 })),
  grams: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 })),
  produceSlug: Type.Optional(text(60, 1)),
  harvestTo: Type.Optional(Day),
})
export type VerifyInput = Static<typeof VerifyInput>

/** POST /api/relief/cases/{id}/move: to a stage that needs nothing but a word (reject, close, reopen, expire). */
export const MoveInput = exact({ version: Type.Integer({ minimum: 1 }), to: ReliefStage, reason: text(500, 2) })
export type MoveInput = Static<typeof MoveInput>
