/** Time as a dependency, so that tests move it instead of waiting. */
export interface Clock {
  /** The present instant. */
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock for tests that stands still until it is moved. */
export interface MovableClock extends Clock {
  advance(ms: number): void
}

export function movableClock(start: Date): MovableClock {
  let nowMs = start.getTime()
  return {
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms
    },
  }
}
