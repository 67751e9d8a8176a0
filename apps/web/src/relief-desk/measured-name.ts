import type { MeasureGroup, MeasuresRow } from '@chunbo/contract/relief-desk'
import { locale } from '../i18n/index.ts'
import { shortName } from '../ui/place.ts'
import { measuresText } from './texts-measures.ts'

/** What a row of the measures is called: a county by its short name, a desk by its person, a month in the reader's words. */
export function measuredName(row: MeasuresRow, by: MeasureGroup): string {
  if (row.key === '') return measuresText(by === 'desk' ? 'nobody' : 'all')
  if (by === 'county') return row.name.split(' ').map(shortName).join(' · ')
  if (by === 'desk') return row.name
  const at = new Date(`${row.key}-01T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return row.name
  const tag = locale.value === 'zh' ? 'zh-CN' : 'en-GB'
  return new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(at)
}
