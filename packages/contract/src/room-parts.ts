import { type Static, Type } from 'typebox'
import { Fen, Id, nullable, oneOf } from './basics.ts'

/** What can stand in a room beside goods and chat: marks of a speaker, the rules of the chat, answers, and drops. */

/** official: the county's own people; the others say what somebody does for the show. */
export const CHAT_BADGES = ['official', 'host', 'assistant', 'moderator'] as const

/** Rules of the chat. `slowS`: seconds between two lines of one viewer, 0 for none beyond the usual. Hosts are free of all three. */
export const ChatMode = Type.Object({
  slowS: Type.Integer({ minimum: 0, maximum: 300 }),
  followersOnly: Type.Boolean(),
  closed: Type.Boolean(),
})
export type ChatMode = Static<typeof ChatMode>
export const CHAT_MODE_OPEN: ChatMode = { slowS: 0, followersOnly: false, closed: false }

/** Answers that a snapshot carries. */
export const ANSWERS_RECENT_MAX = 20
/** A question that was asked by several and answered once. `text` is empty when it was answered by voice. */
export const RoomAnswer = Type.Object({
  questionId: Id,
  question: Type.String(),
  askers: Type.Integer({ minimum: 1 }),
  text: Type.String(),
  skuId: nullable(Id),
  /** UTC in ms since 1970: the moment in the replay. */
  atMs: Type.Integer(),
})
export type RoomAnswer = Static<typeof RoomAnswer>

/** Drops that a snapshot carries. */
export const DROPS_RECENT_MAX = 12
export const BAG_CONDITIONS = ['none', 'comment', 'follow'] as const
/** none: whoever taps is in. comment: say the phrase in the chat. follow: follow the county. */
export type BagCondition = (typeof BAG_CONDITIONS)[number]

const common = {
  id: Id,
  /** UTC in ms since 1970. */
  openedAtMs: Type.Integer(),
  /** When it closes by itself. */
  closesAtMs: Type.Integer(),
  open: Type.Boolean(),
}
/** So much off one checkout from so much upwards. `left` of `total` can still be taken. Counts: [left]. */
export const CouponDrop = Type.Object({
  ...common,
  kind: Type.Literal('coupon'),
  offFen: Fen,
  fromFen: Fen,
  shopId: Id,
  total: Type.Integer({ minimum: 1 }),
  left: Type.Integer({ minimum: 0 }),
  /** Until when it can be used, UTC in ms. */
  validUntilMs: Type.Integer(),
})
/**
 * 福袋. Entry is free. `seedHash` is the SHA-256 of the seed and stands there from the beginning; the seed is shown after the draw, so anyone
 * can draw again and come to the same winners. Counts: [entrants].
 */
export const BagDrop = Type.Object({
  ...common,
  kind: Type.Literal('bag'),
  prizeZh: Type.String(),
  prizeEn: Type.String(),
  /** What one prize is worth. */
  prizeFen: Type.Optional(Fen),
  prizes: Type.Integer({ minimum: 1 }),
  condition: oneOf(BAG_CONDITIONS),
  phrase: Type.String(),
  entrants: Type.Integer({ minimum: 0 }),
  seedHash: Type.String(),
  seed: nullable(Type.String()),
  /** Names as the chat shows them, after the draw. */
  winners: Type.Array(Type.String()),
})
/** Counts: votes in the order of the options. */
export const PollDrop = Type.Object({
  ...common,
  kind: Type.Literal('poll'),
  questionZh: Type.String(),
  questionEn: Type.String(),
  options: Type.Array(Type.Object({ zh: Type.String(), en: Type.String(), votes: Type.Integer({ minimum: 0 }) })),
})
/** A price that holds for a time; the shelf has it as the price of the SKU meanwhile. Counts: none. */
export const FlashDrop = Type.Object({
  ...common,
  kind: Type.Literal('flash'),
  shopId: Id,
  skuId: Id,
  priceFen: Fen,
  wasFen: Fen,
})
export const RoomDrop = Type.Union([CouponDrop, BagDrop, PollDrop, FlashDrop])
export type RoomDrop = Static<typeof RoomDrop>
