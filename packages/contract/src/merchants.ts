import { type Static, Type } from 'typebox'
import { Day, DivisionCode, exact, Fen, Grams, Id, Instant, nullable, oneOf, Picture, Place, text } from './basics.ts'
import { GRADES } from './catalogue.ts'

/** What a merchant must be able to show before anything is offered to them: a business licence and one for food. */
export const NEEDED_PAPERS = ['business_licence', 'food_licence'] as const
const PAPER_KINDS = [...NEEDED_PAPERS, 'transport_licence', 'other'] as const
export type PaperKind = (typeof PAPER_KINDS)[number]
const PaperKind = oneOf(PAPER_KINDS)

const GradeSchema = oneOf(GRADES)

/** WGS-84 in 1e-5 degrees, within China; null when nobody has looked it up. */
const place = {
  countyCode: DivisionCode,
  lngE5: nullable(Type.Integer({ minimum: 7_300_000, maximum: 13_600_000 })),
  latE5: nullable(Type.Integer({ minimum: 300_000, maximum: 5_400_000 })),
}
/** A place where trucks start and goods arrive. The first is the one that distances are measured from. */
export const Warehouse = exact({ name: text(60, 1), ...place })
export type Warehouse = Static<typeof Warehouse>

const profile = {
  name: text(60, 1),
  /** Whom to ring for an offer that does not wait; empty when there is none. */
  phone: Type.String({ pattern: '^(\\+?[0-9 -]{6,20})?$' }),
  /** The shop that this merchant sells in; null when there is none yet. */
  shopId: nullable(Id),
  /** Slugs of GET /api/produce, and families (fruit, fruit/citrus): either is enough. */
  produceSlugs: Type.Array(text(60, 1), { maxItems: 200 }),
  families: Type.Array(text(40, 1), { maxItems: 40 }),
  /** Empty: every grade. */
  grades: Type.Array(GradeSchema, { maxItems: 4 }),
  /** Where the goods are fetched: codes of two (province), four (prefecture) or six digits (county); empty: anywhere. */
  regions: Type.Array(Type.Integer({ minimum: 11, maximum: 999_999 }), { maxItems: 500 }),
  reachKm: Type.Integer({ minimum: 1, maximum: 6_000 }),
  capacityDayG: Type.Integer({ minimum: 1_000, maximum: 1_000_000_000_000 }),
  /** Least that is worth a trip. */
  lotMinG: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
  packingDays: Type.Integer({ minimum: 0, maximum: 14 }),
  cold: Type.Boolean(),
  /** Provinces that are delivered to, codes of two digits; empty: all. */
  deliverProvinces: Type.Array(Type.Integer({ minimum: 11, maximum: 82 }), { maxItems: 34 }),
  /** Money that can be put into goods at once; null: enough. */
  workingCapitalFen: nullable(Fen),
  warehouses: Type.Array(Warehouse, { minItems: 1, maxItems: 10 }),
  /** False while nothing is to be offered. */
  active: Type.Boolean(),
}
/** POST /api/merchants: by somebody with the role merchant, who becomes its first member of staff, or by the relief desk. */
export const MerchantInput = exact(profile)
export type MerchantInput = Static<typeof MerchantInput>
/** PUT /api/merchants/{id}: the whole profile, with the version that was read. */
export const MerchantEdit = exact({ ...profile, version: Type.Integer({ minimum: 1 }) })
export type MerchantEdit = Static<typeof MerchantEdit>

/** What a merchant pays in a term, days included; produceSlug null is for everything that has no price of its own. */
export const MerchantPrice = exact({
  produceSlug: nullable(text(60, 1)),
  fenPerKg: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  from: Day,
  until: Day,
})
export type MerchantPrice = Static<typeof MerchantPrice>
/** PUT /api/merchants/{id}/prices: all of them at once. */
export const MerchantPrices = exact({ prices: Type.Array(MerchantPrice, { maxItems: 200 }) })

/** POST /api/merchants/{id}/papers. The picture is uploaded before, by POST /api/pictures. */
export const PaperInput = exact({
  kind: PaperKind,
  number: text(60, 1),
  pictureId: nullable(Picture.properties.id),
  validUntil: Day,
})
export type PaperInput = Static<typeof PaperInput>
/** POST /api/merchants/{id}/papers/{paperId}/check (relief desk): a paper counts only when somebody has looked at it. */
export const PaperCheck = exact({ holds: Type.Boolean(), note: Type.Optional(text(300)) })
export type PaperCheck = Static<typeof PaperCheck>

const MerchantPaper = Type.Object({
  id: Id,
  kind: PaperKind,
  number: Type.String(),
  picture: nullable(Picture),
  validUntil: Day,
  /** new: nobody has looked yet; held: seen and good; refused: seen and not good; lapsed: its day has gone by. */
  state: Type.Union([Type.Literal('new'), Type.Literal('held'), Type.Literal('refused'), Type.Literal('lapsed')]),
  note: Type.String(),
  checkedBy: nullable(Type.String()),
  /** Its renewal is due: it ends within 30 days and there is no newer one of its kind that holds. */
  renew: Type.Boolean(),
})
export type MerchantPaper = Static<typeof MerchantPaper>

/** What a merchant's past says; computed from answered offers and inspections, never typed in. */
export const MerchantRecord = Type.Object({
  /** Offers that were answered, in any way, or that ran out. */
  offers: Type.Integer(),
  accepted: Type.Integer(),
  /** Accepted and taken back before the inspection: a promise not kept. */
  withdrawn: Type.Integer(),
  /** Promises kept, in thousandths; who has made none yet stands at 800. */
  reliabilityPermille: Type.Integer({ minimum: 0, maximum: 1000 }),
  /** Minutes to an answer, the middle one; null while nothing was answered. */
  answerMin: nullable(Type.Integer()),
  /** Share of the inspected goods that was bad, in thousandths; null while nothing was inspected. */
  badPermille: nullable(Type.Integer()),
  /** Accepted and not on sale yet. */
  openOffers: Type.Integer(),
  openG: Grams,
  openFen: Fen,
})
export type MerchantRecord = Static<typeof MerchantRecord>

/** GET /api/merchants/{id} */
export const Merchant = Type.Object({
  id: Id,
  version: Type.Integer(),
  ...profile,
  warehouses: Type.Array(Type.Object({ name: Type.String(), ...place, place: Place })),
  prices: Type.Array(MerchantPrice),
  papers: Type.Array(MerchantPaper),
  /** Kinds of needed papers without one that holds: while this is not empty nothing is offered. */
  papersMissing: Type.Array(Type.Unsafe<(typeof NEEDED_PAPERS)[number]>(PaperKind)),
  staff: Type.Array(Type.Object({ userId: Id, name: Type.String() })),
  record: MerchantRecord,
  createdAt: Instant,
})
export type Merchant = Static<typeof Merchant>

/** GET /api/merchants?q= (relief desk) and GET /api/my/merchants: a row. */
export const MerchantRow = Type.Object({
  id: Id,
  name: Type.String(),
  place: Place,
  active: Type.Boolean(),
  papersMissing: Type.Array(Type.Unsafe<(typeof NEEDED_PAPERS)[number]>(PaperKind)),
  /** Papers that nobody has looked at yet. */
  papersNew: Type.Integer(),
  cold: Type.Boolean(),
  capacityDayG: Grams,
  reachKm: Type.Integer(),
})
export type MerchantRow = Static<typeof MerchantRow>

/** PUT /api/merchants/{id}/staff (relief desk): everybody who may act for the merchant; each holds the role merchant. */
export const MerchantStaff = exact({ userIds: Type.Array(Id, { maxItems: 50 }) })
