import type { Locale } from '@chunbo/contract/mass'
import { ref, watchEffect } from 'vue'
import { fillText } from './fill-text.ts'
import { readChoice, writeChoice } from './stored-choice.ts'

export type { Locale }

/** A text in both languages, side by side, so that neither can be forgotten. "{name}" is filled; "one|many" by `n`. */
export type Pair = readonly [zh: string, en: string]
export type TextParams = Record<string, string | number>

function firstLocale(): Locale {
  const stored = readChoice('locale')
  if (stored === 'zh' || stored === 'en') return stored
  for (const language of navigator.languages) {
    if (language.startsWith('zh')) return 'zh'
    if (language.startsWith('en')) return 'en'
  }
  return 'zh'
}

/** The reader's language; every text, price and date on the page follows it at once. */
export const locale = ref<Locale>(firstLocale())

watchEffect(() => {
  document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
})

/** Switches the language and keeps the choice on this device. */
export function setLocale(next: Locale): void {
  locale.value = next
  writeChoice('locale', next)
}

/** Chooses between two texts that come with the data; an empty English text falls back to the Chinese one. */
export function pick(zh: string, en: string): string {
  return locale.value === 'en' && en !== '' ? en : zh
}

/**
 * Makes the typed `t()` of an area from its own texts, so that an area's words are loaded with the area:
 * `const t = texts({ buy: ['买', 'Buy'] })`, then `t('buy')` in a template.
 */
export function texts<const T extends Record<string, Pair>>(pairs: T): (key: keyof T, params?: TextParams) => string {
  return (key, params) => {
    const pair = pairs[key]
    if (pair === undefined) throw new Error(`no text ${String(key)}`)
    return fillText(pair[locale.value === 'zh' ? 0 : 1], params)
  }
}
