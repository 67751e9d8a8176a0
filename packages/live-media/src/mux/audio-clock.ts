/**
 * Counts audio ticks. RTMP stamps whole milliseconds, so stamps taken at face value would leave a tiny gap or overlap at
 * every frame; counting frames gives a gapless track. A sound card's clock differs from the picture's by up to some
 * hundred parts in a million, a second in three hours, so what the stamps say on average corrects the count. Sound that
 * came too short is stretched by a little in each frame. Of sound that came too long a whole frame is left out now and
 * then: frames made shorter than what is in them overlap for a decoder. A stamp off by more than 100 ms corrects at once.
 */
export class AudioClock {
  readonly #rateHz: number
  #nextTicks: number | null = null
  /** How far the stamps are ahead of the count, smoothed over a second or two. */
  #errorTicks = 0

  constructor(rateHz: number) {
    this.#rateHz = rateHz
  }

  get started(): boolean {
    return this.#nextTicks !== null
  }

  /** End of what was placed, on the stream's clock. */
  get endMs(): number {
    return Math.ceil(((this.#nextTicks ?? 0) * 1000) / this.#rateHz)
  }

  /** Lets the count begin here, for silence before the first sound. */
  startAt(atMs: number): void {
    this.#nextTicks ??= Math.round((atMs * this.#rateHz) / 1000)
  }

  /**
   * Places a packet. `gapTicks` is silence to be bridged before it, `ticks` how long the packet is to be taken for. Null:
   * there is too much sound, and the packet has to be dropped.
   */
  place(atMs: number, durationTicks: number): { startTicks: number; gapTicks: number; ticks: number } | null {
    const wantedTicks = Math.round((atMs * this.#rateHz) / 1000)
    const expected = this.#nextTicks ?? wantedTicks
    const toleranceTicks = this.#rateHz / 10
    const errorTicks = wantedTicks - expected
    if (errorTicks < -toleranceTicks) return null
    if (errorTicks > toleranceTicks) {
      this.#errorTicks = 0
      this.#nextTicks = wantedTicks + durationTicks
      return { startTicks: wantedTicks, gapTicks: errorTicks, ticks: durationTicks }
    }
    this.#errorTicks += (errorTicks - this.#errorTicks) / smoothing
    if (this.#errorTicks < -Math.max(this.#rateHz * deadZoneS, durationTicks * 0.6)) {
      this.#errorTicks += durationTicks
      return null
    }
    const ticks = durationTicks + this.#stretch(durationTicks)
    this.#errorTicks -= ticks - durationTicks
    this.#nextTicks = expected + ticks
    return { startTicks: expected, gapTicks: 0, ticks }
  }

  /** Places a packet right behind what was placed, whatever the stamps say. */
  append(durationTicks: number): number {
    const startTicks = this.#nextTicks ?? 0
    this.#nextTicks = startTicks + durationTicks
    return startTicks
  }

  /** At most one part in 64 of the packet, and nothing at all while the stamps are 8 ms ahead or less. */
  #stretch(durationTicks: number): number {
    if (this.#errorTicks <= this.#rateHz * deadZoneS) return 0
    return Math.min(Math.max(1, Math.floor(durationTicks / 64)), Math.round(this.#errorTicks / smoothing))
  }
}

const smoothing = 64
const deadZoneS = 0.008
