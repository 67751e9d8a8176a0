import { formatTotalWeight } from '@chunbo/contract/mass'
import { formatAmount, formatYuan } from '@chunbo/contract/money'
import { locale } from '../i18n/index.ts'
import { matchText } from './texts-match.ts'

/** Mass for people who deal in tonnes: "3.5 吨", "900 斤", "450 kg". */
export const massText = (grams: number): string => formatTotalWeight(grams, locale.value)

/** "¥3.00/公斤"; a word where the price is to be agreed. */
export const perKgText = (fen: number | null): string =>
  fen === null ? matchText('noPrice') : matchText('perKg', { yuan: `¥${formatYuan(fen)}` })

/** An amount in yuan for a sentence, without its sign. */
export const yuanText = (fen: number): string => formatAmount(Math.abs(fen), locale.value)
