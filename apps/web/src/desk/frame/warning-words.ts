import type { SkuCard } from '@chunbo/contract/catalogue'
import { divideText } from '@chunbo/contract/mass'
import type { DeskWarning, DeskWarningCode } from '@chunbo/contract/show'
import { pick } from '../../i18n/index.ts'
import { leftText } from '../../ui/when.ts'
import { actText } from './texts-acts.ts'
import { warningText } from './texts-warnings.ts'

/** The most hurtful first: without a picture nothing else matters. */
const ORDER: readonly DeskWarningCode[] = [
  'stream_away',
  'complaints',
  'sold_out',
  'stock_low',
  'no_pin',
  'stream_slow',
  'stream_thin',
  'questions',
  'stream_long_gop',
]

export function inOrder(warnings: readonly DeskWarning[]): DeskWarning[] {
  return [...warnings].sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code))
}

/** A warning as a sentence. `nowMs` is the server's clock. */
export function warningWords(warning: DeskWarning, cards: ReadonlyMap<number, SkuCard>, nowMs: number): string {
  const card = cards.get(warning.skuId ?? 0)
  const what = card ? pick(card.titleZh, card.titleEn) : actText('something')
  const value = warning.value ?? 0
  const n = warning.code === 'stream_long_gop' ? divideText(Math.round(value), 1000, 1) : Math.round(value)
  return warningText(warning.code, { what, n, time: leftText(nowMs - warning.sinceMs) })
}

export type WarningPlace = 'goods' | 'stream' | 'questions' | 'chat'

/** Where it can be mended: an area of the desk, or a part of its talk. */
export function warningPlace(code: DeskWarningCode): WarningPlace {
  if (code === 'questions') return 'questions'
  if (code === 'complaints') return 'chat'
  return code === 'stock_low' || code === 'sold_out' || code === 'no_pin' ? 'goods' : 'stream'
}

export function isTalk(place: WarningPlace): place is 'questions' | 'chat' {
  return place === 'questions' || place === 'chat'
}
