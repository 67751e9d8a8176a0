/**
 * Maps a publisher's clock, which may start anywhere, jump and wrap after 49 days, to the stream's own clock, which
 * starts at 0 and never goes back. Video leads: a jump of the video clock moves the mapping, and audio follows by the
 * same amount, so that sound and picture stay together.
 */
export class Timeline {
  readonly #floorMs: number
  #offsetMs: number | null = null
  #lastMs: number
  #frameMs: number
  jumps = 0

  /** `startMs` is where the stream's clock stands; the first video sample lands on it. */
  constructor(startMs: number, frameMs: number) {
    this.#floorMs = startMs
    this.#lastMs = startMs - frameMs
    this.#frameMs = frameMs
  }

  /** Distance between frames, smoothed. */
  get frameMs(): number {
    return this.#frameMs
  }

  /** Where a next video sample is expected. */
  get nextMs(): number {
    return this.#lastMs + Math.max(1, Math.round(this.#frameMs))
  }

  /** Stream time of a video sample, always later than the one before. */
  video(dtsMs: number): number {
    if (this.#offsetMs === null) {
      this.#offsetMs = this.#floorMs - dtsMs
      this.#lastMs = this.#floorMs
      return this.#floorMs
    }
    let mappedMs = dtsMs + this.#offsetMs
    const stepMs = mappedMs - this.#lastMs
    if (stepMs > jumpForwardMs || stepMs < -jumpBackMs) {
      mappedMs = this.nextMs
      this.#offsetMs = mappedMs - dtsMs
      this.jumps++
    } else if (stepMs <= 0) {
      mappedMs = this.#lastMs + 1
    } else if (stepMs < 1_000) {
      this.#frameMs += (stepMs - this.#frameMs) * (this.#settled ? 0.1 : 1)
      this.#settled = true
    }
    this.#lastMs = mappedMs
    return mappedMs
  }

  /** Stream time of an audio sample, or null when it cannot belong to the picture that plays. */
  audio(dtsMs: number): number | null {
    if (this.#offsetMs === null) return null
    const mappedMs = dtsMs + this.#offsetMs
    if (mappedMs < this.#floorMs || Math.abs(mappedMs - this.#lastMs) > jumpForwardMs) return null
    return mappedMs
  }

  #settled = false
}

/** Encoders on bad networks skip up to this much and then go on; more is a new clock. */
const jumpForwardMs = 3_000
/** Less is a stamp out of order and moved up; more would squeeze many frames together and is a new clock. */
const jumpBackMs = 100
