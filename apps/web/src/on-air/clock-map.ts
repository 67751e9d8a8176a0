/**
 * Brings the times of camera and microphone, each on a clock of its own, onto the page's. A frame is never seen before it was taken, so the
 * smallest delay seen so far is the truth about a clock and what is over it is jitter. Clocks drift apart by some ms an hour; the truth is
 * let go slowly, so that it follows.
 */
export class ClockMap {
  #offsetUs: number | null = null
  #lastUs = Number.NEGATIVE_INFINITY

  /** The page's time of a frame with the time `stampUs`, seen at `seenUs`; always later than the one before. */
  map(stampUs: number, seenUs: number): number {
    const delayUs = seenUs - stampUs
    if (this.#offsetUs === null || Math.abs(delayUs - this.#offsetUs) > newClockUs) this.#offsetUs = delayUs
    else this.#offsetUs = Math.min(delayUs, this.#offsetUs + (delayUs - this.#offsetUs) * letGo)
    const mappedUs = Math.max(stampUs + this.#offsetUs, this.#lastUs + leastStepUs)
    this.#lastUs = mappedUs
    return mappedUs
  }
}

/** A clock that is off by this much is another one: the camera was changed. */
const newClockUs = 1_500_000
const letGo = 0.002
const leastStepUs = 1_000
