import { watch } from 'vue'
import { locale } from '../i18n/index.ts'
import { spelledNames } from './spelled-names.ts'

/**
 * Keeps the spelled names with the language of the page. They lie outside of ui/, whose files all come with the first load.
 * Without them (offline) the names stay Chinese.
 */
export function followLocale(): void {
  watch(
    locale,
    async (now) => {
      if (now === 'zh') {
        spelledNames.value = {}
        return
      }
      const names = await import('../place-names/en.json').catch(() => null)
      if (names && locale.value === 'en') spelledNames.value = names.default
    },
    { immediate: true },
  )
}
