import type { VideoSample } from './ingest-sink.ts'
import type { RecordingState } from './recording/recording.ts'

/** A publisher's stream as its host's team and /metrics see it. Nothing in it tells of viewers. */
export interface StreamHealth {
  roomId: number
  state: 'waiting' | 'publishing' | 'ended'
  /** Start of the current publish, or of the last one. */
  publishedAtMs: number | null
  lastFrameAtMs: number | null
  /** Averages over the last 5 s. */
  bitsPerSecond: number
  framesPerSecond: number
  /** Distance of the last two key frames on the publisher's clock. */
  keyFrameMs: number | null
  widthPx: number | null
  heightPx: number | null
  videoCodec: string | null
  audioCodec: string | null
  /** As the publisher names itself, at most 64 characters. */
  encoder: string | null
  frames: number
  /** Arrived and could not be passed on. */
  droppedFrames: number
  /** Never arrived: the encoder left them out, most often because its network was too slow. */
  skippedFrames: number
  /** Silence laid in place of sound that did not come. */
  silenceMs: number
  clockJumps: number
  /** Whether what is on air is kept; null when nothing is recorded. */
  recording: { state: RecordingState; lostSegments: number } | null
  warnings: StreamWarning[]
}

/**
 * `long_gop`: key frames over 4 s apart delay every viewer's start. `b_frames`: they add delay. `frames_skipped`: over 5 %
 * of late. `sound_gone`: there was sound, and silence is laid now. `picture_format`: not eight bits in 4:2:0, which few
 * phones decode. `hevc`: not every browser plays it.
 */
export type StreamWarning =
  | 'long_gop'
  | 'b_frames'
  | 'no_audio'
  | 'sound_gone'
  | 'frames_dropped'
  | 'frames_skipped'
  | 'no_frames'
  | 'picture_format'
  | 'hevc'

export interface StreamFacts {
  publishing: boolean
  droppedFrames: number
  hasAudio: boolean
  soundMissing: boolean
  commonPicture: boolean
  hevc: boolean
}

interface Bucket {
  second: number
  bytes: number
  frames: number
  skipped: number
}

const bucketsMax = 5
const longGopMs = 4_000
const quietMs = 3_000
const skippedShareMax = 0.05
/** A longer pause is a clock that jumped or a publisher that froze. */
const skipMsMax = 3_000

/** Counts what comes in, in buckets of one second. */
export class HealthMeter {
  #buckets: Bucket[] = []
  #lastKeyMs: number | null = null
  #lastDtsMs: number | null = null
  #frameMs: number | null = null
  #windowBytes = 0
  keyFrameMs: number | null = null
  lastFrameAtMs: number | null = null
  reordered = false
  frames = 0
  skippedFrames = 0

  video(nowMs: number, { dtsMs, key, compositionMs, data }: VideoSample): void {
    this.frames++
    this.lastFrameAtMs = nowMs
    this.reordered ||= compositionMs !== 0
    if (key) {
      if (this.#lastKeyMs !== null && dtsMs > this.#lastKeyMs) this.keyFrameMs = dtsMs - this.#lastKeyMs
      this.#lastKeyMs = dtsMs
    }
    const skipped = this.#skippedBefore(dtsMs)
    this.skippedFrames += skipped
    this.#count(nowMs, data.length, 1, skipped)
  }

  audio(nowMs: number, sizeBytes: number): void {
    this.lastFrameAtMs = nowMs
    this.#count(nowMs, sizeBytes, 0, 0)
  }

  rates(nowMs: number): { bitsPerSecond: number; framesPerSecond: number } {
    const { spanS, bytes, frames } = this.#sums(nowMs)
    if (spanS === 0) return { bitsPerSecond: 0, framesPerSecond: 0 }
    return { bitsPerSecond: Math.round((bytes * 8) / spanS), framesPerSecond: Math.round((frames * 10) / spanS) / 10 }
  }

  /** Whether the second under way and the five before it brought more than six may, however it was spread. */
  isOver(bitsPerSecond: number): boolean {
    return this.#windowBytes * 8 > bitsPerSecond * (bucketsMax + 1)
  }

  warnings(nowMs: number, facts: StreamFacts): StreamWarning[] {
    const { skipped, frames } = this.#sums(nowMs)
    const found: Record<StreamWarning, boolean> = {
      long_gop: (this.keyFrameMs ?? 0) > longGopMs,
      b_frames: this.reordered,
      no_audio: this.frames > 0 && !facts.hasAudio,
      sound_gone: facts.publishing && facts.soundMissing,
      frames_dropped: facts.droppedFrames > 0,
      frames_skipped: facts.publishing && skipped > (skipped + frames) * skippedShareMax,
      no_frames: facts.publishing && nowMs - (this.lastFrameAtMs ?? 0) > quietMs,
      picture_format: !facts.commonPicture,
      hevc: facts.hevc,
    }
    return (Object.keys(found) as StreamWarning[]).filter((name) => found[name])
  }

  /** Frames missing between the last one and this, by the usual distance of late. */
  #skippedBefore(dtsMs: number): number {
    const stepMs = dtsMs - (this.#lastDtsMs ?? dtsMs)
    this.#lastDtsMs = dtsMs
    if (stepMs <= 0 || stepMs > skipMsMax) return 0
    const frameMs = this.#frameMs ?? stepMs
    const missing = stepMs > frameMs * 1.7 ? Math.round(stepMs / frameMs) - 1 : 0
    // A distance that stays is a lower frame rate, so it is learnt, only slower.
    this.#frameMs = frameMs + (stepMs - frameMs) * (missing > 0 ? 0.02 : 0.1)
    return missing
  }

  /** Of the last whole seconds; the one under way would make the rates wobble. */
  #sums(nowMs: number): { spanS: number; bytes: number; frames: number; skipped: number } {
    const second = Math.floor(nowMs / 1000)
    const whole = this.#buckets.filter((bucket) => bucket.second < second && bucket.second >= second - bucketsMax)
    const sums = { spanS: whole[0] ? second - whole[0].second : 0, bytes: 0, frames: 0, skipped: 0 }
    for (const { bytes, frames, skipped } of whole) {
      sums.bytes += bytes
      sums.frames += frames
      sums.skipped += skipped
    }
    return sums
  }

  #count(nowMs: number, bytes: number, frames: number, skipped: number): void {
    const second = Math.floor(nowMs / 1000)
    const last = this.#buckets.at(-1)
    this.#windowBytes += bytes
    if (last?.second === second) {
      last.bytes += bytes
      last.frames += frames
      last.skipped += skipped
      return
    }
    this.#buckets.push({ second, bytes, frames, skipped })
    while ((this.#buckets[0]?.second ?? second) < second - bucketsMax) {
      this.#windowBytes -= this.#buckets.shift()?.bytes ?? 0
    }
  }
}
