import {
  type AudioConfig,
  type AudioSample,
  type IngestSink,
  MediaFormatError,
  type VideoCodec,
  type VideoSample,
} from './ingest-sink.ts'
import type { StreamLimits } from './limits.ts'
import { type Chunk, Chunker } from './mux/chunker.ts'
import { partTargetFor } from './mux/cut.ts'
import type { InitSegment } from './mux/mp4-init.ts'
import { type Segment, SegmentWindow } from './mux/segment-window.ts'
import type { RecordingState } from './recording/recording.ts'
import { HealthMeter, type StreamHealth } from './stream-health.ts'
import { decideReload, type ReloadDirectives } from './watch/blocking-reload.ts'
import type { Departure } from './watch/departure.ts'
import { type RenditionReport, renderLivePlaylist } from './watch/playlist.ts'
import { Waiters } from './watch/waiters.ts'

export interface LiveStreamStart {
  roomId: number
  limits: StreamLimits
  now: () => number
  firstMsn: number
  /** Where the stream's clock starts. */
  startMs: number
  /** Something was recorded in this room before. */
  hasEarlierSegments: boolean
  /** Null when nothing is recorded. */
  recordingState: () => { state: RecordingState; lostSegments: number } | null
  /** Discontinuities before the first segment; for a rendition, which counts as its source does. */
  firstDiscontinuity?: number
  /** Wall clock of 0 on the stream's clock; absent for a source, whose frames are dated as they arrive. */
  wallAnchorMs?: number
  onSegment: (segment: Segment) => void
  onVideoArrived: () => void
}

const partsAheadMax = 15
const idleBlockMs = 1_000
const wallDriftMsMax = 2_000
const wallLeadMsMax = 500

/** One room's stream over any number of publishes: feeds samples to the chunker and keeps what viewers may fetch. */
export class LiveStream {
  readonly roomId: number
  readonly #start: LiveStreamStart
  readonly #window: SegmentWindow
  readonly #waiters: Waiters
  readonly #chunkListeners = new Set<(chunk: Chunk) => void>()
  readonly #playlists = new Map<string, Buffer>()
  /** Of the running ingest, else of the last one, whose figures are still told. */
  #chunker: Chunker | null = null
  #publishing = false
  #meter = new HealthMeter()
  #publishedAtMs: number | null = null
  #firstPublishAtMs: number | null = null
  #encoder: string | null = null
  #partTargetMs: number | null = null
  #endMs: number
  #sequence = 0
  #wallAnchorMs: number | null = null
  #arrived = false
  #ended = false
  /** Chunks since the last key frame, with which a socket viewer starts at once. */
  #sinceKey: Chunk[] = []
  #sinceKeyBytes = 0
  #init: InitSegment | null = null
  #reports: () => readonly RenditionReport[] = () => []

  constructor(start: LiveStreamStart) {
    this.roomId = start.roomId
    this.#endMs = start.startMs
    this.#start = start
    this.#window = new SegmentWindow(start.firstMsn, start.limits, start.firstDiscontinuity)
    this.#waiters = new Waiters(start.limits.waiters)
  }

  get publishing(): boolean {
    return this.#publishing
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Something can be fetched. */
  get watchable(): boolean {
    return this.hasWholeSegment || (this.#window.open?.parts.length ?? 0) > 0
  }

  /** Clients without low-latency support take a playlist without a whole segment for an error. */
  get hasWholeSegment(): boolean {
    return this.#window.listed.length > 0
  }

  /** Wall clock of the last frame or, before the first one, of the publish. */
  get lastSignMs(): number {
    return Math.max(this.#meter.lastFrameAtMs ?? 0, this.#publishedAtMs ?? 0)
  }

  /** Starts an ingest; the caller has made sure that no other runs. `onEnd` is called once. */
  openIngest(onEnd: (reason: string) => void): IngestSink {
    const chunker = new Chunker({
      limits: this.#start.limits,
      startMs: this.#endMs,
      sequence: this.#sequence,
      partTargetMs: this.#partTargetMs,
      discontinuity: this.watchable || this.#start.hasEarlierSegments,
      onChunk: (chunk) => this.#takeChunk(chunk),
    })
    this.#chunker = chunker
    this.#publishing = true
    this.#meter = new HealthMeter()
    this.#publishedAtMs = this.#start.now()
    this.#firstPublishAtMs ??= this.#publishedAtMs
    this.#encoder = null
    this.#wallAnchorMs = null
    this.#arrived = false
    const live = () => this.#publishing && this.#chunker === chunker
    return {
      setVideo: (record: Buffer, codec?: VideoCodec) => {
        if (live()) chunker.setVideo(record, codec)
      },
      setAudio: (config: AudioConfig) => {
        if (live()) chunker.setAudio(config)
      },
      video: (sample: VideoSample) => {
        if (!live()) return
        this.#meter.video(this.#start.now(), sample)
        this.#requireLimits()
        chunker.video(sample)
      },
      audio: (sample: AudioSample) => {
        if (!live()) return
        this.#meter.audio(this.#start.now(), sample.data.length)
        this.#requireLimits()
        chunker.audio(sample)
      },
      end: (reason: string) => {
        if (!live()) return
        this.#closeIngest(chunker)
        onEnd(reason)
      },
    }
  }

  /** The show has lasted as long as one may. */
  get isTooLong(): boolean {
    const { now, limits } = this.#start
    return this.#firstPublishAtMs !== null && now() - this.#firstPublishAtMs > limits.showMs
  }

  /** @throws MediaFormatError */
  #requireLimits(): void {
    const { ingestBitsPerSecond, showMs } = this.#start.limits
    if (this.isTooLong) throw new MediaFormatError('show_too_long', { hours: Math.round(showMs / 3_600_000) })
    if (this.#meter.isOver(ingestBitsPerSecond)) {
      throw new MediaFormatError('bitrate_too_high', { kbps: Math.round(ingestBitsPerSecond / 1000) })
    }
  }

  /** What the publisher calls its software; for the host's team. */
  nameEncoder(encoder: string): void {
    this.#encoder = encoder.slice(0, 64)
  }

  /** Playlists tell of other renditions from now on. */
  reportOn(reports: () => readonly RenditionReport[]): void {
    this.#reports = reports
  }

  /** The newest segment and part that the playlist lists; null before the first one. */
  get edge(): { lastMsn: number; lastPart: number } | null {
    return this.#window.edge
  }

  get peakBitsPerSecond(): number {
    return this.#window.peakBitsPerSecond
  }

  /** The segment that is being made: its number, the wall clock of its first frame, and the discontinuities up to it. */
  get openSegment(): { msn: number; wallMs: number; discontinuitySequence: number } | null {
    const { open, listed, discontinuitySequence } = this.#window
    if (!open) return null
    const discontinuities = [...listed, open].filter((segment) => segment.discontinuity).length
    return { msn: open.msn, wallMs: open.wallMs, discontinuitySequence: discontinuitySequence + discontinuities }
  }

  /** The stream is over: playlists get their end tag and nobody waits any longer. */
  finish(): void {
    if (this.#chunker && this.#publishing) this.#closeIngest(this.#chunker)
    this.#ended = true
    this.#changed()
    this.#chunkListeners.clear()
  }

  /** Cached text of the live playlist; one rendering serves all viewers until the next part. */
  playlist(lowLatency: boolean): Buffer {
    const name = lowLatency ? 'low-latency' : 'plain'
    const cached = this.#playlists.get(name)
    if (cached) return cached
    const text = renderLivePlaylist({
      listed: this.#window.listed,
      open: this.#window.open,
      nextMsn: this.#window.nextMsn,
      discontinuityNext: this.#window.discontinuityNext,
      targetDurationS: this.#window.targetDurationS,
      discontinuitySequence: this.#window.discontinuitySequence,
      partTargetMs: this.#partTargetMs ?? partTargetFor(33, this.#start.limits.partMs),
      ended: this.#ended,
      lowLatency,
      reports: this.#reports(),
    })
    const bytes = Buffer.from(text)
    this.#playlists.set(name, bytes)
    return bytes
  }

  /** Whether a playlist request is due; see decideReload. A stream that ended never makes anyone wait. */
  reload(asked: ReloadDirectives): 'now' | 'wait' | 'refuse' {
    const { nextMsn, open } = this.#window
    const edge = {
      nextMsn,
      parts: open?.parts.length ?? 0,
      partsBefore: this.#window.find(nextMsn - 1)?.parts.length ?? 0,
    }
    const decision = decideReload(asked, edge, partsAheadMax)
    return decision === 'wait' && this.#ended ? 'now' : decision
  }

  /**
   * Waits until `ready` holds; false when the client or the publisher goes away or time is up, which is soon while
   * no publisher is there: players take a long silence for an error. Null when too many wait already.
   */
  waitUntil(ready: () => boolean, client?: Departure): Promise<boolean> | null {
    return this.#waiters.wait(ready, this.#publishing ? this.#start.limits.blockMs : idleBlockMs, client)
  }

  segmentBytes(msn: number): Buffer | null {
    return this.#window.find(msn)?.bytes ?? null
  }

  partBytes(msn: number, index: number): Buffer | null {
    return this.#window.find(msn)?.parts[index]?.bytes ?? null
  }

  /** True for the part that a playlist hints at and that may yet come. */
  isNextPart(msn: number, index: number): boolean {
    const { nextMsn, open } = this.#window
    return !this.#ended && msn === nextMsn && index === (open?.parts.length ?? 0)
  }

  initBytes(name: string): Buffer | null {
    return this.#window.findInit(name)?.bytes ?? null
  }

  /** The init segment that plays now. */
  get init(): InitSegment | null {
    return this.#publishing ? this.#init : null
  }

  /** The newest media that begins with a key frame, for a poster. */
  newestKey(): { init: Buffer; bytes: Buffer } | null {
    const chunk = this.#sinceKey[0]
    if (chunk?.key) return { init: chunk.init.bytes, bytes: chunk.bytes }
    const segment = this.#window.listed.findLast(({ parts }) => parts[0]?.key)
    return segment?.bytes ? { init: segment.init.bytes, bytes: segment.bytes } : null
  }

  /**
   * Chunks as they are made, for sockets. `backlog` holds those since the last key frame; a listener whose chunk has
   * another `init` than the one before must send that first.
   */
  onChunk(listener: (chunk: Chunk) => void): { backlog: readonly Chunk[]; stop: () => void } {
    this.#chunkListeners.add(listener)
    return { backlog: [...this.#sinceKey], stop: () => this.#chunkListeners.delete(listener) }
  }

  /** Wall clock of a moment on the stream's clock; null before the first chunk of a publish. */
  wallMsAt(streamMs: number): number | null {
    return this.#wallAnchorMs === null ? null : Math.round(this.#wallAnchorMs + streamMs)
  }

  health(): StreamHealth {
    const nowMs = this.#start.now()
    const chunker = this.#chunker
    const picture = chunker?.picture ?? null
    const sound = chunker?.sound ?? null
    const facts = {
      publishing: this.#publishing,
      droppedFrames: chunker?.droppedFrames ?? 0,
      hasAudio: sound !== null,
      soundMissing: chunker?.silence.now ?? false,
      commonPicture: picture?.common ?? true,
      hevc: picture?.kind === 'hevc',
    }
    return {
      roomId: this.roomId,
      state: this.#ended ? 'ended' : this.publishing ? 'publishing' : 'waiting',
      publishedAtMs: this.#publishedAtMs,
      lastFrameAtMs: this.#meter.lastFrameAtMs,
      ...this.#meter.rates(nowMs),
      keyFrameMs: this.#meter.keyFrameMs,
      widthPx: picture?.widthPx ?? null,
      heightPx: picture?.heightPx ?? null,
      videoCodec: picture?.codec ?? null,
      audioCodec: sound?.codec ?? null,
      encoder: this.#encoder,
      frames: this.#meter.frames,
      droppedFrames: facts.droppedFrames,
      skippedFrames: this.#meter.skippedFrames,
      silenceMs: chunker?.silence.laidMs ?? 0,
      clockJumps: chunker?.clockJumps ?? 0,
      recording: this.#start.recordingState(),
      warnings: this.#meter.warnings(nowMs, facts),
    }
  }

  #closeIngest(chunker: Chunker): void {
    chunker.end()
    this.#endMs = chunker.endMs
    this.#sequence = chunker.sequence
    this.#publishing = false
    this.#sinceKey = []
    this.#changed()
    this.#waiters.releaseAll()
  }

  #takeChunk(chunk: Chunk): void {
    this.#init = chunk.init
    this.#keepSinceKey(chunk)
    const { part, segment } = this.#window.add(chunk, this.#wallMsOf(chunk))
    for (const listener of this.#chunkListeners) listener(chunk)
    if (!part && !segment) return
    this.#partTargetMs = chunk.partTargetMs
    if (!this.#arrived) {
      this.#arrived = true
      this.#start.onVideoArrived()
    }
    if (segment) this.#start.onSegment(segment)
    this.#changed()
  }

  /**
   * Wall clock of a chunk from the stream's clock, which is smooth where arrival is bursty: players align playlists by
   * it and would see every wobble. The anchor is set anew only when it is plainly wrong, either way.
   */
  #wallMsOf(chunk: Chunk): number {
    const { wallAnchorMs } = this.#start
    if (wallAnchorMs !== undefined) return Math.round(wallAnchorMs + chunk.startMs)
    const arrivedMs = this.#start.now() - chunk.durationMs
    const anchorMs = arrivedMs - chunk.startMs
    const driftMs = this.#wallAnchorMs === null ? 0 : anchorMs - this.#wallAnchorMs
    if (this.#wallAnchorMs === null || driftMs < -wallLeadMsMax || driftMs > wallDriftMsMax)
      this.#wallAnchorMs = anchorMs
    return Math.round(this.#wallAnchorMs + chunk.startMs)
  }

  /** Beyond the limits of what is kept, a starting viewer waits for the next key frame. */
  #keepSinceKey(chunk: Chunk): void {
    if (chunk.key) {
      this.#sinceKey = []
      this.#sinceKeyBytes = 0
    } else if (this.#sinceKey.length === 0) {
      return
    }
    this.#sinceKey.push(chunk)
    this.#sinceKeyBytes += chunk.bytes.length
    if (this.#sinceKey.length > sinceKeyMax || this.#sinceKeyBytes > sinceKeyBytesMax) this.#sinceKey = []
  }

  #changed(): void {
    this.#playlists.clear()
    this.#waiters.check()
  }
}

/** 70 s of chunks, for encoders that send a key frame a minute; decoders get through them faster than they were sent. */
const sinceKeyMax = 1_100
const sinceKeyBytesMax = 24 * 1024 * 1024
