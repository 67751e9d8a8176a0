import type { QuestionIntent } from '@chunbo/contract'
import { foldText } from './fold-text.ts'

/** Goods on a shelf in the host's order, with the words by which viewers name them. */
export interface ShelfName {
  readonly shopId: number
  readonly skuId: number
  readonly produceSlug: string
  /** Titles and names of the produce, in both languages. */
  readonly names: readonly string[]
}

export interface Topic {
  readonly shopId: number | null
  readonly skuId: number | null
}

/** These are the same for all goods of a shop. */
const OF_SHOP: ReadonlySet<QuestionIntent> = new Set(['shipping_cost', 'delivery_time', 'after_sales'])

const NUMERALS = '零一二三四五六七八九十'
/** 三号链接, 3号, 链接3, link 3, #3. "3号发货" is a day, so a bare 号 does not count where a day is asked for. */
const LINK =
  /(?:链接|link|#|no\.?)\s?(\d{1,2})(?!\d)|(?<!\d)(\d{1,2}|[一二三四五六七八九十]{1,2})\s?号(链接|商品|宝贝|品|链)?/

/** Which goods a question is about: named by number or by name, or else what is explained. */
export function topicOf(
  text: string,
  intent: QuestionIntent,
  shelf: readonly ShelfName[],
  pinned: { readonly shopId: number; readonly skuId: number } | null,
): Topic {
  const folded = foldText(text)
  const named = byNumber(folded, intent, shelf) ?? byName(folded, shelf, pinned)
  const sku = named ?? pinned
  if (sku === null) return { shopId: null, skuId: null }
  return { shopId: sku.shopId, skuId: OF_SHOP.has(intent) ? null : sku.skuId }
}

function byNumber(folded: string, intent: QuestionIntent, shelf: readonly ShelfName[]): ShelfName | null {
  const [, afterWord, beforeWord, word] = LINK.exec(folded) ?? []
  if (afterWord !== undefined) return shelf[Number(afterWord) - 1] ?? null
  if (beforeWord === undefined || (word === undefined && intent === 'delivery_time')) return null
  return shelf[(/^\d/.test(beforeWord) ? Number(beforeWord) : readNumeral(beforeWord)) - 1] ?? null
}

function readNumeral(text: string): number {
  const [first = '', second] = [...text]
  const value = NUMERALS.indexOf(first)
  if (second === undefined) return value
  return value === 10 ? 10 + NUMERALS.indexOf(second) : value * 10
}

/** Words of a name: pairs of Chinese characters, and English words of three letters and more. */
function wordsOf(name: string): string[] {
  const folded = foldText(name)
  const chinese = (folded.match(/\p{sc=Han}+/gu) ?? []).flatMap((part) => {
    const chars = [...part]
    return chars.slice(1).map((char, index) => `${chars[index]}${char}`)
  })
  return [...chinese, ...(folded.match(/[a-z]{3,}/g) ?? [])]
}

/**
 * The goods with the most words of their own in the question. A word that several kinds of produce on the shelf have (fresh, the county's
 * name) names none of them. Between packs of one produce it is the one that is explained, or else the first.
 */
function byName(
  folded: string,
  shelf: readonly ShelfName[],
  pinned: { readonly skuId: number } | null,
): ShelfName | null {
  const slugs = new Map<string, Set<string>>()
  const words = shelf.map((goods) => new Set(goods.names.flatMap(wordsOf)))
  for (const [index, goods] of shelf.entries())
    for (const word of words[index] ?? []) slugs.set(word, (slugs.get(word) ?? new Set()).add(goods.produceSlug))
  let best: ShelfName | null = null
  let bestScore = 0
  for (const [index, goods] of shelf.entries()) {
    const own = [...(words[index] ?? [])].filter((word) => slugs.get(word)?.size === 1 && isSaid(folded, word))
    const score = own.length === 0 ? 0 : own.length + (goods.skuId === pinned?.skuId ? 0.5 : 0)
    if (score <= bestScore) continue
    best = goods
    bestScore = score
  }
  return best
}

function isSaid(folded: string, word: string): boolean {
  return /^[a-z]/.test(word) ? new RegExp(`(?<![a-z])${word}(?:e?s)?(?![a-z])`).test(folded) : folded.includes(word)
}
