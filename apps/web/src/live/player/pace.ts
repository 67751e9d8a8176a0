/**
 * How fast a live picture plays, so that it stays close behind the host without stopping. What counts is the least that lay ready over
 * the last second: everything above the target was never needed and is played off a little faster, in steps that nobody hears. A line that
 * stutters shows in that least by itself, so the delay grows with its jitter and not with a guess. Every stop raises the target, and calm
 * lowers it again.
 */
export interface Pace {
  /** The playback rate to set. */
  readonly rate: number
  /** Too far behind to be caught up with by speed: go to `jumpTargetS` before the end. */
  readonly jump: boolean
}
export interface Pacer {
  /** What should always lie ready, in seconds. */
  readonly targetS: number
  /** `aheadS` lies ready at `nowMs`; to be called several times a second. */
  look(aheadS: number, nowMs: number): Pace
  /** The picture stopped for want of data. */
  stalled(nowMs: number): void
  /** The position was set, or the stream began anew: what was seen before no longer counts. */
  restart(nowMs: number): void
}

/** Two chunks of 66 ms: one that plays and one that is on its way. */
const CHUNKS_S = 0.13
const TARGET_S_MOST = 1.2
const STALL_ADDS_S = 0.12
const CALM_MS = 15_000
const CALM_TAKES_S = 0.04
const WINDOW_MS = 1_000
/** Above the target by this much before it hurries, and until it is back within the other. */
const HURRY_FROM_S = 0.12
const HURRY_UNTIL_S = 0.02
const JUMP_FROM_S = 4
/** Whoever just came has heard nothing yet that a jump could cut. */
const SETTLE_MS = 2_500
const SETTLE_JUMP_FROM_S = 0.5
export const RATE_MOST = 1.1
export const RATE_LEAST = 0.97

/** `leastTargetS`: what should lie ready on the best of lines, in seconds. */
export function createPacer(nowMs: number, leastTargetS = CHUNKS_S): Pacer {
  let targetS = leastTargetS
  let seen: { aheadS: number; atMs: number }[] = []
  let beganMs = nowMs
  let calmSinceMs = nowMs
  let isHurrying = false
  let isFilling = false

  function leastS(aheadS: number, atMs: number): number {
    seen = seen.filter((each) => atMs - each.atMs <= WINDOW_MS)
    seen.push({ aheadS, atMs })
    return seen.reduce((least, each) => Math.min(least, each.aheadS), aheadS)
  }
  function rateFor(overS: number): number {
    isHurrying = overS > (isHurrying ? HURRY_UNTIL_S : HURRY_FROM_S)
    isFilling = isFilling && overS < 0
    if (isHurrying) return overS > 0.8 ? RATE_MOST : overS > 0.3 ? 1.06 : 1.03
    return isFilling ? RATE_LEAST : 1
  }
  return {
    get targetS() {
      return targetS
    },
    look(aheadS, atMs) {
      if (atMs - calmSinceMs > CALM_MS) {
        calmSinceMs = atMs
        targetS = Math.max(leastTargetS, targetS - CALM_TAKES_S)
      }
      const overS = leastS(aheadS, atMs) - targetS
      const jumpFromS = atMs - beganMs < SETTLE_MS ? SETTLE_JUMP_FROM_S : JUMP_FROM_S
      return { rate: rateFor(overS), jump: overS > jumpFromS }
    },
    stalled(atMs) {
      calmSinceMs = atMs
      targetS = Math.min(TARGET_S_MOST, targetS + STALL_ADDS_S)
      isFilling = true
    },
    restart(atMs) {
      seen = []
      beganMs = atMs
      isHurrying = false
    },
  }
}
