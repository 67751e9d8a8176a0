import { divideText, type Locale } from '@chunbo/contract/mass'

/** A count for a figure: "12,873" in English, "1.29 万" from ten thousand on in Chinese. */
export function countText(count: number, locale: Locale): string {
  if (locale === 'zh' && count >= 10_000) return `${divideText(count, 10_000, 2)} 万`
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, locale === 'zh' ? '' : ',')
}
