import { locale } from '../../i18n/index.ts'

/** Names one after another, as the reader's language writes them: "甲、乙" or "A, B". */
export function listText(names: readonly string[]): string {
  return names.join(locale.value === 'zh' ? '、' : ', ')
}
