const STEP_MS = 5
const STEPS = 1_000

/**
 * How late numbered pieces of a stream arrive whose pieces are all equally long. The earliest arrival ever, each counted back to piece
 * 0, tells when pieces are due, so that a server that falls behind altogether is seen as well as one that serves some last.
 */
export class LagMeter {
  readonly #periodMs: number
  readonly #counts = new Uint32Array(STEPS + 1)
  #anchorMs = Number.POSITIVE_INFINITY
  #samples = 0
  #maxMs = 0

  constructor(periodMs: number) {
    this.#periodMs = periodMs
  }

  /** Notes that a piece has arrived and gives how late it was. */
  note(index: number, atMs: number): number {
    const startMs = atMs - index * this.#periodMs
    if (startMs < this.#anchorMs) this.#anchorMs = startMs
    const lagMs = startMs - this.#anchorMs
    const step = Math.min(STEPS, Math.floor(lagMs / STEP_MS))
    this.#counts[step] = (this.#counts[step] ?? 0) + 1
    this.#samples += 1
    if (lagMs > this.#maxMs) this.#maxMs = lagMs
    return lagMs
  }

  /** Pieces that are due between two moments. */
  dueBetween(fromMs: number, toMs: number): number {
    const dueBy = (ms: number) => Math.floor((ms - this.#anchorMs) / this.#periodMs)
    return dueBy(toMs) - dueBy(fromMs)
  }

  /** Forgets what was noted, but not when pieces are due. */
  mark(): void {
    this.#counts.fill(0)
    this.#samples = 0
    this.#maxMs = 0
  }

  get maxMs(): number {
    return this.#maxMs
  }

  /** The lag that so large a share of all pieces did not exceed, to 5 ms. */
  percentile(share: number): number {
    let left = this.#samples * share
    for (let step = 0; step <= STEPS; step += 1) {
      left -= this.#counts[step] ?? 0
      if (left <= 0) return (step + 1) * STEP_MS
    }
    return Number.NaN
  }
}
