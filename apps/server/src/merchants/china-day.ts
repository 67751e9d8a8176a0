/** China has one time, eight hours before UTC, and no summer time. */
const CHINA_AHEAD_MS = 8 * 3_600_000

/** The calendar day in China at an instant, YYYY-MM-DD. */
export const chinaDay = (at: Date): string => new Date(at.getTime() + CHINA_AHEAD_MS).toISOString().slice(0, 10)
