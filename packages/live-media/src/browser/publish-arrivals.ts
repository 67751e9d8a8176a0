import type { PublishLimits } from '../limits.ts'

const measuredS = 4

/** What arrives of a publisher: held to its average over a window, with no allowance saved up, and measured over some seconds. */
export class ArrivalRate {
  readonly #limits: PublishLimits
  #windowStartMs = Number.NEGATIVE_INFINITY
  #windowBytes = 0
  #windowMessages = 0
  #seconds: { second: number; bytes: number }[] = []

  constructor(limits: PublishLimits) {
    this.#limits = limits
  }

  /** Counts a message; false when the window's allowance is used up. */
  count(nowMs: number, sizeBytes: number): boolean {
    const { rateWindowMs, bitsPerSecond, messagesPerSecond } = this.#limits
    if (nowMs - this.#windowStartMs >= rateWindowMs) {
      this.#windowStartMs = nowMs
      this.#windowBytes = 0
      this.#windowMessages = 0
    }
    this.#windowBytes += sizeBytes
    this.#windowMessages++
    const second = Math.floor(nowMs / 1000)
    const last = this.#seconds.at(-1)
    if (last?.second === second) last.bytes += sizeBytes
    else this.#seconds.push({ second, bytes: sizeBytes })
    if (this.#seconds.length > measuredS + 1) this.#seconds.shift()
    return (
      this.#windowBytes * 8_000 <= bitsPerSecond * rateWindowMs &&
      this.#windowMessages * 1_000 <= messagesPerSecond * rateWindowMs
    )
  }

  /** Average over the whole seconds just past; 0 before there is one. */
  bitsPerSecond(nowMs: number): number {
    const second = Math.floor(nowMs / 1000)
    const whole = this.#seconds.filter((each) => each.second < second && each.second >= second - measuredS)
    const spanS = whole[0] ? second - whole[0].second : 0
    return spanS === 0 ? 0 : Math.round((whole.reduce((sum, each) => sum + each.bytes, 0) * 8) / spanS)
  }
}
