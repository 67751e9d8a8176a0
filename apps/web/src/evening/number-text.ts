import { divideText } from '@chunbo/contract/mass'
import { formatAmount } from '@chunbo/contract/money'
import { locale } from '../i18n/index.ts'

/** A count as people read it: "12,873", and in Chinese from a hundred thousand on "12.87 万". */
export function countText(count: number): string {
  const whole = Math.round(count)
  if (locale.value === 'zh' && whole >= 100_000) return `${divideText(whole, 10_000, 2)} 万`
  return String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A share as percent to one place: 0.0847 -> "8.5%". */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

/** An amount for the wall, where every sign counts: "¥104.35 万", and in English whole yuan. */
export function wallAmount(fen: number): string {
  return locale.value === 'zh'
    ? formatAmount(fen, 'zh')
    : `¥${divideText(fen, 100, 0).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`
}
