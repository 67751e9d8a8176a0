import { type Static, Type } from 'typebox'
import { DivisionCode, Fen, Grams, Id, Instant, nullable, oneOf, Packs, Picture, Place } from './basics.ts'
import { SkuCard } from './catalogue.ts'
import { Sold } from './impact.ts'
import { RoomDrop } from './room-parts.ts'
import { ROOM_STATUSES } from './rooms.ts'

/**
 * What became of a show: the report of the evening, the product segments of its replay, and the big screen. Every sum is a sum over paid
 * and unrefunded order lines of the room. An order counts in the minute in which it was placed, so that a burst stands where its pin stands.
 */

const Count = Type.Integer({ minimum: 0 })

/** Steps of the curve; a minute each, unless a show was longer than this many. */
export const EVENING_STEPS_MAX = 720

/** One step of the curve. `viewers` is the mean of the time that the show was on in it. */
export const EveningStep = Type.Object({
  at: Instant,
  viewers: Type.Number({ minimum: 0 }),
  entries: Count,
  chat: Count,
  likes: Count,
  orders: Count,
  fen: Fen,
})
export type EveningStep = Static<typeof EveningStep>

/** One time that a product was explained, and what it sold meanwhile. `until` is null while it lasts. */
export const EveningSegment = Type.Object({
  id: Id,
  shopId: Id,
  skuId: Id,
  from: Instant,
  until: nullable(Instant),
  sold: Sold,
})
export type EveningSegment = Static<typeof EveningSegment>

/** A product of the evening: in all, and while it was explained. */
export const EveningGoods = Type.Object({
  shopId: Id,
  skuId: Id,
  titleZh: Type.String(),
  titleEn: Type.String(),
  family: Type.String(),
  picture: nullable(Picture),
  priceFen: Fen,
  netG: Grams,
  sold: Sold,
  soldWhileExplained: Sold,
  explainedS: Count,
  segments: Count,
})
export type EveningGoods = Static<typeof EveningGoods>

export const EveningQuestions = Type.Object({
  /** Lines of the chat that asked something. */
  asked: Count,
  /** Questions after the same ones were gathered. */
  questions: Count,
  answered: Count,
})
export type EveningQuestions = Static<typeof EveningQuestions>

const head = {
  id: Id,
  titleZh: Type.String(),
  titleEn: Type.String(),
  hostName: Type.String(),
  hostOffice: Type.String(),
  hostOfficeEn: Type.String(),
  county: Place,
  status: oneOf(ROOM_STATUSES),
  practice: Type.Boolean(),
  scheduledAt: Instant,
  startedAt: nullable(Instant),
  endedAt: nullable(Instant),
}
export const EveningRoom = Type.Object(head)
export type EveningRoom = Static<typeof EveningRoom>

/** GET /api/rooms/{id}/evening (host team); the same as .csv?table= and .pdf?lang= */
export const EveningReport = Type.Object({
  room: EveningRoom,
  /** Seconds from the start to the end, or until now. */
  lengthS: Count,
  stepMin: Type.Integer({ minimum: 1 }),
  steps: Type.Array(EveningStep),
  segments: Type.Array(EveningSegment),
  goods: Type.Array(EveningGoods),
  /** All that was ever bought through this room, and the part that was ordered while it was on air. */
  sold: Sold,
  soldOnAir: Sold,
  audience: Type.Object({
    peak: Count,
    mean: Type.Number({ minimum: 0 }),
    /** Entries: whoever leaves and comes again counts again; a line that broke and came back does not. */
    entries: Count,
    watchedS: Count,
    likes: Count,
    chat: Count,
  }),
  /** People who bought while it was on air. */
  buyers: Count,
  /** Buyers by entries; null when entries were not counted. */
  conversion: nullable(Type.Number({ minimum: 0 })),
  /** Fen sold on air for a thousand entries; null when entries were not counted. */
  gpmFen: nullable(Fen),
  /** Fen for one buyer; null without a buyer. */
  perBuyerFen: nullable(Fen),
  /** Buyers of the evening who ordered goods of the county again after it had ended, whichever way. */
  again: Type.Object({ buyers: Count, within30Days: Count, orders: Count, fen: Fen }),
  questions: nullable(EveningQuestions),
  drops: Type.Array(RoomDrop),
  asOf: Instant,
})
export type EveningReport = Static<typeof EveningReport>

export const EVENING_TABLES = ['minutes', 'goods', 'segments'] as const
export type EveningTable = (typeof EVENING_TABLES)[number]
export const EveningCsvQuery = Type.Object({ table: Type.Optional(oneOf(EVENING_TABLES)) })
export const EveningPdfQuery = Type.Object({ lang: Type.Optional(oneOf(['zh', 'en'])) })

/** A product segment of the replay. `fromS` and `toS` are seconds of the replay, from its beginning. */
export const ReplaySegment = Type.Object({
  id: Id,
  from: Instant,
  /** This segment alone: its playlist, and its first picture (there is none without ffmpeg on the server). */
  play: Type.String(),
  poster: Type.String(),
  fromS: Type.Number({ minimum: 0 }),
  toS: Type.Number({ minimum: 0 }),
  packs: Packs,
  sku: SkuCard,
})
export type ReplaySegment = Static<typeof ReplaySegment>
/** GET /api/rooms/{id}/segments: in the order of the replay. Empty when nothing was recorded. */
export const ReplaySegments = Type.Object({ items: Type.Array(ReplaySegment), lengthS: Type.Number({ minimum: 0 }) })
export type ReplaySegments = Static<typeof ReplaySegments>

/** GET /api/skus/{id}/segments: where this SKU was explained, the newest show first, at most three. */
export const SkuSegments = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      roomId: Id,
      titleZh: Type.String(),
      titleEn: Type.String(),
      hostName: Type.String(),
      from: Instant,
      play: Type.String(),
      poster: Type.String(),
      lengthS: Type.Number({ minimum: 0 }),
    }),
  ),
})
export type SkuSegments = Static<typeof SkuSegments>

/** GET /api/rooms/{id}/screen (host team): what the big screen shows. No person is in it. */
export const ScreenFigures = Type.Object({
  room: EveningRoom,
  sold: Sold,
  /** Orders that were placed and wait to be paid. */
  waitingOrders: Count,
  buyers: Count,
  viewers: Count,
  viewersPeak: Count,
  entries: Count,
  likes: Count,
  pin: nullable(Type.Object({ sku: SkuCard, since: Instant, sold: Sold })),
  goods: Type.Array(
    Type.Object({ skuId: Id, titleZh: Type.String(), titleEn: Type.String(), stock: Packs, sold: Sold }),
  ),
  provinces: Type.Array(Type.Object({ code: DivisionCode, orders: Count, fen: Fen })),
  stepMin: Type.Integer({ minimum: 1 }),
  steps: Type.Array(EveningStep),
  pins: Type.Array(Type.Object({ at: Instant, skuId: Id })),
  asOf: Instant,
})
export type ScreenFigures = Static<typeof ScreenFigures>
