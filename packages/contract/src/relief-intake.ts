import { type Static, Type } from 'typebox'
import { Day, exact, Grams, Id, Instant, nullable, Picture, Place, text } from './basics.ts'
import { AlertContact, AlertInput, alertFields, ReliefStage } from './relief.ts'

/**
 * POST /api/relief/media, by a media monitor with a key: headers Authorization: Bearer {key}, X-Chunbo-Timestamp (Unix
 * seconds) and X-Chunbo-Signature: sha256={hex of HMAC-SHA-256 of "{timestamp}.{body}" with the key}. `key` is the
 * sender's own number of the report: sent again, the same answer.
 */
export const MediaAlertInput = exact({
  ...alertFields,
  key: text(200, 1),
  /** Where it was read. */
  link: Type.Optional(Type.String({ maxLength: 500, pattern: '^https?://' })),
  contact: Type.Optional(AlertContact),
})
export type MediaAlertInput = Static<typeof MediaAlertInput>

/** POST /api/relief/alerts/phone (relief desk): what a caller says. The same as the form's, without pictures. */
export const PhoneAlertInput = Type.Omit(AlertInput, ['pictures'], { additionalProperties: false })
export type PhoneAlertInput = Static<typeof PhoneAlertInput>

/** A line of an uploaded file that opened a case or was refused; `line` counts from 1, the header being the first. */
const CsvRow = Type.Object({
  line: Type.Integer(),
  key: Type.String(),
  /** Set where the line opened a case, now or before. */
  caseId: nullable(Id),
  token: nullable(Type.String()),
  grams: nullable(Grams),
  replayed: Type.Boolean(),
  /** An error code and what it says, where the line was refused. */
  code: nullable(Type.String()),
  texts: nullable(Type.Object({ zh: Type.String(), en: Type.String() })),
})
/** POST /api/relief/alerts/csv?sender= (relief desk, commissioner): one result for each line, refused ones change nothing. */
export const CsvResult = Type.Object({
  opened: Type.Integer(),
  replayed: Type.Integer(),
  refused: Type.Integer(),
  rows: Type.Array(CsvRow),
})
export type CsvResult = Static<typeof CsvResult>

/** GET and POST /api/relief/media-senders (relief desk). */
export const MediaSender = Type.Object({ id: Id, name: Type.String(), madeAt: Instant, alerts: Type.Integer() })
export type MediaSender = Static<typeof MediaSender>
export const MediaSenderInput = exact({ name: text(60, 1) })
/** The key is shown this once; only a hash of it is kept. */
export const NewMediaSender = Type.Object({ id: Id, name: Type.String(), key: Type.String() })

/** POST /api/relief/alerts/{id}/contact: why somebody needs it; written down with their name. */
export const ContactLook = exact({ reason: text(300, 4) })

/** POST /api/relief/cases/{id}/merge: the case joins another one, whose facts stay as they are. */
export const MergeInput = exact({ version: Type.Integer({ minimum: 1 }), into: Id, reason: text(500, 2) })
export type MergeInput = Static<typeof MergeInput>
/** POST /api/relief/cases/{id}/split: an alert leaves the case again and its first case becomes what it was. */
export const SplitInput = exact({ alertId: Id, reason: text(500, 2) })
export type SplitInput = Static<typeof SplitInput>

export const DUPLICATE_REASONS = [
  'village',
  'township',
  'county',
  'near',
  'produce',
  'family',
  'time',
  'phone',
] as const
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number]
const DuplicateReason = Type.Unsafe<DuplicateReason>(
  Type.Union(DUPLICATE_REASONS.map((reason) => Type.Literal(reason))),
)
/** GET /api/relief/cases/{id}/duplicates (relief desk, the county's commissioner): open proposals, the likeliest first. */
export const DuplicateProposals = Type.Object({
  items: Type.Array(
    Type.Object({
      caseId: Id,
      score: Type.Integer({ minimum: 0, maximum: 1000 }),
      reasons: Type.Array(Type.Object({ reason: DuplicateReason, metres: Type.Optional(Type.Integer()) })),
      stage: ReliefStage,
      version: Type.Integer(),
      produceZh: Type.String(),
      produceEn: Type.String(),
      grams: Grams,
      township: Type.String(),
      village: Type.String(),
      harvestFrom: Day,
      harvestTo: Day,
      reportedAt: Instant,
    }),
  ),
})
export type DuplicateProposals = Static<typeof DuplicateProposals>

/** GET /api/relief/track/{token}: where a report stands, for who has its link. Nothing of anybody's person. */
export const ReliefTrack = Type.Object({
  stage: ReliefStage,
  stageSince: Instant,
  /** Until when who has to act has time; null where the case has ended. */
  stageDue: nullable(Instant),
  /** What will follow when all goes well; null at the end. */
  next: nullable(ReliefStage),
  /** The stages it has passed, each with its first time, in order. */
  steps: Type.Array(Type.Object({ stage: ReliefStage, at: Instant })),
  /** Counted together with other reports of the same harvest. */
  joined: Type.Boolean(),
  closedReason: Type.String(),
  produceZh: Type.String(),
  produceEn: Type.String(),
  family: nullable(Type.String()),
  place: Place,
  township: Type.String(),
  village: Type.String(),
  quantityText: Type.String(),
  grams: Grams,
  /** Grams of the whole case, which may hold several reports. */
  caseGrams: Grams,
  harvestFrom: Day,
  harvestTo: Day,
  pickedOn: nullable(Day),
  pictures: Type.Array(Picture),
  spoilsAt: nullable(Instant),
  reportedAt: Instant,
})
export type ReliefTrack = Static<typeof ReliefTrack>

/** GET /api/demo/messages (only in the demo): text messages that a real sender would have sent, phones masked. */
export const DemoMessages = Type.Object({
  messages: Type.Array(
    Type.Object({ phone: Type.String(), body: Type.String(), madeAt: Instant, sentAt: nullable(Instant) }),
  ),
})
export type DemoMessages = Static<typeof DemoMessages>
