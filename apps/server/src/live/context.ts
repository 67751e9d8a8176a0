import type { StreamWarning } from '@chunbo/live-media'
import type { RoomHub } from '@chunbo/live-room'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { DeskAct } from './desk-acts.ts'
import type { MediaCluster } from './media-cluster.ts'

/** Sums over the order lines of one room: orders, money in fen and mass in grams, all of paid and unrefunded lines. */
export interface RoomSales {
  readonly orders: number
  readonly fen: number
  readonly grams: number
}

/** A publisher's stream as the desk shows it. */
export interface StreamFigures {
  readonly connected: boolean
  readonly bitrateKbps: number
  readonly fps: number
  readonly keyFrameIntervalMs: number
  readonly width: number
  readonly height: number
  /** Whether what is on air is kept, and segments of 2 s that were lost since the stream began; null where nothing is recorded. */
  readonly recording: { readonly state: 'on' | 'full' | 'failing' | 'slow'; readonly lostSegments: number } | null
  /** Null where a media cluster takes the stream in and tells no more. */
  readonly health: {
    readonly videoCodec: string | null
    readonly audioCodec: string | null
    readonly encoder: string | null
    readonly droppedFrames: number
    readonly skippedFrames: number
    readonly silenceMs: number
    readonly clockJumps: number
    readonly warnings: StreamWarning[]
  } | null
}

/** Why a publisher was sent away, in the words that it was told; wall clock in ms. */
export interface PublisherRefusal {
  readonly zh: string
  readonly en: string
  readonly atMs: number
}

/** One piece of a recording; ms since 1970 and ms. */
export interface RecordedSpan {
  readonly startMs: number
  readonly durationMs: number
}

/** What the rest of the slice asks of the video. */
export interface RoomVideo {
  /** RTMP address without the key, as it is put into OBS. */
  readonly ingestUrl: string
  isPublishing(roomId: number): boolean
  figures(roomId: number): StreamFigures | null
  /** Why the last publisher was sent away; null once one has been let in. */
  lastRefusal(roomId: number): PublisherRefusal | null
  /** Sends the publisher away and finishes the recording. Idempotent. */
  end(roomId: number, reason: string): Promise<void>
  hasRecording(roomId: number): Promise<boolean>
  /** What was recorded, in the order in which the replay plays it: wall clock of the first frame and length, in ms. */
  recorded(roomId: number): Promise<readonly RecordedSpan[]>
}

/** What the commands of this slice share. */
export interface LiveContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly catalogue: Pick<Catalogue, 'findCards'>
  readonly hub: RoomHub
  readonly video: RoomVideo
  /** Servers that carry the video of public rooms; null when this one does it alone. */
  readonly cluster: Pick<MediaCluster, 'ingestOf' | 'isPublishing' | 'playUrls'> | null
  salesOf(roomId: number): Promise<RoomSales>
  /** Whether somebody is old enough to host. */
  mayHost(userId: number): Promise<boolean>
  /** Whether this user (null: a stranger) may be in the room: into a room for practice only its team. @throws Refusal live.room_not_found */
  mayEnter(roomId: number, userId: number | null): Promise<boolean>
  /** Words of a text that a seller may not say, or not without more. */
  checkWords(text: string): readonly { readonly term: string; readonly action: string }[]
  /** Something was done at a desk. Must not throw. */
  deskActed(act: DeskAct): Promise<void>
}
