import { type Static, Type } from 'typebox'
import { exact, Id, Instant, nullable, oneOf, page } from './basics.ts'

/** How long recordings of shows stay, and what holds them back. Times of rules are whole days from the end of a show. */

export const RECORDING_KINDS = ['trade', 'practice'] as const
export const RECORDING_ACTS = ['rule_set', 'hold_placed', 'hold_lifted', 'removed'] as const
export const STORE_STATES = ['enough', 'low', 'full'] as const
export type RecordingAct = (typeof RECORDING_ACTS)[number]

export const RecordingRule = Type.Object({
  kind: oneOf(RECORDING_KINDS),
  keepDays: Type.Integer({ minimum: 1 }),
  /** No rule may be shorter. */
  leastDays: Type.Integer({ minimum: 1 }),
  /** Null for the rule that came with the product. */
  changedBy: nullable(Type.String()),
  changedAt: Instant,
})
export type RecordingRule = Static<typeof RecordingRule>
export const RecordingRules = Type.Object({ items: Type.Array(RecordingRule) })
export const RecordingRuleInput = exact({ keepDays: Type.Integer({ minimum: 1, maximum: 36_500 }) })

export const RecordingHold = Type.Object({
  id: Id,
  reason: Type.String(),
  by: Type.String(),
  at: Instant,
})
export const RecordingRow = Type.Object({
  roomId: Id,
  titleZh: Type.String(),
  titleEn: Type.String(),
  hostName: Type.String(),
  practice: Type.Boolean(),
  endedAt: Instant,
  /** By its rule; a hold keeps it longer. */
  keepUntil: Instant,
  removedAt: nullable(Instant),
  /** Those that are not lifted. */
  holds: Type.Array(RecordingHold),
})
export type RecordingRow = Static<typeof RecordingRow>
export const RecordingPage = page(RecordingRow)

/** Why: the case number, who asked. Read years later by somebody else. */
export const HoldReason = exact({ reason: Type.String({ minLength: 4, maxLength: 500, pattern: '\\S' }) })

export const RecordingLogLine = Type.Object({
  id: Id,
  at: Instant,
  /** Null for what was done by the rule. */
  by: nullable(Type.String()),
  act: oneOf(RECORDING_ACTS),
  roomId: nullable(Id),
  note: Type.String(),
})
export type RecordingLogLine = Static<typeof RecordingLogLine>
export const RecordingLogPage = page(RecordingLogLine)

/** GET /api/recordings/store: where recordings lie and whether there is room. */
export const RecordingStore = Type.Object({
  kind: oneOf(['folder', 'bucket']),
  /** Null where the store does not say. */
  freeBytes: nullable(Type.Integer({ minimum: 0 })),
  /** Below so much nothing is recorded. */
  floorBytes: Type.Integer({ minimum: 0 }),
  state: oneOf(STORE_STATES),
})
export type RecordingStore = Static<typeof RecordingStore>

export const RecordingsQuery = Type.Object({
  held: Type.Optional(Type.Boolean()),
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
})
export const RecordingLogQuery = Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })) })
