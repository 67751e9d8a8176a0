import { type Static, Type } from 'typebox'
import { exact, Fen, Id, nullable, oneOf, Packs, text } from './basics.ts'
import { DRAW_ALGORITHM } from './draw.ts'
import { BAG_CONDITIONS, RoomDrop } from './room-parts.ts'

/**
 * The show and its desk: run of show, drops, notices, who is at the desk and what was done there. Sections of the desk (`desk` frames of the room's
 * socket) have the shape of the answer of their GET: run RunOfShow, people DeskPeople, drops DeskDrops, actions DeskActions,
 * warnings DeskWarnings, figures DeskFigures. Times named Ms are UTC in ms since 1970.
 */

const ms = Type.Integer()
const count = Type.Integer({ minimum: 0 })

// ---- run of show

export const RUN_ITEMS_MAX = 60
/** Characters of all scripts of a run together. */
export const RUN_SCRIPT_CHARS_MAX = 40_000

const runItemFields = {
  titleZh: text(60, 1),
  minutes: Type.Integer({ minimum: 1, maximum: 180 }),
  /** What the host reads from the teleprompter. */
  script: text(4000),
  skuId: nullable(Id),
}
/** Advertising words that may cost the county a fine. block: may not be said. review: only where it is true. proof: only with a certificate. */
export const WordFinding = Type.Object({
  term: Type.String(),
  action: oneOf(['block', 'review', 'proof']),
})
export type WordFinding = Static<typeof WordFinding>
export const RunItem = Type.Object({ id: Id, ...runItemFields, findings: Type.Array(WordFinding) })
export type RunItem = Static<typeof RunItem>
/** GET /api/rooms/{id}/run (host team). Version 0 is a run that nobody has written yet. */
export const RunOfShow = Type.Object({
  version: count,
  items: Type.Array(RunItem),
  current: nullable(Type.Object({ itemId: Id, sinceMs: ms })),
  editedBy: Type.String(),
  editedAtMs: nullable(ms),
})
export type RunOfShow = Static<typeof RunOfShow>
/** PUT /api/rooms/{id}/run: the whole run in order. An item with an id stays the one it was. `version` is the one that was read: a newer one is told, not overwritten. */
export const RunInput = exact({
  version: count,
  items: Type.Array(
    exact({
      id: Type.Optional(Id),
      titleZh: runItemFields.titleZh,
      minutes: runItemFields.minutes,
      script: Type.Optional(runItemFields.script),
      skuId: Type.Optional(runItemFields.skuId),
    }),
    { maxItems: RUN_ITEMS_MAX },
  ),
})
export type RunInput = Static<typeof RunInput>
/** POST /api/rooms/{id}/run/current: what is on now; null before and after. */
export const RunCurrentInput = exact({ itemId: nullable(Id) })

// ---- notices and drops

/** POST /api/rooms/{id}/notices */
export const NoticeInput = exact({ textZh: text(100, 1), textEn: Type.Optional(text(200)) })
export type NoticeInput = Static<typeof NoticeInput>

/** The most that one prize may be worth: 50,000 yuan (规范促销行为暂行规定 art. 17). */
export const PRIZE_FEN_MAX = 5_000_000
/** POST /api/rooms/{id}/bags. `prizeFen` is what one prize is worth. `phrase` only with condition comment. Answers the drop. */
export const BagInput = exact({
  prizeZh: text(40, 1),
  prizeEn: Type.Optional(text(80)),
  prizeFen: Type.Integer({ minimum: 1, maximum: PRIZE_FEN_MAX }),
  prizes: Type.Integer({ minimum: 1, maximum: 100 }),
  condition: oneOf(BAG_CONDITIONS),
  phrase: Type.Optional(text(20)),
  seconds: Type.Integer({ minimum: 10, maximum: 3600 }),
})
export type BagInput = Static<typeof BagInput>
/** POST /api/rooms/{id}/polls. Answers the drop. */
export const PollInput = exact({
  questionZh: text(60, 1),
  questionEn: Type.Optional(text(120)),
  options: Type.Array(exact({ zh: text(20, 1), en: Type.Optional(text(40)) }), { minItems: 2, maxItems: 6 }),
  seconds: Type.Integer({ minimum: 10, maximum: 3600 }),
})
export type PollInput = Static<typeof PollInput>

/** GET /api/rooms/{id}/drops (host team), the newest first: what viewers see of them and how many winners have said where the prize goes. */
export const DeskDrops = Type.Object({
  drops: Type.Array(Type.Object({ drop: RoomDrop, openedBy: Type.String(), winners: count, claimed: count })),
})
export type DeskDrops = Static<typeof DeskDrops>

/** POST /api/drops/{id}/enter. `ticket` is the entrant's secret: its SHA-256 stands in the list of the draw. */
export const DropEntry = Type.Object({ dropId: Id, ticket: Type.String() })
export type DropEntry = Static<typeof DropEntry>
/** POST /api/drops/{id}/vote: which option, from 0. One vote each; it cannot be changed. */
export const VoteInput = exact({ option: Type.Integer({ minimum: 0, maximum: 5 }) })
/** POST /api/drops/{id}/prize (a winner): one of the winner's own addresses, which is copied. */
export const PrizeInput = exact({ addressId: Id })
/** GET /api/rooms/{id}/drops/mine: what the one who asks has done in the bags and polls of a room. */
export const MyDrops = Type.Object({
  drops: Type.Array(
    Type.Object({
      dropId: Id,
      kind: Type.Union([Type.Literal('bag'), Type.Literal('poll')]),
      /** Of a bag: the secret that stands for the entry. */
      ticket: nullable(Type.String()),
      /** Of a poll: the option, from 0. */
      vote: nullable(count),
      /** Of a bag: which prize was won, from 1. */
      place: nullable(Type.Integer({ minimum: 1 })),
      prizeZh: Type.String(),
      prizeEn: Type.String(),
      /** Whether the winner has said where the prize goes. */
      claimed: Type.Boolean(),
    }),
  ),
})
export type MyDrops = Static<typeof MyDrops>
/** GET /api/rooms/{id}/drops/{dropId}/winners (host team). `to` is null until the winner has said where the prize goes. */
export const DropWinners = Type.Object({
  winners: Type.Array(
    Type.Object({
      place: Type.Integer({ minimum: 1 }),
      name: Type.String(),
      claimedAtMs: nullable(ms),
      to: nullable(
        Type.Object({ name: Type.String(), phone: Type.String(), regionName: Type.String(), detail: Type.String() }),
      ),
    }),
  ),
})
export type DropWinners = Static<typeof DropWinners>
/** GET /api/drops/{id}. `draw`, of a bag that is drawn, is all that is needed to draw again: see draw.ts and tools/draw.ts. */
export const DropPage = Type.Object({
  roomId: Id,
  drop: RoomDrop,
  draw: nullable(
    Type.Object({
      algorithm: Type.Literal(DRAW_ALGORITHM),
      seed: Type.String(),
      seedHash: Type.String(),
      prizes: Type.Integer({ minimum: 1 }),
      /** SHA-256 of each entrant's ticket, in the order of the text. */
      entrants: Type.Array(Type.String()),
      winners: Type.Array(
        Type.Object({ place: Type.Integer({ minimum: 1 }), entrant: Type.String(), name: Type.String() }),
      ),
    }),
  ),
})
export type DropPage = Static<typeof DropPage>

// ---- the people of the desk and what they did

export const DESK_SEATS = ['host', 'assistant', 'moderator'] as const
export type DeskSeat = (typeof DESK_SEATS)[number]
export const DESK_PANELS = [
  'stream',
  'shelf',
  'run',
  'prompter',
  'chat',
  'questions',
  'drops',
  'moderation',
  'figures',
] as const
export type DeskPanel = (typeof DESK_PANELS)[number]
/** A desk says who sits there at least this often; after twice the time it counts as left. */
export const SEAT_BEAT_MS = 20_000
/** PUT /api/rooms/{id}/seat: I am here, in this seat, looking at this; a seat of null leaves. `device` tells two desks of one person apart. */
export const SeatInput = exact({
  seat: nullable(oneOf(DESK_SEATS)),
  panel: Type.Optional(nullable(oneOf(DESK_PANELS))),
  device: Type.Optional(Type.String({ maxLength: 40, pattern: '^[A-Za-z0-9_-]*$' })),
})
export type SeatInput = Static<typeof SeatInput>
/** GET /api/rooms/{id}/people (host team) */
export const DeskPeople = Type.Object({
  people: Type.Array(
    Type.Object({
      userId: Id,
      name: Type.String(),
      seat: oneOf(DESK_SEATS),
      panel: nullable(oneOf(DESK_PANELS)),
      device: Type.String(),
      sinceMs: ms,
    }),
  ),
})
export type DeskPeople = Static<typeof DeskPeople>

export const DESK_ACTION_KINDS = [
  'pin',
  'unpin',
  'shelf',
  'hide',
  'unhide',
  'stock',
  'notice',
  'bag',
  'poll',
  'coupon',
  'flash',
  'close_drop',
  'run',
  'run_current',
  'chat_mode',
  'chat_pin',
  'chat_delete',
  'mute',
  'unmute',
  'answer',
  'handover',
  'publishing',
  'undo',
] as const
export type DeskActionKind = (typeof DESK_ACTION_KINDS)[number]
/** GET /api/rooms/{id}/actions (host team), the newest first. `detail` says what was done in the words of its kind. */
export const DeskActions = Type.Object({
  actions: Type.Array(
    Type.Object({
      id: Id,
      atMs: ms,
      byId: Id,
      by: Type.String(),
      kind: oneOf(DESK_ACTION_KINDS),
      detail: Type.Record(Type.String(), Type.Unknown()),
      /** Whether it can be undone as things stand. */
      undoable: Type.Boolean(),
      undone: nullable(Type.Object({ by: Type.String(), atMs: ms })),
    }),
  ),
})
export type DeskActions = Static<typeof DeskActions>

// ---- the shelf from the desk

/** PUT /api/rooms/{id}/shelf/hidden: keeps a place on the shelf and shows it or not. What is explained is unpinned when it is hidden. */
export const HiddenInput = exact({ shopId: Id, skuId: Id, hidden: Type.Boolean() })
export type HiddenInput = Static<typeof HiddenInput>
/** POST /api/rooms/{id}/shelf/stock: more packs of a SKU of the shelf. Needs the shop's role beside that of the host. Answers the packs in stock. */
export const MorePacksInput = exact({ shopId: Id, skuId: Id, packs: Type.Integer({ minimum: 1, maximum: 100_000 }) })
export type MorePacksInput = Static<typeof MorePacksInput>
export const PacksInStock = Type.Object({ shopId: Id, skuId: Id, stock: Packs })

// ---- warnings and figures

/**
 * stock_low and sold_out: a SKU of the shelf (`value` packs left). no_pin: on air and nothing explained since `sinceMs`. questions: `value` wait for an answer.
 * complaints: `value` people complained of goods in the chat in the last ten minutes.
 * stream_away: on air without video; stream_slow: `value` frames/s; long_gop: `value` ms between key frames; thin: `value` kbit/s.
 */
export const DESK_WARNING_CODES = [
  'stock_low',
  'sold_out',
  'no_pin',
  'questions',
  'complaints',
  'stream_away',
  'stream_slow',
  'stream_long_gop',
  'stream_thin',
] as const
export type DeskWarningCode = (typeof DESK_WARNING_CODES)[number]
export const DeskWarning = Type.Object({
  code: oneOf(DESK_WARNING_CODES),
  sinceMs: ms,
  value: Type.Optional(Type.Number()),
  shopId: Type.Optional(Id),
  skuId: Type.Optional(Id),
})
export type DeskWarning = Static<typeof DeskWarning>
/** GET /api/rooms/{id}/warnings (host team) */
export const DeskWarnings = Type.Object({ warnings: Type.Array(DeskWarning) })
export type DeskWarnings = Static<typeof DeskWarnings>

/** GET /api/rooms/{id}/figures (host team). Orders, money and mass are of paid and unrefunded order lines. */
export const DeskFigures = Type.Object({
  atMs: ms,
  viewers: count,
  viewersPeak: count,
  likes: count,
  orders: count,
  fen: Fen,
  grams: Type.Integer({ minimum: 0 }),
  /** Whole minutes since it went on air, until its end; 0 before. */
  minutesOnAir: count,
  /**
   * Only what is measured: those who came in and those of them who opened goods (both some seconds late, counted anew with each visit), the
   * most viewers at once, orders that are placed and wait for their payment now, and paid ones.
   */
  funnel: Type.Object({ entered: count, opened: count, viewersPeak: count, waiting: count, paid: count }),
})
export type DeskFigures = Static<typeof DeskFigures>
