import { type Static, Type } from 'typebox'
import { exact, Id, Instant, nullable, oneOf, text, Uuid } from './basics.ts'
import { ChatLine } from './room-events.ts'
import { ChatMode, RoomAnswer } from './room-parts.ts'

/**
 * The rules of a room's chat, and the questions that are asked in it. Every change answers with the whole of what a desk shows of it
 * (Moderation or RoomQuestions), and every desk of the team gets the same over the socket as sections `moderation` and `questions`.
 */

/** Why somebody reports a line, takes it down or silences who said it. */
export const CHAT_REASONS = ['spam', 'contact', 'abuse', 'fraud', 'false_claim', 'minor', 'other'] as const
export type ChatReason = (typeof CHAT_REASONS)[number]
const Reason = oneOf(CHAT_REASONS)
/** Characters of what is said to a reason, an appeal or its answer. */
export const CHAT_WORDS_MAX = 200
const Words = text(CHAT_WORDS_MAX)
const SomeWords = text(CHAT_WORDS_MAX, 1)

// ---- team

/** PUT /api/rooms/{id}/chat-mode takes ChatMode; DELETE /api/rooms/{id}/chat-pin needs no body. */
export const ChatModeInput = exact(ChatMode.properties)
/** PUT /api/rooms/{id}/chat-pin */
export const ChatPinInput = exact({ lineId: Uuid })
/** DELETE /api/rooms/{id}/chat/{lineId}?reason=: takes a line down everywhere. Again does no harm. */
export const ChatLineParams = Type.Object({ id: Id, lineId: Uuid })
export const ChatRemoval = exact({ reason: Type.Optional(Reason) })

/** Minutes of the longest mute in one room: a week. */
export const MUTE_MINUTES_MAX = 10_080
/**
 * POST /api/rooms/{id}/mutes: silences who said the line. `minutes` in this room; 0 in every room of the county until it is lifted (a ban).
 * `takeDown` also takes down all that they said in this room.
 */
export const MuteInput = exact({
  lineId: Uuid,
  minutes: Type.Integer({ minimum: 0, maximum: MUTE_MINUTES_MAX }),
  reason: Reason,
  words: Type.Optional(Words),
  takeDown: Type.Optional(Type.Boolean()),
})
export type MuteInput = Static<typeof MuteInput>
/** DELETE /api/rooms/{id}/mutes/{muteId}: lifts one that holds. */
export const MuteParams = Type.Object({ id: Id, muteId: Id })

/** What the one who is silenced says against it, and what the team says to that. */
export const Appeal = Type.Object({
  words: Type.String(),
  at: Instant,
  answer: nullable(Type.Object({ lift: Type.Boolean(), words: Type.String(), byName: Type.String(), at: Instant })),
})
export type Appeal = Static<typeof Appeal>
export const Mute = Type.Object({
  id: Id,
  roomId: Id,
  /** True for a ban: it holds in every room of the county. */
  county: Type.Boolean(),
  userName: Type.String(),
  /** What they had said. */
  lineText: Type.String(),
  reason: Reason,
  words: Type.String(),
  /** Empty when the room did it by itself, because of many lines that were refused. */
  byName: Type.String(),
  at: Instant,
  /** Null: until it is lifted. */
  until: nullable(Instant),
  liftedAt: nullable(Instant),
  appeal: nullable(Appeal),
})
export type Mute = Static<typeof Mute>

/** A line that viewers reported and nobody has settled. Taking it down settles it too. */
export const ReportedLine = Type.Object({
  line: ChatLine,
  /** How many people. */
  reports: Type.Integer({ minimum: 1 }),
  reasons: Type.Array(Type.Object({ reason: Reason, count: Type.Integer() })),
  /** What the last ones said to it. */
  words: Type.Array(Type.String()),
  lastAt: Instant,
})
export type ReportedLine = Static<typeof ReportedLine>

export const CHAT_ACTS = [
  ...(['mode', 'pin', 'unpin', 'remove', 'mute', 'ban', 'lift', 'appeal', 'appeal_answer', 'settle_reports'] as const),
  ...(['answer', 'dismiss', 'merge', 'terms'] as const),
] as const
export type ChatAct = (typeof CHAT_ACTS)[number]
/** One entry of the log, which nobody can change. `detail` depends on the act: the mode, the line's text, minutes and the like. */
export const ChatLogEntry = Type.Object({
  id: Id,
  at: Instant,
  /** Empty when the room did it by itself. */
  byName: Type.String(),
  act: oneOf(CHAT_ACTS),
  /** Whom or what it was about: a name, a line, a question. */
  subject: Type.String(),
  reason: nullable(Reason),
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export type ChatLogEntry = Static<typeof ChatLogEntry>

/** GET /api/rooms/{id}/moderation, and section `moderation` of the desk. */
export const Moderation = Type.Object({
  mode: ChatMode,
  pin: nullable(ChatLine),
  /** Those that hold, and those with an appeal that waits for an answer; the newest first, at most 100. */
  mutes: Type.Array(Mute),
  /** Those reported by most first, at most 50. */
  reports: Type.Array(ReportedLine),
  /** The last 50, the newest first; older ones by GET /api/rooms/{id}/moderation/log?cursor=. */
  log: Type.Array(ChatLogEntry),
})
export type Moderation = Static<typeof Moderation>

/** POST /api/rooms/{id}/appeals/{muteId} */
export const AppealAnswerInput = exact({ lift: Type.Boolean(), words: SomeWords })
/** POST /api/rooms/{id}/reports/{lineId}/settle: nothing is wrong with the line. No body. */

// ---- viewers

/** POST /api/rooms/{id}/reports (signed in). 204; the same line again by the same person does no harm. */
export const ChatReportInput = exact({ lineId: Uuid, reason: Reason, words: Type.Optional(Words) })
/** POST /api/mutes/{id}/appeal (who is silenced by it, once). Answers MyMute. */
export const AppealInput = exact({ words: SomeWords })
/** GET /api/my/mutes (signed in): what holds for me, and what has been said to my appeals, the newest first. */
export const MyMute = Type.Object({
  id: Id,
  roomId: Id,
  roomTitleZh: Type.String(),
  roomTitleEn: Type.String(),
  county: Type.Boolean(),
  lineText: Type.String(),
  reason: Reason,
  words: Type.String(),
  at: Instant,
  until: nullable(Instant),
  liftedAt: nullable(Instant),
  appeal: nullable(Appeal),
})
export type MyMute = Static<typeof MyMute>

// ---- words that may not be said in the chat (operator)

export const TERM_PACKS_MAX = 20
/** Of all packs together, `allow` included. */
export const TERMS_MAX = 20_000
const Term = text(40, 1)
export const TermPack = exact({
  name: text(40, 1),
  active: Type.Boolean(),
  /** Lines with one of these are refused, however it is spaced or spelt with look-alikes. */
  terms: Type.Array(Term, { maxItems: TERMS_MAX }),
  /** Words in which a term may stand: a term inside of one of these is let through. */
  allow: Type.Array(Term, { maxItems: TERMS_MAX }),
})
export type TermPack = Static<typeof TermPack>
/** GET|PUT /api/chat/terms (operator). `version` is the one that was read: a later change by somebody else refuses the PUT. */
export const ChatTerms = exact({
  version: Type.Integer({ minimum: 0 }),
  packs: Type.Array(TermPack, { maxItems: TERM_PACKS_MAX }),
})
export type ChatTerms = Static<typeof ChatTerms>

// ---- questions

/** What a question is about. `other` are gathered by how alike their words are. */
export const QUESTION_INTENTS = [
  ...([
    'shipping_cost',
    'delivery_time',
    'price',
    'stock',
    'weight',
    'count',
    'taste',
    'origin',
    'after_sales',
  ] as const),
  ...(['keeping', 'use', 'other'] as const),
] as const
export type QuestionIntent = (typeof QUESTION_INTENTS)[number]

/** One question, however many asked it. */
export const RoomQuestion = Type.Object({
  id: Id,
  intent: oneOf(QUESTION_INTENTS),
  /** As the first one asked it. */
  text: Type.String(),
  /** The product it is about: named in the question, or else the one that was explained; null for none or for all of a shop. */
  skuId: nullable(Id),
  shopId: nullable(Id),
  /** People, each counted once. */
  askers: Type.Integer({ minimum: 1 }),
  /** The last who asked, at most 3. */
  names: Type.Array(Type.String()),
  firstAtMs: Type.Integer(),
  lastAtMs: Type.Integer(),
})
export type RoomQuestion = Static<typeof RoomQuestion>
/** GET /api/rooms/{id}/questions (team), and section `questions` of the desk. */
export const RoomQuestions = Type.Object({
  /** Those that wait, the heaviest first (many askers, asked lately), at most 20. */
  open: Type.Array(RoomQuestion),
  /** How many wait in all. */
  waiting: Type.Integer({ minimum: 0 }),
  /** The last 20, the newest first. */
  answered: Type.Array(RoomAnswer),
})
export type RoomQuestions = Static<typeof RoomQuestions>
export const QuestionParams = Type.Object({ id: Id, qid: Id })

/** POST /api/rooms/{id}/questions/{qid}/answer: `text` empty for by voice. `skuId` is the product page it goes to; absent: the question's own. */
export const QuestionAnswerInput = exact({ text: text(300), skuId: Type.Optional(nullable(Id)) })
/** POST /api/rooms/{id}/questions/{qid}/merge: what asks the same goes into another one. POST .../dismiss needs no body. */
export const QuestionMergeInput = exact({ into: Id })

/**
 * GET /api/rooms/{id}/questions/mine (signed in): which of my lines were taken as a question, and its answer. A client that has said
 * something asks for it after an `answer` event, at a random moment within 3 s, and marks its lines.
 */
export const MyQuestion = Type.Object({ questionId: Id, lineId: Uuid, answer: nullable(RoomAnswer) })
export type MyQuestion = Static<typeof MyQuestion>

/** GET /api/skus/{id}/answers (everybody): what was asked and answered about a product, those asked by most first. */
export const SkuAnswer = Type.Object({
  questionId: Id,
  intent: oneOf(QUESTION_INTENTS),
  question: Type.String(),
  askers: Type.Integer({ minimum: 1 }),
  /** Empty when it was answered by voice: see the replay. */
  text: Type.String(),
  roomId: Id,
  hostName: Type.String(),
  /** UTC in ms since 1970: `from` of the room's replay. */
  atMs: Type.Integer(),
})
export type SkuAnswer = Static<typeof SkuAnswer>
/** Answers that a product page carries. */
export const SKU_ANSWERS_MAX = 20
