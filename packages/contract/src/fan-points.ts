/** The one table of what makes a fan of a county: points for what somebody does, and levels by points. Pure; the server and the page read the same. */

export const FAN_KINDS = ['follow', 'watch', 'comment', 'order'] as const
export type FanKind = (typeof FAN_KINDS)[number]

/** Minutes of watching that make one unit of `watch`. */
export const WATCH_UNIT_MIN = 10

/**
 * follow: once a county. watch: for each ten minutes in a room on air. comment: for a line said in a room on air, one a minute.
 * order: for each whole yuan paid for goods of the county. `dayMax` bounds what one day (in China) can bring.
 */
export const FAN_RULES: Readonly<Record<FanKind, { readonly points: number; readonly dayMax: number }>> = {
  follow: { points: 10, dayMax: 10 },
  watch: { points: 5, dayMax: 60 },
  comment: { points: 1, dayMax: 10 },
  order: { points: 1, dayMax: 500 },
}

/** Points from which each level begins, from level 1. The names are those of a crop on its way. */
export const FAN_LEVELS = [
  { from: 10, zh: '新芽', en: 'Sprout' },
  { from: 60, zh: '青苗', en: 'Seedling' },
  { from: 200, zh: '抽穗', en: 'In ear' },
  { from: 500, zh: '灌浆', en: 'Filling' },
  { from: 1_200, zh: '金穗', en: 'Golden' },
  { from: 3_000, zh: '丰收', en: 'Harvest' },
] as const

/** Level for points, 0 for none yet. */
export function fanLevel(points: number): number {
  let level = 0
  while (level < FAN_LEVELS.length && points >= (FAN_LEVELS[level]?.from ?? Number.POSITIVE_INFINITY)) level += 1
  return level
}

/** Points that what was done would bring without the bound of the day: `units` is times, units of watching, or fen paid. */
export function pointsFor(kind: FanKind, units: number): number {
  const whole = kind === 'order' ? Math.floor(units / 100) : Math.floor(units)
  return Math.max(0, whole) * FAN_RULES[kind].points
}

/** What is still granted of `asked` points on a day that has brought `soFar` of this kind. */
export function grantedPoints(kind: FanKind, asked: number, soFar: number): number {
  return Math.max(0, Math.min(asked, FAN_RULES[kind].dayMax - soFar))
}
