import type { ReliefCaseRow } from '@chunbo/contract/relief'
import { pick } from '../i18n/index.ts'
import { placeShort } from '../ui/place.ts'

/** What a case is called in one line: its produce, "Garden pea". */
export function produceOf(row: ReliefCaseRow): string {
  const name = pick(row.produceZh, row.produceEn)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** "云南 · 景东 文井镇": the place of a row, short. */
export function placeOf(row: ReliefCaseRow): string {
  const near = row.township === '' ? row.village : row.township
  return near === '' ? placeShort(row.place) : `${placeShort(row.place)} ${near}`
}
