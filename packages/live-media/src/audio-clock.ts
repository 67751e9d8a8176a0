/**
 * Counts audio ticks. RTMP stamps whole milliseconds, so stamps taken at face value would leave a tiny gap or overlap at
 * every frame; counting frames gives a gapless track, and the stamps only correct it when it is off by more than 100 ms.
 */
export class AudioClock {
  readonly #rateHz: number
  #nextTicks: number | null = null

  constructor(rateHz: number) {
    this.#rateHz = rateHz
  }

  /** End of what was placed, on the stream's clock. */
  get endMs(): number {
    return Math.ceil(((this.#nextTicks ?? 0) * 1000) / this.#rateHz)
  }

  /**
   * Places a packet. `gapTicks` is silence to be bridged before it. Null: the packet would overlap what was placed
   * before and has to be dropped.
   */
  place(atMs: number, durationTicks: number): { startTicks: number; gapTicks: number } | null {
    const wantedTicks = Math.round((atMs * this.#rateHz) / 1000)
    const expected = this.#nextTicks ?? wantedTicks
    const toleranceTicks = this.#rateHz / 10
    if (wantedTicks < expected - toleranceTicks) return null
    const startTicks = wantedTicks > expected + toleranceTicks ? wantedTicks : expected
    this.#nextTicks = startTicks + durationTicks
    return { startTicks, gapTicks: startTicks - expected }
  }
}
