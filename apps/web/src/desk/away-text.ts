import type { Locale } from '@chunbo/contract/mass'

const MINUTE_MS = 60_000

/** How far away something is, in its two largest units: "2 天 3 小时", "5 h 10 min". `waitMs` in ms, above 0. */
export function awayText(waitMs: number, locale: Locale): string {
  const minutes = Math.ceil(waitMs / MINUTE_MS)
  const units = [
    { n: Math.floor(minutes / 1440), zh: '天', en: 'd' },
    { n: Math.floor((minutes % 1440) / 60), zh: '小时', en: 'h' },
    { n: minutes % 60, zh: '分钟', en: 'min' },
  ]
  const first = units.findIndex((unit) => unit.n > 0)
  return units
    .slice(first, first + 2)
    .filter((unit) => unit.n > 0)
    .map((unit) => `${unit.n} ${unit[locale]}`)
    .join(' ')
}
