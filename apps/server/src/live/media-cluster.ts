import type { MediaClusterConfig } from '../platform/media-cluster-config.ts'
import { Refusal } from '../platform/problem.ts'
import type { Platform } from '../platform/slice.ts'
import { type ClusterStream, createClusterApi } from './cluster-api.ts'
import {
  closePublish,
  closeRoomPublishes,
  listOpenPublishes,
  noteRecording,
  type OpenPublish,
  openPublish,
} from './cluster-publishes.ts'
import { type ClusterEvent, fillRoom, streamNameOf } from './cluster-stream.ts'
import type { StreamFigures } from './context.ts'
import type { VideoListener } from './media-ingest.ts'
import { PAUSE_GRACE_MS } from './room.ts'
import { WrongKeys } from './wrong-keys.ts'

/** Without an API nobody says that a publisher is gone when its server died; no show is longer than this. */
const OPEN_MAX_MS = 24 * 3_600_000
/** A publish this young may not be in the cluster's list yet. */
const YOUNG_MS = 15_000

/** The video of rooms whose publishers go to SRS or MediaMTX. */
export interface MediaCluster {
  readonly config: MediaClusterConfig
  isPublishing(roomId: number): boolean
  publishingRooms(): number[]
  figures(roomId: number): StreamFigures | null
  /** What a host team puts into OBS: the server and the stream. */
  ingestOf(roomId: number, streamKey: string): { url: string; streamKey: string }
  /** Where viewers play a room from. */
  playUrls(roomId: number): { hls: string }
  /** Whether a publisher with this key may publish in this room. @throws Refusal live.cluster_publish_refused */
  requireKey(roomId: number, key: string, publisher: string): Promise<void>
  /** Takes what a callback tells. @throws Refusal live.cluster_publish_refused */
  take(event: ClusterEvent): Promise<void>
  /** Sends the room's publishers away. Idempotent. */
  end(roomId: number): Promise<void>
  /** Reads again what is open, and asks the cluster whether it still is. */
  refresh(): Promise<void>
  close(): void
}

export interface MediaClusterOptions {
  readonly config: MediaClusterConfig
  readonly listener: VideoListener
  /** The room that a stream key opens now, or null. */
  authorise(streamKey: string): Promise<{ roomId: number } | null>
  readonly graceMs?: number | undefined
}

export function createMediaCluster(platform: Platform, options: MediaClusterOptions): MediaCluster {
  return new Cluster(platform, options)
}

class Cluster implements MediaCluster {
  readonly config: MediaClusterConfig
  readonly #platform: Platform
  readonly #options: MediaClusterOptions
  readonly #api: ReturnType<typeof createClusterApi>
  readonly #wrongKeys: WrongKeys
  readonly #away = new Map<number, NodeJS.Timeout>()
  /** Sessions by room: two publishers, or an old end that comes after a new beginning, are told apart. */
  #open = new Map<number, Map<string, OpenPublish>>()
  #streams = new Map<number, ClusterStream>()
  #apiAway = false

  constructor(platform: Platform, options: MediaClusterOptions) {
    this.config = options.config
    this.#platform = platform
    this.#options = options
    this.#api = createClusterApi(options.config)
    this.#wrongKeys = new WrongKeys(() => platform.clock.now().getTime())
  }

  isPublishing(roomId: number): boolean {
    return this.#open.has(roomId)
  }

  publishingRooms(): number[] {
    return [...this.#open.keys()]
  }

  figures(roomId: number): StreamFigures | null {
    if (!this.isPublishing(roomId)) return null
    const stream = this.#streams.get(roomId)
    return {
      connected: true,
      bitrateKbps: Math.round(stream?.kbps ?? 0),
      fps: 0,
      keyFrameIntervalMs: 0,
      width: stream?.widthPx ?? 0,
      height: stream?.heightPx ?? 0,
      // The cluster keeps its own recordings and tells of each when it is whole.
      recording: null,
      health: null,
    }
  }

  ingestOf(roomId: number, streamKey: string): { url: string; streamKey: string } {
    return { url: this.config.publishUrl, streamKey: `${streamNameOf(roomId)}?key=${streamKey}` }
  }

  playUrls(roomId: number): { hls: string } {
    return { hls: fillRoom(this.config.hlsUrl, roomId) }
  }

  async requireKey(roomId: number, key: string, publisher: string): Promise<void> {
    if (this.#wrongKeys.tooMany(publisher)) throw new Refusal('live.cluster_publish_refused')
    const grant = key === '' ? null : await this.#options.authorise(key)
    if (grant?.roomId === roomId) return
    this.#wrongKeys.note(publisher)
    throw new Refusal('live.cluster_publish_refused')
  }

  async take(event: ClusterEvent): Promise<void> {
    const { db, clock } = this.#platform
    const at = clock.now()
    if (event.kind === 'recorded') return noteRecording(db, event, at)
    const { roomId, session } = event
    if (event.kind === 'unpublish') {
      await closePublish(db, roomId, session, at)
      return this.#forget(roomId, session)
    }
    if (event.key !== null) await this.requireKey(roomId, event.key, event.publisher)
    const publish = await openPublish(db, event, at)
    if (!publish) throw new Refusal('live.cluster_publish_refused')
    this.#remember(this.#open, publish)
    clearTimeout(this.#away.get(roomId))
    this.#away.delete(roomId)
    await this.#options.listener.videoArrived(roomId)
  }

  async end(roomId: number): Promise<void> {
    const { db, clock, log } = this.#platform
    const ended = await closeRoomPublishes(db, roomId, clock.now())
    for (const publish of ended) {
      this.#forget(roomId, publish.session)
      if (!this.#api) log.warn({ roomId }, 'the cluster has no MEDIA_CLUSTER_API_URL, so its publisher stays connected')
      await this.#api
        ?.kick(publish)
        .catch((error: unknown) => log.error({ err: error, roomId }, 'a publisher could not be sent away'))
    }
  }

  async refresh(): Promise<void> {
    const { db, clock, log } = this.#platform
    const nowMs = clock.now().getTime()
    const listed = await this.#list()
    const open = new Map<number, Map<string, OpenPublish>>()
    for (const publish of await listOpenPublishes(db)) {
      const ageMs = nowMs - publish.startedAt.getTime()
      const gone = listed
        ? ageMs > YOUNG_MS && listed.covers(publish) && !listed.streams.some((s) => s.session === publish.session)
        : !this.#api && ageMs > OPEN_MAX_MS
      if (gone) {
        log.warn({ roomId: publish.roomId }, 'a publish ended without a word from the cluster')
        await closePublish(db, publish.roomId, publish.session, clock.now())
      } else this.#remember(open, publish)
    }
    const before = this.#open
    this.#open = open
    for (const roomId of before.keys()) if (!open.has(roomId)) this.#expect(roomId)
  }

  close(): void {
    for (const timer of this.#away.values()) clearTimeout(timer)
  }

  async #list() {
    try {
      const listed = await this.#api?.list()
      if (listed) this.#streams = new Map(listed.streams.map((stream) => [stream.roomId, stream]))
      this.#apiAway = false
      return listed
    } catch (error) {
      if (!this.#apiAway) this.#platform.log.warn({ err: error }, 'the media cluster does not answer')
      this.#apiAway = true
      return undefined
    }
  }

  #remember(open: Map<number, Map<string, OpenPublish>>, publish: OpenPublish): void {
    const sessions = open.get(publish.roomId) ?? new Map<string, OpenPublish>()
    sessions.set(publish.session, publish)
    open.set(publish.roomId, sessions)
  }

  #forget(roomId: number, session: string): void {
    const sessions = this.#open.get(roomId)
    if (!sessions?.delete(session) || sessions.size > 0) return
    this.#open.delete(roomId)
    this.#expect(roomId)
  }

  /** Viewers are told that the video is away only after the grace: OBS comes back by itself within it. */
  #expect(roomId: number): void {
    clearTimeout(this.#away.get(roomId))
    const timer = setTimeout(() => {
      this.#away.delete(roomId)
      if (this.isPublishing(roomId)) return
      this.#options.listener
        .videoAway(roomId)
        .catch((error: unknown) => this.#platform.log.error({ err: error, roomId }, 'a room could not be paused'))
    }, this.#options.graceMs ?? PAUSE_GRACE_MS)
    this.#away.set(roomId, timer.unref())
  }
}
