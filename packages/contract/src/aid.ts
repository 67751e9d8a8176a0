import { type Static, Type } from 'typebox'
import { SHARES_PERMILLE_MAX } from './aid-price.ts'
import { exact, Fen, Grams, Id, Instant, nullable, oneOf, Picture, Place, text, Uuid } from './basics.ts'
import { GRADES, SkuCard } from './catalogue.ts'
import { ReliefStage } from './relief.ts'

/** What has to be ready before goods go on sale, in the order in which the desk looks at it. */
export const AID_TASKS = ['price', 'picking', 'boxes', 'courier', 'freight', 'ice', 'cold_truck'] as const
export type AidTaskKind = (typeof AID_TASKS)[number]
const TaskKind = oneOf(AID_TASKS)
export const AID_TASK_STATES = ['open', 'done', 'not_needed'] as const
export type AidTaskState = (typeof AID_TASK_STATES)[number]
const TaskState = oneOf(AID_TASK_STATES)
const Named = Type.Object({ id: Id, name: Type.String() })

export const AidDocument = Type.Object({
  id: Id,
  title: Type.String(),
  picture: nullable(Picture),
  url: nullable(Type.String()),
  addedAt: Instant,
  addedBy: Named,
})
export type AidDocument = Static<typeof AidDocument>

export const AidTask = Type.Object({
  kind: TaskKind,
  version: Type.Integer(),
  state: TaskState,
  /** Somebody with an account, or a name in `ownerName` (a driver, a box factory), or nobody yet. */
  owner: nullable(Named),
  ownerName: Type.String(),
  dueAt: Instant,
  word: Type.String(),
  changedAt: nullable(Instant),
  changedBy: nullable(Named),
  documents: Type.Array(AidDocument),
})
export type AidTask = Static<typeof AidTask>

/** PUT /api/relief/cases/{id}/tasks/{kind}: what is named is changed. `version` is the one that was read. */
export const AidTaskEdit = exact({
  version: Type.Integer({ minimum: 1 }),
  state: Type.Optional(TaskState),
  /** True: the one who asks. False: nobody with an account. */
  mine: Type.Optional(Type.Boolean()),
  ownerName: Type.Optional(text(40)),
  dueAt: Type.Optional(Instant),
  word: Type.Optional(text(300)),
})
export type AidTaskEdit = Static<typeof AidTaskEdit>

/** POST /api/relief/cases/{id}/tasks/{kind}/documents: a picture that was uploaded, or an https address; one of the two. */
export const AidDocumentInput = exact({
  title: text(80, 1),
  pictureId: Type.Optional(Uuid),
  url: Type.Optional(Type.String({ pattern: '^https://[^\\s"<>]{4,300}$' })),
})
export type AidDocumentInput = Static<typeof AidDocumentInput>
/** Documents of a case, at most. */
export const AID_DOCUMENTS_MAX = 40

/** Who pays the way to the buyer: it is in the price, or somebody gives it. Buyers pay nothing on top. */
export const FREIGHT_PAYERS = ['price', 'shop', 'county', 'platform'] as const
export type FreightPayer = (typeof FREIGHT_PAYERS)[number]
const freightFields = {
  payer: oneOf(FREIGHT_PAYERS),
  carrier: text(40),
  fenPerKg: Type.Integer({ minimum: 0, maximum: 100_000 }),
  /** Provinces that are delivered to, codes of two digits; empty: all. */
  provinces: Type.Array(Type.Integer({ minimum: 11, maximum: 82 }), { maxItems: 34, uniqueItems: true }),
}
/** PUT /api/relief/cases/{id}/freight; version 0 where there is none yet. */
export const FreightInput = exact({ ...freightFields, version: Type.Integer({ minimum: 0 }) })
export type FreightInput = Static<typeof FreightInput>
export const FreightNote = Type.Object({ ...freightFields, version: Type.Integer() })
export type FreightNote = Static<typeof FreightNote>

/** GET /api/relief/cases/{id}/tasks and the answer of every change of it. No tasks before a merchant has accepted. */
export const CaseTasks = Type.Object({
  caseId: Id,
  stage: ReliefStage,
  tasks: Type.Array(AidTask),
  freight: nullable(FreightNote),
})
export type CaseTasks = Static<typeof CaseTasks>

const Permille = Type.Integer({ minimum: 0, maximum: SHARES_PERMILLE_MAX })
const GradeSchema = oneOf(GRADES)
const netG = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const packFen = Type.Integer({ minimum: 1, maximum: 100_000_000 })

export const DraftPack = exact({
  /** Key of the passed batch that it is packed from. */
  batch: text(60, 1),
  netG,
  packs: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  packingFen: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  /** Null: what the farmer's net comes to. */
  priceFen: nullable(packFen),
})
export type DraftPack = Static<typeof DraftPack>

/** What is known and decided so far of how a case goes on sale. Everything but the farmer's net is filled in beforehand. */
export const FastTrackDraft = exact({
  /** The step that is open, so that it goes on there. */
  step: Type.Integer({ minimum: 1, maximum: 4 }),
  /** Null: a shop with the name below is opened in the county. */
  shopId: nullable(Id),
  shopNameZh: text(60),
  titleZh: text(36),
  titleEn: text(80),
  storyZh: text(3000),
  storyEn: text(6000),
  farm: text(60),
  pictureIds: Type.Array(Uuid, { maxItems: 9 }),
  farmerFenPerKg: nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  freightFenPerKg: Type.Integer({ minimum: 0, maximum: 100_000 }),
  platformPermille: Permille,
  reservePermille: Permille,
  packs: Type.Array(DraftPack, { minItems: 1, maxItems: 6 }),
})
export type FastTrackDraft = Static<typeof FastTrackDraft>
/** PUT /api/relief/cases/{id}/fast-track: keeps the draft. version 0 where none was kept yet. */
export const FastTrackSave = exact({ version: Type.Integer({ minimum: 0 }), draft: FastTrackDraft })
/** POST /api/relief/cases/{id}/fast-track/publish: puts the kept draft on sale. Sent twice: the same answer. */
export const FastTrackPublish = exact({ version: Type.Integer({ minimum: 1 }) })

/** Goods that an inspection has passed. */
export const PassedBatch = Type.Object({
  key: Type.String(),
  grade: GradeSchema,
  grams: Grams,
  inspectedAt: Instant,
  inspector: Type.String(),
  /** Where its certificate can be read. */
  certificate: nullable(Type.String()),
})
export type PassedBatch = Static<typeof PassedBatch>

export const AidRoom = Type.Object({
  id: Id,
  titleZh: Type.String(),
  titleEn: Type.String(),
  status: Type.Union([Type.Literal('scheduled'), Type.Literal('live'), Type.Literal('paused')]),
  scheduledAt: Instant,
})
export type AidRoom = Static<typeof AidRoom>

/** What a draft still needs before it can go on sale. */
export const FAST_TRACK_NEEDS = ['inspection', 'shop', 'title', 'farmer_net', 'price', 'grams'] as const
export type FastTrackNeed = (typeof FAST_TRACK_NEEDS)[number]
const Need = oneOf(FAST_TRACK_NEEDS)

/** GET /api/relief/cases/{id}/fast-track and the answer of every step of it. */
export const FastTrack = Type.Object({
  caseId: Id,
  stage: ReliefStage,
  produceZh: Type.String(),
  produceEn: Type.String(),
  family: nullable(Type.String()),
  place: Place,
  village: Type.String(),
  version: Type.Integer(),
  draft: FastTrackDraft,
  /** Of the draft as it is kept; empty: it may be published. */
  missing: Type.Array(Need),
  batches: Type.Array(PassedBatch),
  /** Grams that may be listed: the least of what was reported, accepted and passed. */
  limitG: Grams,
  acceptedG: nullable(Grams),
  /** What the farmer has been promised or asks for, at least, for a kilogram. */
  floorFenPerKg: nullable(Fen),
  shops: Type.Array(Type.Object({ id: Id, nameZh: Type.String(), nameEn: Type.String() })),
  pictures: Type.Array(Picture),
  room: nullable(AidRoom),
  freight: nullable(FreightNote),
  /** Null until it is on sale. */
  listed: nullable(Type.Object({ at: Instant, shopId: Id, room: nullable(AidRoom), skus: Type.Array(SkuCard) })),
})
export type FastTrack = Static<typeof FastTrack>

const aidFields = {
  caseId: Id,
  stage: ReliefStage,
  produceZh: Type.String(),
  produceEn: Type.String(),
  family: nullable(Type.String()),
  place: Place,
  township: Type.String(),
  village: Type.String(),
  households: nullable(Type.Integer()),
  picture: nullable(Picture),
  storyZh: Type.String(),
  storyEn: Type.String(),
  /** Grams put on sale; sold and left add up to it. */
  listedG: Grams,
  soldG: Grams,
  leftG: Grams,
  orders: Type.Integer(),
  /** When what is left is not worth the road; null for what keeps. */
  spoilsAt: nullable(Instant),
  hoursLeft: nullable(Type.Integer()),
  /** Grams that are lost for each day that is left; the list is sorted by it. */
  atRiskPerDayG: Grams,
  /** The pack with the lowest price for a kilogram that is still to be had. */
  from: nullable(Type.Object({ skuId: Id, priceFen: Fen, netG, perJinFen: Fen })),
  room: nullable(AidRoom),
  proof: nullable(PassedBatch),
}
export const AidItem = Type.Object(aidFields)
export type AidItem = Static<typeof AidItem>
/** GET /api/aid: what is at risk today, the most urgent first, then what was saved in the last days. */
export const AidList = Type.Object({
  items: Type.Array(AidItem),
  /** Over all items. */
  total: Type.Object({ listedG: Grams, soldG: Grams, leftG: Grams, households: Type.Integer() }),
  asOf: Instant,
})
export type AidList = Static<typeof AidList>

/** GET /api/aid/{caseId} */
export const AidPage = Type.Object({
  ...aidFields,
  harvestFrom: Type.String(),
  harvestTo: Type.String(),
  pictures: Type.Array(Picture),
  proofs: Type.Array(PassedBatch),
  freight: nullable(FreightNote),
  skus: Type.Array(SkuCard),
  /** What happened, in stages; the words are the page's. */
  timeline: Type.Array(Type.Object({ stage: ReliefStage, at: Instant })),
  /** When the last pack was sold; null while there are some. */
  lastGramAt: nullable(Instant),
})
export type AidPage = Static<typeof AidPage>
