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

interface Show {
  stream: LiveStream
  recording: Recording | null
  ingest: { sink: IngestSink; evict: (reason: string) => void } | null
  resumeTimer: NodeJS.Timeout | null
  lingerTimer: NodeJS.Timeout | null
}

/** All live streams of this process. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  const limits: StreamLimits = { ...defaultStreamLimits, ...options.limits }
  const log = options.log ?? silentLog
  const now = options.now ?? Date.now
  const events = new EventEmitter<MediaEvents>()
  const shows = new Map<number, Show>()
  const opening = new Set<number>()
  let closed = false

  async function openShow(roomId: number): Promise<Show> {
    const recording = options.storage
      ? await Recording.open({
          roomId,
          storage: options.storage,
          log,
          onFailed: (seq, reason) => events.emit('recording.failed', { roomId, seq, reason }),
        })
      : null
    const stream = new LiveStream({
      roomId,
      limits,
      now,
      firstMsn: recording?.firstSeq ?? 0,
      startMs: recording?.startMs ?? 0,
      hasEarlierSegments: recording?.hasEarlierSegments ?? false,
      onSegment: (segment) => recording?.add(segment),
      onVideoArrived: () => events.emit('video.arrived', { roomId, atMs: now() }),
    })
    return { stream, recording, ingest: null, resumeTimer: null, lingerTimer: null }
  }

  /** Makes room for a publisher; false when a lively one is there. */
  function evictStalled(show: Show | undefined): boolean {
    if (!show?.ingest) return true
    if (now() - show.stream.lastSignMs < limits.stallMs) return false
    const { sink, evict } = show.ingest
    sink.end('stalled')
    evict('stalled')
    return true
  }

  function startIngest(show: Show, request: IngestRequest, resumed: boolean): IngestAnswer {
    const { roomId } = request
    const { stream } = show
    clearTimeout(show.resumeTimer ?? undefined)
    const sink = stream.openIngest((reason) => {
      show.ingest = null
      if (!stream.ended) {
        show.resumeTimer = setTimeout(() => void endStream(roomId), limits.resumeMs)
        show.resumeTimer.unref()
      }
      log.info({ roomId, reason }, 'publish ended')
      events.emit('publish.ended', { roomId, reason, atMs: now(), health: stream.health() })
    })
    show.ingest = { sink, evict: request.onEvicted }
    log.info({ roomId, protocol: request.protocol, resumed }, 'publish started')
    events.emit('publish.started', { roomId, protocol: request.protocol, resumed, atMs: now() })
    return { kind: 'opened', sink, stream }
  }

  async function openIngest(request: IngestRequest): Promise<IngestAnswer> {
    const { roomId } = request
    if (closed) return { kind: 'refused', reason: 'closed' }
    if (opening.has(roomId) || !evictStalled(shows.get(roomId))) return { kind: 'refused', reason: 'busy' }
    let show = shows.get(roomId)
    if (show && !show.stream.ended) return startIngest(show, request, true)
    if (!show && shows.size + opening.size >= limits.streams) return { kind: 'refused', reason: 'full' }
    opening.add(roomId)
    try {
      await show?.recording?.settled()
      show = await openShow(roomId)
    } finally {
      opening.delete(roomId)
    }
    if (closed) return { kind: 'refused', reason: 'closed' }
    clearTimeout(shows.get(roomId)?.lingerTimer ?? undefined)
    shows.set(roomId, show)
    return startIngest(show, request, false)
  }

  async function endStream(roomId: number, reason = 'ended'): Promise<void> {
    const show = shows.get(roomId)
    if (!show) return
    if (!show.stream.ended) {
      clearTimeout(show.resumeTimer ?? undefined)
      const { ingest } = show
      ingest?.sink.end(reason)
      clearTimeout(show.resumeTimer ?? undefined)
      ingest?.evict(reason)
      show.stream.finish()
      show.lingerTimer = setTimeout(() => {
        if (shows.get(roomId) === show) shows.delete(roomId)
      }, limits.lingerMs)
      show.lingerTimer.unref()
      events.emit('stream.ended', { roomId, atMs: now() })
    }
    await show.recording?.settled()
  }

  return {
    events,
    openIngest,
    stream: (roomId) => shows.get(roomId)?.stream ?? null,
    streams: () => [...shows.values()].map((show) => show.stream),
    endStream,
    async close() {
      closed = true
      await Promise.all([...shows.keys()].map((roomId) => endStream(roomId, 'closing')))
      for (const show of shows.values()) clearTimeout(show.lingerTimer ?? undefined)
      shows.clear()
    },
  }
}
