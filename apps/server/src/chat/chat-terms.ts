import type { TermPack } from '@chunbo/contract'
import { foldText, joinSpelt } from './fold-text.ts'
import { TermSet } from './term-set.ts'

/** Words with single spaces, for terms in Latin letters, which must be words of their own: "class" is not one of its parts. */
const asWords = (folded: string) =>
  joinSpelt(folded)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
/** Nothing but letters and digits, for the other terms: Chinese has no spaces, so those between its characters only hide them. */
const asTight = (folded: string) => folded.replace(/[^\p{L}\p{N}]+/gu, '')

/** A term as it is compared; empty when it has no letter and no digit, so that it could never be found. */
export function termKey(term: string): string {
  const words = asWords(foldText(term))
  return isLatin(words) ? words : asTight(foldText(term))
}

const isLatin = (words: string) => /^[a-z0-9 ]*$/.test(words)

/** The words of the operator's packs that a chat line has. */
export interface ChatTerms {
  find(folded: string): string[]
}

export function createChatTerms(packs: readonly TermPack[]): ChatTerms {
  const active = packs.filter((pack) => pack.active)
  const keys = (pick: (pack: TermPack) => readonly string[]) => active.flatMap((pack) => pick(pack).map(termKey))
  const terms = keys((pack) => pack.terms)
  const allow = keys((pack) => pack.allow)
  const others = (list: string[]) => list.filter((key) => !isLatin(key))
  const latin = new TermSet(terms.filter(isLatin), allow.filter(isLatin))
  const tight = new TermSet(others(terms), others(allow))
  return {
    find: (folded) => [...tight.find(asTight(folded)), ...latin.find(asWords(folded))],
  }
}
