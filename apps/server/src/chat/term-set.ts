import { TermAutomaton } from './term-automaton.ts'

const isWordChar = (char: string | undefined) => char !== undefined && /[a-z0-9]/.test(char)

/**
 * Terms that may not stand in a text, and words in which they may. Of terms that overlap the longest counts, and a term that lies inside
 * of an allowed word does not. A term that begins or ends with a Latin letter or a digit must begin or end a word there.
 */
export class TermSet {
  readonly #automaton: TermAutomaton
  readonly #refused: ReadonlySet<string>
  readonly #allowed: ReadonlySet<string>

  /** Terms are compared as they are: fold them like the texts. Empty ones are left out. */
  constructor(terms: Iterable<string>, allow: Iterable<string>) {
    this.#refused = new Set([...terms].filter((term) => term !== ''))
    this.#allowed = new Set([...allow].filter((term) => term !== ''))
    this.#automaton = new TermAutomaton(new Set([...this.#refused, ...this.#allowed]))
  }

  /** The terms that the text has, in its order, those that overlap once. */
  find(text: string): string[] {
    const places = this.#automaton
      .find(text)
      .filter(([start, end]) => standsAlone(text, start, end))
      .map(([start, end]) => ({ start, end, word: text.slice(start, end) }))
    const allowed = places.filter(({ word }) => this.#allowed.has(word))
    const found = places
      .filter(({ word, start, end }) => {
        const inside = allowed.some((each) => each.start <= start && end <= each.end)
        return this.#refused.has(word) && !inside
      })
      .sort((one, other) => one.start - other.start || other.end - one.end)
    const kept: string[] = []
    let until = 0
    for (const { start, end, word } of found) {
      if (start < until) continue
      kept.push(word)
      until = end
    }
    return kept
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  const beginsInside = isWordChar(text[start]) && isWordChar(text[start - 1])
  const endsInside = isWordChar(text[end - 1]) && isWordChar(text[end])
  return !beginsInside && !endsInside
}
