import { type Static, Type } from 'typebox'
import { DivisionCode, exact, Fen, Grams, Id, Instant, nullable, oneOf, Picture, Place, text, Uuid } from './basics.ts'
import { SkuCard } from './catalogue.ts'

export const ROOM_STATUSES = ['scheduled', 'live', 'paused', 'ended'] as const
/** paused: the show is on but no video arrives just now. */
export type RoomStatus = (typeof ROOM_STATUSES)[number]
const RoomStatusSchema = oneOf(ROOM_STATUSES)

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
  /** For practice: only the host's team sees it, everything works, nothing is sold. A room is for practice from its beginning or never. */
  practice: Type.Optional(Type.Boolean()),
  /** What is shown may not suit minors; viewers are warned before it. */
  minorsWarning: Type.Optional(Type.Boolean()),
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
  minorsWarning: Type.Optional(Type.Boolean()),
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
  /** Only the host's team sees such a room. */
  practice: Type.Boolean(),
})
export type RoomCard = Static<typeof RoomCard>

/** `hidden`: kept in its place and not shown to viewers; only the desk gets those. */
export const ShelfItem = Type.Object({ position: Type.Integer(), sku: SkuCard, hidden: Type.Optional(Type.Boolean()) })
export type ShelfItem = Static<typeof ShelfItem>
export const VIDEO_WAYS = ['socket', 'llhls'] as const
/** How the live picture can be had: `socket` is fragmented MP4 over /media/{id}/live.ws, `llhls` a playlist, which caches can carry. */
export type VideoWay = (typeof VIDEO_WAYS)[number]
/** `ways` in the order in which a viewer who just comes should try them; `url` is the playlist, here or at a media cluster. */
export const RoomPicture = Type.Object({ ways: Type.Array(oneOf(VIDEO_WAYS)), url: Type.String() })
export type RoomPicture = Static<typeof RoomPicture>

/** GET /api/rooms/{id}: all that the first screen needs. hasReplay is true when something was recorded. */
export const RoomPage = Type.Intersect([
  RoomCard,
  Type.Object({
    shelf: Type.Array(ShelfItem),
    pinned: nullable(Type.Object({ shopId: Id, skuId: Id, pinnedAt: Instant })),
    hasReplay: Type.Boolean(),
    video: RoomPicture,
    /** Seconds that an unpaid order of this room is kept. */
    holdS: Type.Integer(),
    /** The server's clock when it answered, UTC in ms: countdowns run on it, whatever the phone's clock says. */
    nowMs: Type.Integer(),
    /** What is shown may not suit minors: say so before it is seen. */
    minorsWarning: Type.Boolean(),
  }),
])
export type RoomPage = Static<typeof RoomPage>

/** What the server says of a stream that arrives; the desk says what to do about each. */
export const STREAM_WARNINGS = [
  'long_gop',
  'b_frames',
  'no_audio',
  'sound_gone',
  'frames_dropped',
  'frames_skipped',
  'no_frames',
  'picture_format',
  'hevc',
] as const

/** GET /api/my/rooms (host team): own rooms, newest first. POST /api/rooms answers the same. */
/** GET /api/rooms/{id}/desk (host team) */
export const RoomDesk = Type.Intersect([
  RoomPage,
  Type.Object({
    /** rtmp://host/live and the key to put into OBS; the key is secret. */
    ingest: Type.Object({
      url: Type.String(),
      streamKey: Type.String(),
      /** From then on the key lets nobody in; it moves on with every use unless the team has set a time. */
      validUntil: Instant,
      /** The time that the team has set. */
      keyUntil: nullable(Instant),
      /** Whoever comes second with the key takes the show over; otherwise is refused. */
      takeover: Type.Boolean(),
      /** Why the last publisher was sent away; null once one has been let in. */
      refusal: nullable(Type.Object({ zh: Type.String(), en: Type.String(), at: Instant })),
    }),
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
        /** Whether what is on air is kept. When it is not the show goes on; null where nothing is recorded. */
        recording: nullable(
          Type.Object({
            state: Type.Union([
              Type.Literal('on'),
              Type.Literal('full'),
              Type.Literal('failing'),
              Type.Literal('slow'),
            ]),
            lostSegments: Type.Integer(),
          }),
        ),
        /** Null where a media cluster takes the stream in and tells no more. */
        health: nullable(
          Type.Object({
            /** As in `avc1.64001f` and `mp4a.40.2`. */
            videoCodec: nullable(Type.String()),
            audioCodec: nullable(Type.String()),
            /** As the publisher names itself. */
            encoder: nullable(Type.String()),
            /** Arrived broken or before the first key frame. */
            droppedFrames: Type.Integer(),
            /** Left out by the encoder, most often because its network was too slow. */
            skippedFrames: Type.Integer(),
            /** Silence laid where sound was missing. */
            silenceMs: Type.Integer(),
            clockJumps: Type.Integer(),
            warnings: Type.Array(oneOf(STREAM_WARNINGS)),
          }),
        ),
      }),
    ),
  }),
])
export type RoomDesk = Static<typeof RoomDesk>
/** GET /api/rooms/{id}/cluster-recordings (host team): files on the disks of a media cluster; `url` is null where it serves none. */
export const ClusterRecordings = Type.Object({
  items: Type.Array(
    Type.Object({
      file: Type.String(),
      url: nullable(Type.String()),
      durationMs: nullable(Type.Integer()),
      toldAt: Instant,
    }),
  ),
})
/** PUT /api/rooms/{id}/publishing: who may publish. `keyUntil` of null leaves the key its usual time. Answers RoomDesk. */
export const PublishingInput = exact({ takeover: Type.Boolean(), keyUntil: nullable(Instant) })
/** PUT /api/rooms/{id}/shelf: the whole shelf in order. */
export const ShelfInput = exact({ items: Type.Array(exact({ shopId: Id, skuId: Id }), { maxItems: 100 }) })
/** PUT /api/rooms/{id}/pin; DELETE the same to unpin. */
export const PinInput = exact({ shopId: Id, skuId: Id })
/** POST /api/rooms/{id}/stream-key (a new key; the old one ends), POST /api/rooms/{id}/end. Both answer RoomDesk. */
