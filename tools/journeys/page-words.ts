/**
 * What a page says, and whether it says it in its language. Names of places and people and what shops and hosts have
 * written are data, in whatever language they wrote it; they are known from the answers of the API that the page was built
 * from. Everything else is the page's own words.
 */
import type { Page } from 'playwright-core'

/** Chinese that stands in English pages on purpose: the name of the other language, and examples of what to type. */
const chineseOnPurpose = [
  '中文',
  '语言',
  '春播',
  '景东豌豆开摘啦',
  '景东甜脆豌豆',
  '现摘现发',
  '副县长',
  '一箱',
  '一袋',
  '一罐',
  '景东',
  '豌豆',
]

/** Every text that can be read or heard on the page: words, labels, placeholders, alternatives of pictures. */
export async function wordsOf(page: Page): Promise<string[]> {
  const title = await page.title()
  const words: string[] = await page.locator('body').evaluate((body) => {
    const found: string[] = []
    const walker = body.ownerDocument.createTreeWalker(body, 4)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      if (parent === null || !parent.checkVisibility() || parent.closest('script, style, [lang^=zh], code') !== null)
        continue
      found.push(node.nodeValue ?? '')
    }
    for (const attribute of ['aria-label', 'placeholder', 'alt', 'title'])
      for (const element of body.querySelectorAll(`[${attribute}]`))
        if (element.checkVisibility() && element.closest('[lang^=zh]') === null)
          found.push(element.getAttribute(attribute) ?? '')
    return found
  })
  return [title, ...words].map((text) => text.trim()).filter((text) => text !== '')
}

/** Data known so far, by language: an English page must not fall back to Chinese where an English text was given. */
export class KnownData {
  readonly #shown: Record<'zh' | 'en', Set<string>> = { zh: new Set(), en: new Set() }

  /** Takes in every text of an answer; of a pair such as titleZh and titleEn each language gets its own. */
  learn(value: unknown, key = '', owner: Record<string, unknown> = {}): void {
    if (typeof value === 'string') this.#put(value, key, owner)
    else if (Array.isArray(value)) for (const item of value) this.learn(item, key)
    else if (typeof value === 'object' && value !== null) {
      const record = value as Record<string, unknown>
      for (const [name, part] of Object.entries(record)) this.learn(part, name, record)
    }
  }

  #put(text: string, key: string, owner: Record<string, unknown>): void {
    const english = owner[key.replace(/Zh$|$/, key.endsWith('Zh') ? 'En' : 'EnOf')]
    this.#shown.zh.add(text)
    if (!key.endsWith('Zh') || english === '' || english === undefined) this.#shown.en.add(text)
  }

  /** The page's own words that are not in its language, or that a text left unfilled. */
  foreign(words: readonly string[], locale: 'zh' | 'en'): string[] {
    const known = [...this.#shown[locale], ...chineseOnPurpose]
    const isKnown = (run: string) => known.some((text) => text.includes(run))
    return words.filter((text) => {
      if (/\{\w+\}|\bundefined\b|\bNaN\b|\[object /.test(text)) return !isKnown(text)
      if (locale === 'en') return (text.match(/[\u3400-\u9fff]+/g) ?? []).some((run) => !isKnown(run))
      return (text.match(/[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}/g) ?? []).some((run) => !isKnown(run))
    })
  }
}
