import type { Locale } from '@chunbo/contract/mass'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const WORDS = {
  zh: { d: '天', h: '小时', m: '分', s: '秒', gap: ' ' },
  en: { d: 'd', h: 'h', m: 'min', s: 's', gap: ' ' },
} as const

/** A span of time in its two largest units, "3 天 4 小时", "5 h 12 min", "1 min 05 s"; the sign is left to the caller. `ms` in milliseconds. */
export function spanText(ms: number, locale: Locale): string {
  const { d, h, m, s, gap } = WORDS[locale]
  const left = Math.abs(ms)
  const [days, hours] = [Math.floor(left / DAY_MS), Math.floor((left % DAY_MS) / HOUR_MS)]
  const [minutes, seconds] = [Math.floor((left % HOUR_MS) / MINUTE_MS), Math.floor((left % MINUTE_MS) / 1000)]
  if (days >= 10) return `${days} ${d}`
  if (days > 0) return hours > 0 ? `${days} ${d}${gap}${hours} ${h}` : `${days} ${d}`
  if (hours > 0) return `${hours} ${h}${gap}${minutes} ${m}`
  return `${minutes} ${m}${gap}${String(seconds).padStart(2, '0')} ${s}`
}

/** How a clock is to be read: past its end, near it, or with time in hand. */
export type Tone = 'over' | 'soon' | 'calm'

/** The tone of a stage's clock: its last quarter is soon, and so is its last quarter of an hour. All in milliseconds. */
export function stageTone(sinceMs: number, dueMs: number, nowMs: number): Tone {
  const left = dueMs - nowMs
  if (left <= 0) return 'over'
  return left < Math.max((dueMs - sinceMs) / 4, 15 * MINUTE_MS) ? 'soon' : 'calm'
}

/** The tone of the produce's own clock: under a day is over the edge for the road, under three is soon. */
export function lifeTone(spoilsMs: number, nowMs: number): Tone {
  const left = spoilsMs - nowMs
  if (left < DAY_MS) return 'over'
  return left < 3 * DAY_MS ? 'soon' : 'calm'
}

/** What is left of the time from `fromMs` to `toMs`, as a share from 0 to 1. */
export function shareLeft(fromMs: number, toMs: number, nowMs: number): number {
  if (toMs <= fromMs) return 0
  return Math.max(0, Math.min(1, (toMs - nowMs) / (toMs - fromMs)))
}
