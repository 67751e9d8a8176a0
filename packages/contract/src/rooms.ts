import { type Static, Type } from 'typebox'
import { DivisionCode, exact, Fen, Grams, Id, Instant, nullable, Picture, Place, text, Uuid } from './basics.ts'
import { SkuCard } from './catalogue.ts'

export const ROOM_STATUSES = ['scheduled', 'live', 'paused', 'ended'] as const
/** paused: the show is on but no video arrives just now. */
export type RoomStatus = (typeof ROOM_STATUSES)[number]
const RoomStatusSchema = Type.Unsafe<RoomStatus>(Type.Union(ROOM_STATUSES.map((status) => Type.Literal(status))))

/** POST /api/rooms (host of the county) */
export const RoomInput = exact({
  countyCode: DivisionCode,
  titleZh: text(40, 1),
  titleEn: Type.Optional(text(80)),
  hostName: text(20, 1),
  /** Office of the host, such as 副县长; empty for a farmer. */
  hostOffice: Type.Optional(text(20)),
  hostOfficeEn: Type.Optional(text(40)),
  scheduledAt: Instant,
  coverPictureId: Type.Optional(nullable(Uuid)),
})
export type RoomInput = Static<typeof RoomInput>
/** PATCH /api/rooms/{id} */
export const RoomEdit = exact({
  titleZh: Type.Optional(text(40, 1)),
  titleEn: Type.Optional(text(80)),
  hostName: Type.Optional(text(20, 1)),
  hostOffice: Type.Optional(text(20)),
  hostOfficeEn: Type.Optional(text(40)),
  scheduledAt: Type.Optional(Instant),
  coverPictureId: Type.Optional(nullable(Uuid)),
})

export type RoomEdit = Static<typeof RoomEdit>

/** GET /api/rooms?status=live|scheduled|ended&county=&cursor= (paged); live: started first, scheduled: soonest first, ended: newest first. */
export const RoomCard = Type.Object({
  id: Id,
  titleZh: Type.String(),
  titleEn: Type.String(),
  hostName: Type.String(),
  hostOffice: Type.String(),
  hostOfficeEn: Type.String(),
  county: Place,
  status: RoomStatusSchema,
  scheduledAt: Instant,
  startedAt: nullable(Instant),
  endedAt: nullable(Instant),
  cover: nullable(Picture),
  viewers: Type.Integer(),
  goods: Type.Integer(),
})
export type RoomCard = Static<typeof RoomCard>

export const ShelfItem = Type.Object({ position: Type.Integer(), sku: SkuCard })
export type ShelfItem = Static<typeof ShelfItem>
/** GET /api/rooms/{id}: all that the first screen needs. hasReplay is true when something was recorded. */
export const RoomPage = Type.Intersect([
  RoomCard,
  Type.Object({
    shelf: Type.Array(ShelfItem),
    pinned: nullable(Type.Object({ shopId: Id, skuId: Id, pinnedAt: Instant })),
    hasReplay: Type.Boolean(),
    /** Seconds that an unpaid order of this room is kept. */
    holdS: Type.Integer(),
  }),
])
export type RoomPage = Static<typeof RoomPage>

/** GET /api/my/rooms (host team): own rooms, newest first. POST /api/rooms answers the same. */
/** GET /api/rooms/{id}/desk (host team) */
export const RoomDesk = Type.Intersect([
  RoomPage,
  Type.Object({
    /** rtmp://host/live and the key to put into OBS; the key is secret. */
    ingest: Type.Object({ url: Type.String(), streamKey: Type.String() }),
    figures: Type.Object({
      viewers: Type.Integer(),
      viewersPeak: Type.Integer(),
      /** Paid orders, as the money and the mass are; one that is not paid yet is not counted. */
      orders: Type.Integer(),
      fen: Fen,
      grams: Grams,
    }),
    stream: nullable(
      Type.Object({
        connected: Type.Boolean(),
        bitrateKbps: Type.Integer(),
        fps: Type.Number(),
        keyFrameIntervalMs: Type.Integer(),
        width: Type.Integer(),
        height: Type.Integer(),
      }),
    ),
  }),
])
export type RoomDesk = Static<typeof RoomDesk>
/** PUT /api/rooms/{id}/shelf: the whole shelf in order. */
export const ShelfInput = exact({ items: Type.Array(exact({ shopId: Id, skuId: Id }), { maxItems: 100 }) })
/** PUT /api/rooms/{id}/pin; DELETE the same to unpin. */
export const PinInput = exact({ shopId: Id, skuId: Id })
/** POST /api/rooms/{id}/stream-key (a new key; the old one ends), POST /api/rooms/{id}/end. Both answer RoomDesk. */
