import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'

/** A title is advertising. @throws Refusal live.title_words with the words that the law forbids */
export function requireCleanTitle(
  { checkWords }: Pick<LiveContext, 'checkWords'>,
  { titleZh = '', titleEn = '' }: { readonly titleZh?: string; readonly titleEn?: string },
): void {
  const words = checkWords(`${titleZh}\n${titleEn}`).filter(({ action }) => action === 'block')
  if (words.length > 0) throw new Refusal('live.title_words', { words: words.map(({ term }) => term).join('、') })
}
