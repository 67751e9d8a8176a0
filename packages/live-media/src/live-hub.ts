import { EventEmitter } from 'node:events'
import type { IngestSink } from './ingest-sink.ts'
import { defaultStreamLimits, type StreamLimits } from './limits.ts'
import { LiveStream } from './live-stream.ts'
import type { IngestProtocol, MediaEvents } from './media-events.ts'
import { type MediaLog, silentLog } from './media-log.ts'
import type { MediaStorage } from './media-storage.ts'
import { Recording } from './recording.ts'

export interface LiveHubOptions {
  /** Where shows are recorded; null records nothing. */
  storage: MediaStorage | null
  limits?: Partial<StreamLimits>
  log?: MediaLog
  now?: () => number
}

export interface IngestRequest {
  roomId: number
  protocol: IngestProtocol
  /** Called when this ingest was stalled and another publisher took its place, or the show was ended. */
  onEvicted: (reason: string) => void
}

export type IngestAnswer =
  | { kind: 'opened'; sink: IngestSink; stream: LiveStream }
  /** `busy`: someone else publishes in this room. `full`: too many streams. `closed`: the server is going down. */
  | { kind: 'refused'; reason: 'busy' | 'full' | 'closed' }

export interface LiveHub {
  readonly events: EventEmitter<MediaEvents>
  /** @throws when the storage cannot be read */
  openIngest(request: IngestRequest): Promise<IngestAnswer>
  /** The room's stream, from its first publish until `lingerMs` after its end. */
  stream(roomId: number): LiveStream | null
  streams(): LiveStream[]
  /** Ends a room's stream for good: the publisher is sent away, playlists end, the recording is settled. Idempotent. */
  endStream(roomId: number, reason?: string): Promise<void>
  /** Ends all streams and stores what is under way; afterwards nothing is let in. */
  close(): Promise<void>
}

/** All live streams of this process. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  return new Hub(options)
}

interface Show {
  stream: LiveStream
  recording: Recording | null
  ingest: { sink: IngestSink; evict: (reason: string) => void } | null
  resumeTimer: NodeJS.Timeout | null
  lingerTimer: NodeJS.Timeout | null
}

class Hub implements LiveHub {
  readonly events = new EventEmitter<MediaEvents>()
  readonly #storage: MediaStorage | null
  readonly #limits: StreamLimits
  readonly #log: MediaLog
  readonly #now: () => number
  readonly #shows = new Map<number, Show>()
  /** Rooms whose show is being opened: a place is taken before the storage is asked. */
  readonly #opening = new Set<number>()
  #closed = false

  constructor(options: LiveHubOptions) {
    this.#storage = options.storage
    this.#limits = { ...defaultStreamLimits, ...options.limits }
    this.#log = options.log ?? silentLog
    this.#now = options.now ?? Date.now
  }

  async openIngest(request: IngestRequest): Promise<IngestAnswer> {
    const { roomId } = request
    const known = this.#shows.get(roomId)
    if (this.#closed) return { kind: 'refused', reason: 'closed' }
    if (this.#opening.has(roomId) || !this.#evictStalled(known)) return { kind: 'refused', reason: 'busy' }
    if (known && !known.stream.ended) return this.#startIngest(known, request, true)
    if (!known && this.#shows.size + this.#opening.size >= this.#limits.streams) {
      return { kind: 'refused', reason: 'full' }
    }
    this.#opening.add(roomId)
    try {
      await known?.recording?.settled()
      const show = await this.#openShow(roomId)
      if (this.#closed) return { kind: 'refused', reason: 'closed' }
      clearTimeout(known?.lingerTimer ?? undefined)
      this.#shows.set(roomId, show)
      return this.#startIngest(show, request, false)
    } finally {
      this.#opening.delete(roomId)
    }
  }

  stream(roomId: number): LiveStream | null {
    return this.#shows.get(roomId)?.stream ?? null
  }

  streams(): LiveStream[] {
    return [...this.#shows.values()].map((show) => show.stream)
  }

  async endStream(roomId: number, reason = 'ended'): Promise<void> {
    const show = this.#shows.get(roomId)
    if (show && !show.stream.ended) this.#finish(roomId, show, reason)
    await show?.recording?.settled()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#shows.keys()].map((roomId) => this.endStream(roomId, 'closing')))
    for (const show of this.#shows.values()) clearTimeout(show.lingerTimer ?? undefined)
    this.#shows.clear()
  }

  async #openShow(roomId: number): Promise<Show> {
    const recording = this.#storage
      ? await Recording.open({
          roomId,
          storage: this.#storage,
          log: this.#log,
          onFailed: (seq, reason) => this.events.emit('recording.failed', { roomId, seq, reason }),
        })
      : null
    const stream = new LiveStream({
      roomId,
      limits: this.#limits,
      now: this.#now,
      firstMsn: recording?.firstSeq ?? 0,
      startMs: recording?.startMs ?? 0,
      hasEarlierSegments: recording?.hasEarlierSegments ?? false,
      onSegment: (segment) => recording?.add(segment),
      onVideoArrived: () => this.events.emit('video.arrived', { roomId, atMs: this.#now() }),
    })
    return { stream, recording, ingest: null, resumeTimer: null, lingerTimer: null }
  }

  /** Makes room for a publisher; false when a lively one is there. */
  #evictStalled(show: Show | undefined): boolean {
    if (!show?.ingest) return true
    if (this.#now() - show.stream.lastSignMs < this.#limits.stallMs) return false
    const { sink, evict } = show.ingest
    sink.end('stalled')
    evict('stalled')
    return true
  }

  #startIngest(show: Show, request: IngestRequest, resumed: boolean): IngestAnswer {
    const { roomId, protocol } = request
    const { stream } = show
    clearTimeout(show.resumeTimer ?? undefined)
    const sink = stream.openIngest((reason) => this.#onIngestEnd(roomId, show, reason))
    show.ingest = { sink, evict: request.onEvicted }
    this.#log.info({ roomId, protocol, resumed }, 'publish started')
    this.events.emit('publish.started', { roomId, protocol, resumed, atMs: this.#now() })
    return { kind: 'opened', sink, stream }
  }

  #onIngestEnd(roomId: number, show: Show, reason: string): void {
    show.ingest = null
    show.resumeTimer = setTimeout(() => void this.endStream(roomId), this.#limits.resumeMs)
    show.resumeTimer.unref()
    this.#log.info({ roomId, reason }, 'publish ended')
    this.events.emit('publish.ended', { roomId, reason, atMs: this.#now(), health: show.stream.health() })
  }

  #finish(roomId: number, show: Show, reason: string): void {
    const { ingest } = show
    ingest?.sink.end(reason)
    clearTimeout(show.resumeTimer ?? undefined)
    ingest?.evict(reason)
    show.stream.finish()
    show.lingerTimer = setTimeout(() => {
      if (this.#shows.get(roomId) === show) this.#shows.delete(roomId)
    }, this.#limits.lingerMs)
    show.lingerTimer.unref()
    this.events.emit('stream.ended', { roomId, atMs: this.#now() })
  }
}
