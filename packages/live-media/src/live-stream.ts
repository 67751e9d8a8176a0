import { decideReload, type ReloadDirectives } from './blocking-reload.ts'
import { type Chunk, Chunker } from './chunker.ts'
import { partTargetFor } from './cut.ts'
import type { AudioConfig, AudioSample, IngestSink, VideoSample } from './ingest-sink.ts'
import type { StreamLimits } from './limits.ts'
import type { InitSegment } from './mp4-init.ts'
import { renderLivePlaylist } from './playlist.ts'
import { type Segment, SegmentWindow } from './segment-window.ts'
import { HealthMeter, type StreamHealth } from './stream-health.ts'
import { Waiters } from './waiters.ts'

export interface LiveStreamStart {
  roomId: number
  limits: StreamLimits
  now: () => number
  firstMsn: number
  /** Where the stream's clock starts. */
  startMs: number
  /** Something was recorded in this room before. */
  hasEarlierSegments: boolean
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
  #shape: { widthPx: number; heightPx: number; codec: string } | null = null
  #encoder: string | null = null
  #partTargetMs: number | null = null
  #endMs: number
  #sequence = 0
  #wallAnchorMs: number | null = null
  #arrived = false
  #ended = false
  /** Chunks since the last key frame, with which a socket viewer starts at once. */
  #sinceKey: Chunk[] = []

  constructor(start: LiveStreamStart) {
    this.roomId = start.roomId
    this.#endMs = start.startMs
    this.#start = start
    this.#window = new SegmentWindow(start.firstMsn, start.limits)
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
    this.#wallAnchorMs = null
    this.#arrived = false
    const live = () => this.#publishing && this.#chunker === chunker
    return {
      setVideo: (avcC: Buffer) => {
        if (live()) this.#shape = chunker.setVideo(avcC)
      },
      setAudio: (config: AudioConfig) => {
        if (live()) chunker.setAudio(config)
      },
      video: (sample: VideoSample) => {
        if (!live()) return
        const reordered = sample.compositionMs !== 0
        this.#meter.video(this.#start.now(), sample.dtsMs, sample.key, reordered, sample.data.length)
        chunker.video(sample)
      },
      audio: (sample: AudioSample) => {
        if (!live()) return
        this.#meter.audio(this.#start.now(), sample.data.length)
        chunker.audio(sample)
      },
      end: (reason: string) => {
        if (!live()) return
        this.#closeIngest(chunker)
        onEnd(reason)
      },
    }
  }

  /** What the publisher calls its software; for the host's team. */
  nameEncoder(encoder: string): void {
    this.#encoder = encoder.slice(0, 64)
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
   * Waits until `ready` holds; false when the signal aborts, the publisher goes away or time is up, which is soon while
   * no publisher is there: players take a long silence for an error. Null when too many wait already.
   */
  waitUntil(ready: () => boolean, signal?: AbortSignal): Promise<boolean> | null {
    return this.#waiters.wait(ready, this.#publishing ? this.#start.limits.blockMs : idleBlockMs, signal)
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
    return this.#sinceKey[0]?.init ?? null
  }

  /**
   * Chunks as they are made, for sockets. `backlog` holds those since the last key frame; a listener whose chunk has
   * another `init` than the one before must send that first.
   */
  onChunk(listener: (chunk: Chunk) => void): { backlog: readonly Chunk[]; stop: () => void } {
    this.#chunkListeners.add(listener)
    return { backlog: [...this.#sinceKey], stop: () => this.#chunkListeners.delete(listener) }
  }

  health(): StreamHealth {
    const nowMs = this.#start.now()
    const droppedFrames = this.#chunker?.droppedFrames ?? 0
    const audioCodec = this.#chunker?.audioCodec ?? null
    return {
      roomId: this.roomId,
      state: this.#ended ? 'ended' : this.publishing ? 'publishing' : 'waiting',
      publishedAtMs: this.#publishedAtMs,
      lastFrameAtMs: this.#meter.lastFrameAtMs,
      ...this.#meter.rates(nowMs),
      keyFrameMs: this.#meter.keyFrameMs,
      widthPx: this.#shape?.widthPx ?? null,
      heightPx: this.#shape?.heightPx ?? null,
      videoCodec: this.#shape?.codec ?? null,
      audioCodec,
      encoder: this.#encoder,
      frames: this.#meter.frames,
      droppedFrames,
      clockJumps: this.#chunker?.clockJumps ?? 0,
      warnings: this.#meter.warnings(nowMs, this.publishing, audioCodec !== null, droppedFrames),
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
    if (chunk.key) this.#sinceKey = []
    this.#sinceKey.push(chunk)
    if (this.#sinceKey.length > sinceKeyMax) this.#sinceKey.shift()
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
    const arrivedMs = this.#start.now() - chunk.durationMs
    const anchorMs = arrivedMs - chunk.startMs
    const driftMs = this.#wallAnchorMs === null ? 0 : anchorMs - this.#wallAnchorMs
    if (this.#wallAnchorMs === null || driftMs < -wallLeadMsMax || driftMs > wallDriftMsMax)
      this.#wallAnchorMs = anchorMs
    return Math.round(this.#wallAnchorMs + chunk.startMs)
  }

  #changed(): void {
    this.#playlists.clear()
    this.#waiters.check()
  }
}

/** 10 s of chunks: beyond that a starting viewer is better off waiting for the next key frame. */
const sinceKeyMax = 150
