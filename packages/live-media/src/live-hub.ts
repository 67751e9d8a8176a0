import { EventEmitter } from 'node:events'
import { type IngestRefusal, ingestRefusal } from './ingest-refusals.ts'
import type { IngestSink } from './ingest-sink.ts'
import { defaultStreamLimits, type StreamLimits } from './limits.ts'
import { LiveStream } from './live-stream.ts'
import type { IngestProtocol, MediaEvents } from './media-events.ts'
import { type MediaLog, silentLog } from './media-log.ts'
import type { Segment } from './mux/segment-window.ts'
import { DiskGuard } from './recording/disk-guard.ts'
import type { MediaStorage } from './recording/media-storage.ts'
import { Recording, type RecordingBudget, type RecordingStart } from './recording/recording.ts'
import type { RecordedSegment } from './recording/recording-index.ts'

export interface LiveHubOptions {
  /** Where shows are recorded; null records nothing. */
  storage: MediaStorage | null
  /** Below so much free space in the storage no segment is recorded. */
  freeBytesMin?: number
  /** A segment is in the storage and in the room's index. */
  onStored?: (roomId: number, line: RecordedSegment, segment: Segment) => void
  limits?: Partial<StreamLimits>
  log?: MediaLog
  now?: () => number
}

export interface IngestRequest {
  roomId: number
  protocol: IngestProtocol
  /** A lively publisher has to give way to this one; otherwise this one is refused. */
  takeover?: boolean
  /**
   * Tells one publisher from another, so that one that was taken over does not take the show back by reconnecting on its
   * own, as encoders do.
   */
  peer?: string
  /** Called when another publisher took its place, or the show was ended. */
  onEvicted: (reason: string) => void
}

export type IngestAnswer =
  | { kind: 'opened'; sink: IngestSink; stream: LiveStream }
  | { kind: 'refused'; refusal: IngestRefusal }

/** Why the last publisher of a room was sent away. */
export interface RefusalNote extends IngestRefusal {
  readonly atMs: number
}

export interface LiveHub {
  readonly events: EventEmitter<MediaEvents>
  openIngest(request: IngestRequest): Promise<IngestAnswer>
  /** The room's stream, from its first publish until `lingerMs` after its end. */
  stream(roomId: number): LiveStream | null
  streams(): LiveStream[]
  /** Writes down why a publisher of this room was sent away, for its desk; a publisher who is let in wipes it out. */
  noteRefusal(roomId: number, refusal: IngestRefusal): void
  lastRefusal(roomId: number): RefusalNote | null
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
  ingest: { sink: IngestSink; evict: (reason: string) => void; peer: string | undefined } | null
  /** Publishers that were taken over during this show. */
  takenOver: Set<string>
  resumeTimer: NodeJS.Timeout | null
  lingerTimer: NodeJS.Timeout | null
}

class Hub implements LiveHub {
  readonly events = new EventEmitter<MediaEvents>()
  readonly #storage: MediaStorage | null
  readonly #guard: DiskGuard | null
  readonly #onStored: LiveHubOptions['onStored']
  readonly #budget: RecordingBudget
  readonly #limits: StreamLimits
  readonly #log: MediaLog
  readonly #now: () => number
  readonly #shows = new Map<number, Show>()
  /** Rooms whose show is being opened: a place is taken before the storage is asked. */
  readonly #opening = new Set<number>()
  readonly #refusals = new Map<number, RefusalNote>()
  #closed = false

  constructor(options: LiveHubOptions) {
    this.#storage = options.storage
    this.#limits = { ...defaultStreamLimits, ...options.limits }
    this.#log = options.log ?? silentLog
    this.#now = options.now ?? Date.now
    this.#guard = options.storage && new DiskGuard(options.storage, options.freeBytesMin ?? 0, this.#now)
    this.#onStored = options.onStored
    this.#budget = { waitingBytes: 0, bytesMax: this.#limits.recordingBytesMax }
  }

  async openIngest(request: IngestRequest): Promise<IngestAnswer> {
    const answer = await this.#openIngest(request)
    if (answer.kind === 'refused') this.noteRefusal(request.roomId, answer.refusal)
    else this.#refusals.delete(request.roomId)
    return answer
  }

  async #openIngest(request: IngestRequest): Promise<IngestAnswer> {
    const { roomId } = request
    const known = this.#shows.get(roomId)
    if (this.#closed) return refused('server_closing')
    if (this.#opening.has(roomId)) return refused('already_publishing')
    const running = known && !known.stream.ended ? known : null
    if (running?.stream.isTooLong)
      return refused('show_too_long', { hours: Math.round(this.#limits.showMs / 3_600_000) })
    const blocking = this.#makeRoom(running, request)
    if (blocking) return refused(blocking)
    if (running) return this.#startIngest(running, request, true)
    if (!known && this.#shows.size + this.#opening.size >= this.#limits.streams) {
      return refused('streams_full', { max: this.#limits.streams })
    }
    this.#opening.add(roomId)
    try {
      await known?.recording?.settled()
      const show = await this.#openShow(roomId)
      if (this.#closed) return refused('server_closing')
      clearTimeout(known?.lingerTimer ?? undefined)
      this.#shows.set(roomId, show)
      return this.#startIngest(show, request, false)
    } finally {
      this.#opening.delete(roomId)
    }
  }

  noteRefusal(roomId: number, refusal: IngestRefusal): void {
    const note = { ...refusal, atMs: this.#now() }
    // The newest stands last, and the oldest goes first.
    this.#refusals.delete(roomId)
    this.#refusals.set(roomId, note)
    const [oldest] = this.#refusals.keys()
    if (this.#refusals.size > refusalsMax && oldest !== undefined) this.#refusals.delete(oldest)
    this.events.emit('publish.refused', { roomId, code: refusal.code, atMs: note.atMs })
  }

  lastRefusal(roomId: number): RefusalNote | null {
    return this.#refusals.get(roomId) ?? null
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
    const recording = await this.#openRecording(roomId)
    const stream = new LiveStream({
      roomId,
      limits: this.#limits,
      now: this.#now,
      firstMsn: recording?.firstSeq ?? 0,
      startMs: recording?.startMs ?? 0,
      hasEarlierSegments: recording?.hasEarlierSegments ?? false,
      recordingState: () => recording && { state: recording.state, lostSegments: recording.lostSegments },
      onSegment: (segment) => recording?.add(segment),
      onVideoArrived: () => this.events.emit('video.arrived', { roomId, atMs: this.#now() }),
    })
    return { stream, recording, ingest: null, takenOver: new Set(), resumeTimer: null, lingerTimer: null }
  }

  async #openRecording(roomId: number): Promise<Recording | null> {
    if (!this.#storage || !this.#guard) return null
    const start: RecordingStart = {
      roomId,
      storage: this.#storage,
      guard: this.#guard,
      budget: this.#budget,
      log: this.#log,
      onStored: (line, segment) => this.#onStored?.(roomId, line, segment),
      onFailed: (seq, reason) => this.events.emit('recording.failed', { roomId, seq, reason }),
      onState: (state, lostSegments) => this.events.emit('recording.changed', { roomId, state, lostSegments }),
    }
    return Recording.open(start, this.#now())
  }

  /** Sends away who publishes now, where the new one may take the place; otherwise says why it may not. */
  #makeRoom(show: Show | null, { takeover, peer }: IngestRequest): 'already_publishing' | 'taken_over' | null {
    if (!show?.ingest) return null
    const stalled = this.#now() - show.stream.lastSignMs >= this.#limits.stallMs
    if (!stalled && !takeover) return 'already_publishing'
    if (!stalled && peer !== undefined && show.takenOver.has(peer)) return 'taken_over'
    const { sink, evict, peer: gone } = show.ingest
    const reason = stalled ? 'stalled' : 'taken_over'
    if (gone !== undefined && gone !== peer && show.takenOver.size < takenOverMax) show.takenOver.add(gone)
    sink.end(reason)
    evict(reason)
    return null
  }

  #startIngest(show: Show, request: IngestRequest, resumed: boolean): IngestAnswer {
    const { roomId, protocol } = request
    const { stream } = show
    clearTimeout(show.resumeTimer ?? undefined)
    const sink = stream.openIngest((reason) => this.#onIngestEnd(roomId, show, reason))
    show.ingest = { sink, evict: request.onEvicted, peer: request.peer }
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

const refusalsMax = 1_000
const takenOverMax = 100

function refused(...refusal: Parameters<typeof ingestRefusal>): IngestAnswer {
  return { kind: 'refused', refusal: ingestRefusal(...refusal) }
}
