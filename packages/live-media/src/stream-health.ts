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
  droppedFrames: number
  clockJumps: number
  warnings: StreamWarning[]
}

/** `long_gop`: key frames over 4 s apart delay every viewer's start. `b_frames`: they add delay. */
export type StreamWarning = 'long_gop' | 'b_frames' | 'no_audio' | 'frames_dropped' | 'no_frames'

const bucketsMax = 5
const longGopMs = 4_000
const quietMs = 3_000

/** Counts what comes in, in buckets of one second. */
export class HealthMeter {
  #buckets: { second: number; bytes: number; frames: number }[] = []
  #lastKeyMs: number | null = null
  keyFrameMs: number | null = null
  lastFrameAtMs: number | null = null
  reordered = false
  frames = 0

  video(nowMs: number, dtsMs: number, key: boolean, reordered: boolean, sizeBytes: number): void {
    this.frames++
    this.lastFrameAtMs = nowMs
    this.reordered ||= reordered
    if (key) {
      if (this.#lastKeyMs !== null && dtsMs > this.#lastKeyMs) this.keyFrameMs = dtsMs - this.#lastKeyMs
      this.#lastKeyMs = dtsMs
    }
    this.#count(nowMs, sizeBytes, 1)
  }

  audio(nowMs: number, sizeBytes: number): void {
    this.#count(nowMs, sizeBytes, 0)
  }

  rates(nowMs: number): { bitsPerSecond: number; framesPerSecond: number } {
    const second = Math.floor(nowMs / 1000)
    const whole = this.#buckets.filter((bucket) => bucket.second < second && bucket.second >= second - bucketsMax)
    const spanS = whole[0] ? second - whole[0].second : 0
    if (spanS === 0) return { bitsPerSecond: 0, framesPerSecond: 0 }
    const bytes = whole.reduce((sum, bucket) => sum + bucket.bytes, 0)
    const frames = whole.reduce((sum, bucket) => sum + bucket.frames, 0)
    return { bitsPerSecond: Math.round((bytes * 8) / spanS), framesPerSecond: Math.round((frames * 10) / spanS) / 10 }
  }

  warnings(nowMs: number, publishing: boolean, hasAudio: boolean, droppedFrames: number): StreamWarning[] {
    const warnings: StreamWarning[] = []
    if ((this.keyFrameMs ?? 0) > longGopMs) warnings.push('long_gop')
    if (this.reordered) warnings.push('b_frames')
    if (this.frames > 0 && !hasAudio) warnings.push('no_audio')
    if (droppedFrames > 0) warnings.push('frames_dropped')
    if (publishing && nowMs - (this.lastFrameAtMs ?? 0) > quietMs) warnings.push('no_frames')
    return warnings
  }

  #count(nowMs: number, bytes: number, frames: number): void {
    const second = Math.floor(nowMs / 1000)
    const last = this.#buckets.at(-1)
    if (last?.second === second) {
      last.bytes += bytes
      last.frames += frames
      return
    }
    this.#buckets.push({ second, bytes, frames })
    if (this.#buckets.length > bucketsMax + 1) this.#buckets.shift()
  }
}
