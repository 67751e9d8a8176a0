/**
 * Maps a publisher's clock, which may start anywhere, jump and wrap after 49.7 days, to the stream's own clock, which
 * starts at 0 and never goes back. One track leads: a jump of its clock moves the mapping, and the other follows by the
 * same amount, so that sound and picture stay together. Video leads wherever there is video.
 */
export class Timeline {
  readonly #floorMs: number
  #offsetMs: number | null = null
  #lastMs: number
  #frameMs: number
  #settled = false
  /** Added to stamps that have wrapped, and the last stamp after that. */
  #wrapsMs = 0
  #lastStampMs: number | null = null
  jumps = 0

  /** `startMs` is where the stream's clock stands; the first sample of the leading track lands on it. */
  constructor(startMs: number, frameMs: number) {
    this.#floorMs = startMs
    this.#lastMs = startMs - frameMs
    this.#frameMs = frameMs
  }

  /** Distance between samples of the leading track, smoothed. */
  get frameMs(): number {
    return this.#frameMs
  }

  /** Where the next sample of the leading track is expected. */
  get nextMs(): number {
    return this.#lastMs + Math.max(1, Math.round(this.#frameMs))
  }

  /** Another track leads from now on, with samples about this far apart. */
  changeLead(frameMs: number): void {
    this.#frameMs = frameMs
    this.#settled = false
  }

  /** Stream time of a sample of the leading track, always later than the one before. */
  lead(stampMs: number): number {
    const dtsMs = this.#unwrap(stampMs)
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

  /** Stream time of a sample of the other track, or null when it cannot belong to what plays. */
  follow(stampMs: number): number | null {
    if (this.#offsetMs === null) return null
    const mappedMs = this.#unwrap(stampMs) + this.#offsetMs
    if (mappedMs < this.#floorMs || Math.abs(mappedMs - this.#lastMs) > jumpForwardMs) return null
    return mappedMs
  }

  /** Both tracks wrap within a few samples of each other and in any order, so the count may go back once more. */
  #unwrap(stampMs: number): number {
    const last = this.#lastStampMs ?? stampMs
    const stepMs = stampMs + this.#wrapsMs - last
    if (stepMs < -wrapMs / 2) this.#wrapsMs += wrapMs
    else if (stepMs > wrapMs / 2) this.#wrapsMs -= wrapMs
    this.#lastStampMs = stampMs + this.#wrapsMs
    return this.#lastStampMs
  }
}

const wrapMs = 0x100000000
/** Encoders on bad networks skip up to this much and then go on; more is a new clock. */
const jumpForwardMs = 3_000
/** Less is a stamp out of order and moved up; more would squeeze many frames together and is a new clock. */
const jumpBackMs = 100
