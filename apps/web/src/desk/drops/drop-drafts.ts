import { COUPON_OFF_FEN_MAX, COUPON_TOTAL_MAX, type CouponInput } from '@chunbo/contract/coupons'
import { formatYuan } from '@chunbo/contract/money'
import type { BagCondition } from '@chunbo/contract/room-parts'
import { type BagInput, type NoticeInput, type PollInput, PRIZE_FEN_MAX } from '@chunbo/contract/show'
import { parseDecimal } from '../../studio/parse-decimal.ts'

/** What stands in the forms of drops, as it was typed, and what keeps it from being sent. Money in yuan text, answered in fen. */
const DAY_MS = 86_400_000
const PRIZES_MAX = 100
const FROM_FEN_MAX = 100_000_000

export type DropTrouble =
  | { readonly why: 'required' }
  | { readonly why: 'wholeNumber'; readonly max: number }
  | { readonly why: 'money'; readonly max: string }
  | { readonly why: 'halfAtMost'; readonly from: string; readonly max: string }
  | { readonly why: 'twoOptions' }
export type Troubles = Readonly<Partial<Record<string, DropTrouble>>>
/** What goes to the server, or undefined with the troubles by field. */
export interface DropRead<T> {
  readonly input: T | undefined
  readonly troubles: Troubles
}

function wholeOf(text: string, max: number): number | undefined {
  const plain = text.normalize('NFKC').trim()
  const n = /^\d{1,9}$/.test(plain) ? Number(plain) : 0
  return n >= 1 && n <= max ? n : undefined
}
function fenOf(text: string, maxFen: number): number | undefined {
  const read = parseDecimal(text, 100, maxFen)
  return read.ok && read.value > 0 ? read.value : undefined
}
/** An optional English text: left out when it is empty. */
const english = <Name extends string>(name: Name, text: string) =>
  (text.trim() === '' ? {} : { [name]: text.trim() }) as Partial<Record<Name, string>>

function answer<T>(troubles: Record<string, DropTrouble | undefined>, input: () => T): DropRead<T> {
  const found = Object.fromEntries(Object.entries(troubles).filter(([, trouble]) => trouble !== undefined))
  return Object.keys(found).length === 0
    ? { input: input(), troubles: {} }
    : { input: undefined, troubles: found as Troubles }
}

export interface CouponDraft {
  shopId: number
  off: string
  from: string
  total: string
  seconds: string
  days: string
}
export const newCoupon = (shopId: number): CouponDraft => ({
  shopId,
  off: '5',
  from: '50',
  total: '100',
  seconds: '300',
  days: '7',
})
/** `nowMs` is the server's clock: how long it is valid counts from there. */
export function readCoupon(draft: CouponDraft, nowMs: number): DropRead<CouponInput> {
  const offFen = fenOf(draft.off, COUPON_OFF_FEN_MAX)
  const fromFen = fenOf(draft.from, FROM_FEN_MAX)
  const total = wholeOf(draft.total, COUPON_TOTAL_MAX)
  const isTooMuch = offFen !== undefined && fromFen !== undefined && offFen * 2 > fromFen
  return answer(
    {
      shopId: draft.shopId === 0 ? { why: 'required' } : undefined,
      off:
        offFen === undefined
          ? { why: 'money', max: formatYuan(COUPON_OFF_FEN_MAX) }
          : isTooMuch
            ? { why: 'halfAtMost', from: formatYuan(fromFen), max: formatYuan(Math.floor(fromFen / 2)) }
            : undefined,
      from: fromFen === undefined ? { why: 'money', max: formatYuan(FROM_FEN_MAX) } : undefined,
      total: total === undefined ? { why: 'wholeNumber', max: COUPON_TOTAL_MAX } : undefined,
    },
    () => ({
      shopId: draft.shopId,
      offFen: offFen ?? 0,
      fromFen: fromFen ?? 0,
      total: total ?? 0,
      seconds: Number(draft.seconds),
      validUntil: new Date(nowMs + Number(draft.days) * DAY_MS).toISOString(),
    }),
  )
}

export interface BagDraft {
  prizeZh: string
  prizeEn: string
  worth: string
  prizes: string
  condition: BagCondition
  phrase: string
  seconds: string
}
/** `goods`: what is explained just now, with its price in fen: the usual prize is a pack of it. */
export const newBag = (goods?: { titleZh: string; titleEn: string; priceFen: number }): BagDraft => ({
  prizeZh: goods?.titleZh.slice(0, 40) ?? '',
  prizeEn: goods?.titleEn.slice(0, 80) ?? '',
  worth: goods ? formatYuan(goods.priceFen) : '',
  prizes: '3',
  condition: 'comment',
  phrase: '支持家乡好货',
  seconds: '300',
})
export function readBag(draft: BagDraft): DropRead<BagInput> {
  const prizeFen = fenOf(draft.worth, PRIZE_FEN_MAX)
  const prizes = wholeOf(draft.prizes, PRIZES_MAX)
  const needsPhrase = draft.condition === 'comment'
  return answer(
    {
      prizeZh: draft.prizeZh.trim() === '' ? { why: 'required' } : undefined,
      worth: prizeFen === undefined ? { why: 'money', max: formatYuan(PRIZE_FEN_MAX) } : undefined,
      prizes: prizes === undefined ? { why: 'wholeNumber', max: PRIZES_MAX } : undefined,
      phrase: needsPhrase && draft.phrase.trim() === '' ? { why: 'required' } : undefined,
    },
    () => ({
      prizeZh: draft.prizeZh.trim(),
      ...english('prizeEn', draft.prizeEn),
      prizeFen: prizeFen ?? 0,
      prizes: prizes ?? 0,
      condition: draft.condition,
      ...(needsPhrase ? { phrase: draft.phrase.trim() } : {}),
      seconds: Number(draft.seconds),
    }),
  )
}

export interface PollDraft {
  questionZh: string
  questionEn: string
  options: { zh: string; en: string }[]
  seconds: string
}
export const OPTIONS_MAX = 6
export const newPoll = (): PollDraft => ({
  questionZh: '下一个想看哪个？',
  questionEn: 'What shall come next?',
  options: [
    { zh: '', en: '' },
    { zh: '', en: '' },
  ],
  seconds: '60',
})
export function readPoll(draft: PollDraft): DropRead<PollInput> {
  const filled = draft.options.filter((option) => option.zh.trim() !== '')
  const isTwice = new Set(filled.map((option) => option.zh.trim())).size < filled.length
  return answer(
    {
      questionZh: draft.questionZh.trim() === '' ? { why: 'required' } : undefined,
      options: filled.length < 2 || isTwice ? { why: 'twoOptions' } : undefined,
    },
    () => ({
      questionZh: draft.questionZh.trim(),
      ...english('questionEn', draft.questionEn),
      options: filled.map((option) => ({ zh: option.zh.trim(), ...english('en', option.en) })),
      seconds: Number(draft.seconds),
    }),
  )
}

export interface NoticeDraft {
  textZh: string
  textEn: string
}
export const newNotice = (): NoticeDraft => ({ textZh: '', textEn: '' })
export function readNotice(draft: NoticeDraft): DropRead<NoticeInput> {
  return answer({ textZh: draft.textZh.trim() === '' ? { why: 'required' } : undefined }, () => ({
    textZh: draft.textZh.trim(),
    ...english('textEn', draft.textEn),
  }))
}
