import { type Static, Type } from 'typebox'
import { Day, DivisionCode, exact, Grams, Id, Instant, nullable, PageQuery, text } from './basics.ts'
import { ReliefStage } from './relief.ts'

export const CASE_SORTS = ['urgency', 'due', 'new'] as const
export type CaseSort = (typeof CASE_SORTS)[number]
const Sort = Type.Unsafe<CaseSort>(Type.Union(CASE_SORTS.map((sort) => Type.Literal(sort))))
/** 1 in an address asks for it; 0 is as good as leaving it out. */
const Flag = Type.Integer({ minimum: 0, maximum: 1 })

/**
 * GET /api/relief/cases. Without a stage, the open cases. A `q` that is a number finds the case of that number in whatever
 * stage; other words are looked for in produce, place names, township and village. Ended cases come with the latest end first.
 */
export const ReliefCaseQuery = Type.Object({
  stage: Type.Optional(ReliefStage),
  county: Type.Optional(DivisionCode),
  province: Type.Optional(DivisionCode),
  produce: Type.Optional(text(60, 1)),
  owner: Type.Optional(Type.Union([Type.Literal('me'), Type.Literal('none')])),
  /** Its due time has passed, or was missed before in this stage. */
  overdue: Type.Optional(Flag),
  /** Of a county on the register of the 832. */
  listed: Type.Optional(Flag),
  q: Type.Optional(text(60)),
  sort: Type.Optional(Sort),
  ...PageQuery.properties,
})
export type ReliefCaseQuery = Static<typeof ReliefCaseQuery>

/** GET /api/relief/board: every stage, and the open cases of each province that has some; of what the reader may see. */
export const ReliefBoard = Type.Object({
  asOf: Instant,
  /** Open cases, those that are overdue, those that were missed twice and wait for the operator, those the reader owns. */
  open: Type.Integer(),
  overdue: Type.Integer(),
  forOperator: Type.Integer(),
  mine: Type.Integer(),
  /** Grams of open cases that are not sold yet. */
  leftG: Grams,
  stages: Type.Array(
    Type.Object({
      stage: ReliefStage,
      cases: Type.Integer(),
      grams: Grams,
      listedG: Grams,
      soldG: Grams,
      spoiledG: Grams,
      overdue: Type.Integer(),
    }),
  ),
  provinces: Type.Array(
    Type.Object({
      code: DivisionCode,
      cases: Type.Integer(),
      grams: Grams,
      leftG: Grams,
      overdue: Type.Integer(),
      /** The highest urgency of a case there, 0 to 1000. */
      score: Type.Integer(),
    }),
  ),
})
export type ReliefBoard = Static<typeof ReliefBoard>

const Version = Type.Integer({ minimum: 1 })
/** PATCH /api/relief/cases/{id}: what is named is changed. */
export const CaseEdit = exact({
  version: Version,
  produceSlug: Type.Optional(text(60, 1)),
  grams: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 })),
  harvestTo: Type.Optional(Day),
  pickedOn: Type.Optional(nullable(Day)),
  floorFenPerKg: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }))),
  households: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
  needsCold: Type.Optional(Type.Boolean()),
  merchantsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  storyZh: Type.Optional(text(2000)),
  storyEn: Type.Optional(text(4000)),
})
export type CaseEdit = Static<typeof CaseEdit>

/** POST /api/relief/cases/{id}/assign: null gives it back to everybody with the stage's role. */
export const AssignInput = exact({ version: Version, ownerId: nullable(Id) })
export type AssignInput = Static<typeof AssignInput>

/** The answer of every act on a case. */
export const CaseHead = Type.Object({ id: Id, version: Type.Integer(), stage: ReliefStage })
export type CaseHead = Static<typeof CaseHead>

const BULK_STAGES = ['rejected', 'closed', 'expired', 'reported'] as const
const ids = Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true })
/** POST /api/relief/cases/bulk: each case is settled by itself, as it stands then. */
export const BulkInput = Type.Union([
  exact({ ids, act: Type.Literal('assign'), ownerId: nullable(Id) }),
  exact({ ids, act: Type.Literal('reject'), reason: text(500, 2) }),
  exact({
    ids,
    act: Type.Literal('move'),
    to: Type.Unsafe<(typeof BULK_STAGES)[number]>(Type.Union(BULK_STAGES.map((stage) => Type.Literal(stage)))),
    reason: text(500, 2),
  }),
])
export type BulkInput = Static<typeof BulkInput>
/** One result for each id, in their order; code and texts are those of the refusal. */
export const BulkResults = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      ok: Type.Boolean(),
      code: nullable(Type.String()),
      texts: nullable(Type.Object({ zh: Type.String(), en: Type.String() })),
    }),
  ),
})
export type BulkResult = Static<typeof BulkResults>['items'][number]

export const MEASURE_GROUPS = ['county', 'desk', 'month'] as const
export type MeasureGroup = (typeof MEASURE_GROUPS)[number]
/** GET /api/relief/measures and /api/relief/measures.csv: of cases reported from one day to another, both in China and included. */
export const MeasuresQuery = Type.Object({
  by: Type.Optional(Type.Unsafe<MeasureGroup>(Type.Union(MEASURE_GROUPS.map((group) => Type.Literal(group))))),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
})
export type MeasuresQuery = Static<typeof MeasuresQuery>

/** Minutes from the first report to each step; null where no case has come that far. */
const StepMinutes = Type.Object({
  verified: nullable(Type.Integer()),
  accepted: nullable(Type.Integer()),
  inspected: nullable(Type.Integer()),
  onSale: nullable(Type.Integer()),
})
export const MeasuresRow = Type.Object({
  /** Division code, user id or YYYY-MM; empty in the row of all, and for cases that nobody has verified. */
  key: Type.String(),
  /** Name of the county or of the desk's person; the month itself. */
  name: Type.String(),
  /** Without those that were merged into others. */
  cases: Type.Integer(),
  rejected: Type.Integer(),
  expired: Type.Integer(),
  /** Medians. A step that was taken back and taken again counts from when it held. */
  minutes: StepMinutes,
  /** Nine cases of ten were at least so fast. */
  minutesP90: StepMinutes,
  /** Grams of cases that were not rejected; listed, sold (sums of order lines of their lots) and spoiled of the same. */
  gramsAtRisk: Grams,
  gramsListed: Grams,
  gramsSold: Grams,
  gramsSpoiled: Grams,
  gramsSoldInTime: Grams,
  /** Sold before the produce's clock ended, 0 to 1 of what was at risk; null where nothing was. */
  shareSoldInTime: nullable(Type.Number({ minimum: 0, maximum: 1 })),
})
export type MeasuresRow = Static<typeof MeasuresRow>
export const ReliefMeasures = Type.Object({
  by: Type.String(),
  from: Day,
  to: Day,
  all: MeasuresRow,
  rows: Type.Array(MeasuresRow),
})
export type ReliefMeasures = Static<typeof ReliefMeasures>
