import { type Static, Type } from 'typebox'
import { Day, exact, Grams, Id, Instant, nullable, Picture, Place, text, Uuid } from './basics.ts'
import { GRADES, type Grade } from './catalogue.ts'
import { GRADE_PARTS, RESIDUES } from './inspection-grade.ts'
import { SYNC_OPS_MAX } from './inspection-plan.ts'
import { ReliefStage } from './relief.ts'

const oneOf = <const T extends readonly string[]>(words: T) =>
  Type.Unsafe<T[number]>(Type.Union(words.map((word) => Type.Literal(word))))
const GradeSchema = Type.Unsafe<Grade>(oneOf(GRADES))
const Named = Type.Object({ id: Id, name: Type.String() })
const Verdict = oneOf(['pass', 'fail'] as const)

const opHead = {
  /** Made by the device; the same one is done once, however often it comes. */
  id: Uuid,
  inspectionId: Uuid,
  caseId: Id,
  /** The signed inspection that this one puts right; null for a first one. */
  corrects: nullable(Uuid),
  /** By the clock of the device. */
  at: Instant,
}
/** Writes a field (inspection-fields.ts). The value is checked one by one, so that a bad one does not hold up the others. */
export const InspectionSet = exact({
  ...opHead,
  kind: Type.Literal('set'),
  field: text(60, 1),
  value: Type.Unknown(),
  seen: Type.Array(Uuid, { maxItems: 50 }),
})
/** Signs exactly the named operations: what both people had on the screen, whatever another device has written meanwhile. */
export const InspectionSign = exact({
  ...opHead,
  kind: Type.Literal('sign'),
  covers: Type.Array(Uuid, { maxItems: 300 }),
})
export const InspectionOp = Type.Union([InspectionSet, InspectionSign])
export type InspectionSet = Static<typeof InspectionSet>
export type InspectionSign = Static<typeof InspectionSign>
export type InspectionOp = Static<typeof InspectionOp>

/** POST /api/inspections/sync: in the order in which they were made. */
export const InspectionSync = exact({
  device: Uuid,
  ops: Type.Array(InspectionOp, { minItems: 1, maxItems: SYNC_OPS_MAX }),
})
export type InspectionSync = Static<typeof InspectionSync>

/** A value that stands, with who wrote it; several of one field stand side by side until a person chooses. */
export const FieldHead = Type.Object({
  op: Uuid,
  value: Type.Unknown(),
  seen: Type.Array(Uuid),
  at: Instant,
  by: Named,
})
export type FieldHead = Static<typeof FieldHead>

const GradePartSchema = Type.Object({
  measure: oneOf(GRADE_PARTS),
  grade: oneOf([...GRADES, 'fail'] as const),
  value: nullable(Type.Integer()),
  limit: nullable(Type.Integer()),
})

/** What was signed; it never changes. */
export const SignedInspection = Type.Object({
  op: Uuid,
  /** Device's clock when it was signed, and ours when it came in. */
  at: Instant,
  receivedAt: Instant,
  by: Named,
  values: Type.Record(Type.String(), Type.Unknown()),
  grade: GradeSchema,
  verdict: Verdict,
  parts: Type.Array(GradePartSchema),
  grams: Grams,
  /** Of the certificate at /certificates/{number}; null for what failed. */
  certificate: nullable(Type.String()),
})
export type SignedInspection = Static<typeof SignedInspection>

/** moved: it has moved its case, or needed not to. stale: the case had gone on by itself; a person says what now. left: leave it. */
export const INSPECTION_EFFECTS = ['none', 'moved', 'stale', 'left'] as const
export const Inspection = Type.Object({
  id: Uuid,
  caseId: Id,
  corrects: nullable(Uuid),
  /** The signed one that puts this one right. */
  correctedBy: nullable(Uuid),
  version: Type.Integer(),
  state: oneOf(['draft', 'signed'] as const),
  openedAt: Instant,
  openedBy: Named,
  fields: Type.Array(Type.Object({ field: Type.String(), heads: Type.Array(FieldHead) })),
  signed: nullable(SignedInspection),
  effect: oneOf(INSPECTION_EFFECTS),
  /** Where its case stands now. */
  caseStage: ReliefStage,
  /** Of its produce, which the plan hangs on; null where it is none that is known. */
  family: nullable(Type.String()),
  photos: Type.Array(Type.Object({ id: Uuid, picture: Picture })),
})
export type Inspection = Static<typeof Inspection>
/** GET /api/relief/cases/{id}/inspections */
export const InspectionList = Type.Object({ items: Type.Array(Inspection) })

/** replayed: it was there already, with that outcome. conflict: kept and shown beside the other. waiting: for operations it names. */
export const SyncResult = Type.Object({
  id: Uuid,
  outcome: oneOf(['applied', 'conflict', 'waiting', 'refused'] as const),
  replayed: Type.Boolean(),
  code: nullable(Type.String()),
  zh: Type.String(),
  en: Type.String(),
})
export type SyncResult = Static<typeof SyncResult>
export const SyncAnswer = Type.Object({ results: Type.Array(SyncResult), inspections: Type.Array(Inspection) })
export type SyncAnswer = Static<typeof SyncAnswer>

/** A case as its inspector needs it without a network. */
export const InspectionCase = Type.Object({
  id: Id,
  stage: ReliefStage,
  produceZh: Type.String(),
  produceEn: Type.String(),
  family: nullable(Type.String()),
  place: Place,
  township: Type.String(),
  village: Type.String(),
  lngE5: nullable(Type.Integer()),
  latE5: nullable(Type.Integer()),
  grams: Grams,
  harvestFrom: Day,
  harvestTo: Day,
  stageDue: Instant,
  spoilsAt: nullable(Instant),
  owner: nullable(Named),
})
export type InspectionCase = Static<typeof InspectionCase>
/** GET /api/inspections/mine: all that the app keeps for days without a network. */
export const MyInspections = Type.Object({
  me: Named,
  asOf: Instant,
  cases: Type.Array(InspectionCase),
  inspections: Type.Array(Inspection),
})
export type MyInspections = Static<typeof MyInspections>

/** PUT /api/inspections/photos/{id}: the bytes of a photo under the id that the device gave it. */
export const StoredPhoto = Type.Object({ id: Uuid, picture: Picture, replayed: Type.Boolean() })

/** POST /api/inspections/{id}/effect: what becomes of a signed one whose case had gone on. */
export const EffectChoice = exact({ choice: oneOf(['apply', 'leave'] as const) })

/** GET /api/certificates/{number}: 承诺达标合格证 of a batch. The telephone is masked for whoever does not work with the case. */
export const Certificate = Type.Object({
  number: Type.String(),
  caseId: Id,
  producer: Type.String(),
  phone: Type.String(),
  produceZh: Type.String(),
  produceEn: Type.String(),
  grams: Grams,
  place: Place,
  village: Type.String(),
  batch: Type.String(),
  harvestFrom: Day,
  harvestTo: Day,
  issuedOn: Day,
  inspectedAt: Instant,
  inspector: Type.String(),
  grade: GradeSchema,
  residue: nullable(oneOf(RESIDUES)),
  samples: Type.Integer(),
  pieces: Type.Integer(),
  parts: Type.Array(GradePartSchema),
  photos: Type.Array(Picture),
  /** As SVG path data in a box of 1000 by 1000. */
  signatures: Type.Object({ farmer: Type.String(), inspector: Type.String() }),
  /** Number of the certificate that puts this one right; null while it holds. */
  replacedBy: nullable(Type.String()),
  /** False when a later inspection of the batch has failed it. */
  holds: Type.Boolean(),
})
export type Certificate = Static<typeof Certificate>
