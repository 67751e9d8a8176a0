import type { RecordedSpan } from '../live/index.ts'

/**
 * Where a moment of the show stands in its replay. The replay plays what was recorded piece after piece and leaves out the time without
 * video, so a moment in such a gap stands where the next piece begins.
 */
export interface ReplayClock {
  readonly lengthS: number
  /** Seconds from the beginning of the replay; `ms` is UTC since 1970. */
  secondOf(ms: number): number
}

export function createReplayClock(spans: readonly RecordedSpan[]): ReplayClock {
  const starts: number[] = []
  let lengthMs = 0
  for (const { durationMs } of spans) {
    starts.push(lengthMs)
    lengthMs += durationMs
  }
  return {
    lengthS: lengthMs / 1000,
    secondOf(ms) {
      const index = spans.findIndex(({ startMs, durationMs }) => ms < startMs + durationMs)
      const span = spans[index]
      if (span === undefined) return lengthMs / 1000
      return ((starts[index] ?? 0) + Math.max(0, ms - span.startMs)) / 1000
    },
  }
}
