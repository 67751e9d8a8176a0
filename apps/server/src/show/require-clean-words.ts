import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'

/**
 * Lets texts pass that the public will read in the county's name.
 * @throws Refusal show.text_empty, when the first is blank; show.words_not_allowed, with the words that advertising law forbids
 */
export function requireCleanWords({ checkWords }: Pick<ShowContext, 'checkWords'>, ...texts: string[]): void {
  if (texts[0]?.trim() === '') throw new Refusal('show.text_empty')
  const words = new Set(
    texts.flatMap((text) => checkWords(text).flatMap(({ term, action }) => (action === 'block' ? term : []))),
  )
  if (words.size > 0) throw new Refusal('show.words_not_allowed', { words: [...words].slice(0, 10).join('、') })
}
