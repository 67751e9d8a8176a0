import type { SkuCard } from '@chunbo/contract/catalogue'
import { formatYuan } from '@chunbo/contract/money'
import type { DeskActionKind } from '@chunbo/contract/show'
import { pick } from '../../i18n/index.ts'
import { actText } from './texts-acts.ts'

/** What was done, in the words of its kind. What `detail` does not say is said in general. */
export interface Deed {
  readonly kind: DeskActionKind
  readonly detail: Readonly<Record<string, unknown>>
}

function textIn(detail: Deed['detail'], ...names: string[]): string {
  for (const name of names) {
    const value = detail[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return ''
}
function numberIn(detail: Deed['detail'], ...names: string[]): number | undefined {
  for (const name of names) {
    const value = detail[name]
    if (typeof value === 'number') return value
  }
  return undefined
}
/** The goods by the card that the desk has, or by what the log itself says. */
function goodsOf(detail: Deed['detail'], cards: ReadonlyMap<number, SkuCard>): string {
  const card = cards.get(numberIn(detail, 'skuId') ?? 0)
  if (card) return pick(card.titleZh, card.titleEn)
  return pick(textIn(detail, 'titleZh'), textIn(detail, 'titleEn'))
}
/** Words that stand in both languages, such as prizeZh and prizeEn. */
function bothOf(detail: Deed['detail'], name: string): string {
  return pick(textIn(detail, `${name}Zh`, name), textIn(detail, `${name}En`))
}

/** The words after the name of who did it: "讲解“景东甜脆豌豆”". */
export function actWords({ kind, detail }: Deed, cards: ReadonlyMap<number, SkuCard>): string {
  const goods = goodsOf(detail, cards)
  const what = goods || actText('something')
  switch (kind) {
    case 'pin':
    case 'hide':
    case 'unhide':
      return actText(kind, { what })
    case 'unpin':
      return goods === '' ? actText('unpinPlain') : actText('unpin', { what })
    case 'stock':
      return actText('stock', { what, n: numberIn(detail, 'packs') ?? 0 })
    case 'flash': {
      const fen = numberIn(detail, 'priceFen')
      return fen === undefined ? actText('flashPlain') : actText('flash', { what, yuan: formatYuan(fen) })
    }
    case 'coupon': {
      const fen = numberIn(detail, 'offFen')
      return fen === undefined ? actText('coupon') : actText('couponOf', { off: formatYuan(fen) })
    }
    case 'notice':
      return actText('notice', { what: bothOf(detail, 'text') })
    case 'bag':
      return actText('bag', { what: bothOf(detail, 'prize') })
    case 'poll':
      return actText('poll', { what: bothOf(detail, 'question') })
    case 'run_current': {
      const item = bothOf(detail, 'title')
      return item === '' ? actText('run_currentPlain') : actText('run_current', { what: item })
    }
    case 'mute':
    case 'unmute':
      return actText(kind, { what: textIn(detail, 'userName', 'name') || actText('somebody') })
    case 'chat_pin':
      return actText(detail.lineId === null ? 'chat_unpin' : 'chat_pin')
    case 'chat_delete': {
      const name = textIn(detail, 'name')
      return name === '' ? actText('chat_delete') : actText('chat_deleteOf', { what: name })
    }
    case 'answer':
      return actText('answer', { what: textIn(detail, 'question', 'text') })
    case 'handover':
      return actText('handover', { what: textIn(detail, 'hostName', 'name') })
    default:
      return actText(kind)
  }
}
