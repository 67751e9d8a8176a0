import { parseDecimal } from '../../studio/parse-decimal.ts'

const PRICE_FEN_MAX = 100_000_000

export type FlashTrouble = 'required' | 'notNumber' | 'notLess' | 'notZero'
export type FlashRead = { readonly fen: number } | { readonly trouble: FlashTrouble }

/** What was typed as a flash price, in fen: above nothing and below the price of now. `wasFen` in fen. */
export function readFlashPrice(text: string, wasFen: number): FlashRead {
  const read = parseDecimal(text, 100, PRICE_FEN_MAX)
  if (!read.ok) return { trouble: read.why === 'empty' ? 'required' : 'notNumber' }
  if (read.value === 0) return { trouble: 'notZero' }
  return read.value < wasFen ? { fen: read.value } : { trouble: 'notLess' }
}

/** A first proposal: a tenth off, down to a price that ends in 9 jiao, as markets do. Below 2 yuan simply a tenth off. */
export function proposedFlashFen(wasFen: number): number {
  const tenth = Math.floor((wasFen * 9) / 10)
  if (wasFen < 200) return Math.max(1, tenth)
  return Math.floor((tenth + 10) / 100) * 100 - 10
}

/** "8.5" of ten, as Chinese shops count a discount. */
export function foldText(fen: number, wasFen: number): string {
  return (Math.round((fen * 100) / wasFen) / 10).toString()
}
