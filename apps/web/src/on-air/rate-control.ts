/**
 * How many bits a second the encoder may make, by what the network shows: how far behind the server is with what was sent (lag), and what
 * still waits on this device. Down fast, up slowly, as a mobile network wants it; and below the least bitrate, fewer frames.
 */

export interface RateRange {
  leastBps: number
  mostBps: number
}

/** How the network does, for words: `weak` means that viewers see a worse picture. */
export type NetworkState = 'good' | 'fair' | 'weak'

export interface NetworkLook {
  nowMs: number
  /** Age of the newest picture that the server has, against the newest that was sent. */
  lagMs: number
  /** What waits on this device, as time at the present bitrate. */
  waitingMs: number
}

const congestedLagMs = 700
const congestedWaitingMs = 350
const calmLagMs = 300
const calmWaitingMs = 60
const downGapMs = 1_500
const upGapMs = 4_000
const downFactor = 0.7
const upFactor = 1.12
/** Time at the least bitrate, still congested, after which half of the frames go. */
const halveAfterMs = 4_000

export class RateControl {
  readonly #range: RateRange
  #bps: number
  #changedAtMs = Number.NEGATIVE_INFINITY
  #calmSinceMs: number | null = null
  #leastSinceMs: number | null = null
  #isHalved = false
  #state: NetworkState = 'good'

  constructor(range: RateRange) {
    this.#range = range
    this.#bps = range.mostBps
  }

  get bps(): number {
    return this.#bps
  }

  get state(): NetworkState {
    return this.#state
  }

  /** Every second frame is left out. */
  get isHalved(): boolean {
    return this.#isHalved
  }

  /** Takes a look about twice a second; true when the encoder has to be told a new bitrate. */
  look({ nowMs, lagMs, waitingMs }: NetworkLook): boolean {
    const isCongested = lagMs > congestedLagMs || waitingMs > congestedWaitingMs
    const isCalm = lagMs < calmLagMs && waitingMs < calmWaitingMs
    this.#calmSinceMs = isCalm ? (this.#calmSinceMs ?? nowMs) : null
    const before = this.#bps
    if (isCongested && nowMs - this.#changedAtMs >= downGapMs) this.#lower(nowMs)
    else if (this.#calmSinceMs !== null && nowMs - Math.max(this.#calmSinceMs, this.#changedAtMs) >= upGapMs)
      this.#raise(nowMs)
    this.#leastSinceMs = this.#bps === this.#range.leastBps && isCongested ? (this.#leastSinceMs ?? nowMs) : null
    if (this.#leastSinceMs !== null && nowMs - this.#leastSinceMs > halveAfterMs) this.#isHalved = true
    const share = this.#bps / this.#range.mostBps
    this.#state = isCongested || share < 0.4 ? 'weak' : isCalm && share > 0.8 ? 'good' : 'fair'
    return this.#bps !== before
  }

  #lower(nowMs: number): void {
    this.#bps = Math.max(this.#range.leastBps, Math.round(this.#bps * downFactor))
    this.#changedAtMs = nowMs
  }

  #raise(nowMs: number): void {
    // First the frames come back, then their sharpness.
    if (this.#isHalved) this.#isHalved = false
    else this.#bps = Math.min(this.#range.mostBps, Math.round(this.#bps * upFactor))
    this.#changedAtMs = nowMs
  }
}
