import type { RoomHub } from '@chunbo/live-room'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'

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
}

/** What the rest of the slice asks of the video. */
export interface RoomVideo {
  /** RTMP address without the key, as it is put into OBS. */
  readonly ingestUrl: string
  isPublishing(roomId: number): boolean
  figures(roomId: number): StreamFigures | null
  /** Sends the publisher away and finishes the recording. Idempotent. */
  end(roomId: number, reason: string): Promise<void>
  hasRecording(roomId: number): Promise<boolean>
}

/** What the commands of this slice share. */
export interface LiveContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly catalogue: Pick<Catalogue, 'findCards'>
  readonly hub: RoomHub
  readonly video: RoomVideo
  salesOf(roomId: number): Promise<RoomSales>
}
