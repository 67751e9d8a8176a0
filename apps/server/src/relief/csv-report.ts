import { type AlertContact, parseQuantity, readQuantity } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ReportFacts } from './report.ts'

/** Columns of an uploaded file: name, the name in Chinese, and whether every file must have it. */
const COLUMNS = [
  ['key', '编号', true],
  ['produce', '品名', true],
  ['quantity', '数量', true],
  ['county', '县', true],
  ['township', '乡镇', false],
  ['village', '村', false],
  ['lng', '经度', false],
  ['lat', '纬度', false],
  ['harvest_from', '采收开始', true],
  ['harvest_to', '采收结束', true],
  ['picked_on', '采摘日期', false],
  ['floor_yuan_per_kg', '底价元每公斤', false],
  ['households', '户数', false],
  ['words', '说明', false],
  ['contact_name', '联系人', true],
  ['contact_phone', '电话', true],
  ['relation', '身份', false],
] as const
type Column = (typeof COLUMNS)[number][0]

/** One row by column; what is missing is empty. */
export type CsvRow = Readonly<Record<Column, string>>

/** Where each column stands in a file with this header. @throws Refusal relief.csv_header */
export function readHeader(fields: readonly string[]): Map<Column, number> {
  const names = fields.map((field) =>
    field
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  )
  const places = new Map<Column, number>()
  for (const [name, chinese] of COLUMNS) {
    const at = names.findIndex((found) => found === name || found === chinese)
    if (at >= 0) places.set(name, at)
  }
  const missing = COLUMNS.filter(([name, , needed]) => needed && !places.has(name)).map(
    ([name, chinese]) => `${name} (${chinese})`,
  )
  if (missing.length > 0) throw new Refusal('relief.csv_header', { missing: missing.join(', ') })
  return places
}

/** A record as a row. @throws Refusal relief.csv_fields */
export function toRow(places: ReadonlyMap<Column, number>, fields: readonly string[], wanted: number): CsvRow {
  if (fields.length !== wanted) throw new Refusal('relief.csv_fields', { found: fields.length, wanted })
  return Object.fromEntries(
    COLUMNS.map(([name]) => {
      const at = places.get(name)
      // The database takes no NUL in a text.
      return [name, at === undefined ? '' : (fields[at] ?? '').replaceAll('\0', '').trim()]
    }),
  ) as Record<Column, string>
}

function refuse(row: CsvRow, column: Column): Refusal {
  return new Refusal('relief.csv_value', { column, value: row[column].slice(0, 40) })
}

/** Spreadsheets write 2026/3/5 for 2026-03-05. */
function readDay(row: CsvRow, column: Column): string {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(row[column])
  if (!match) throw refuse(row, column)
  return [match[1], match[2]?.padStart(2, '0'), match[3]?.padStart(2, '0')].join('-')
}

/** Decimal text as an integer of 10^-places, without floats; null when empty. */
function readScaled(row: CsvRow, column: Column, places: number): number | null {
  if (row[column] === '') return null
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(row[column])
  if (!match) throw refuse(row, column)
  return Number(`${match[1]}${(match[2] ?? '').slice(0, places).padEnd(places, '0')}`)
}

function readBounded(row: CsvRow, column: Column, places: number, max: number): number | null {
  const value = readScaled(row, column, places)
  if (value !== null && (value < 1 || value > max)) throw refuse(row, column)
  return value
}

function readText(row: CsvRow, column: Column, max: number): string {
  if (row[column].length > max) throw refuse(row, column)
  return row[column]
}

/** The quantity in grams and as it was written. @throws Refusal relief.csv_value, relief.unit_no_mass and its kin */
export function readRowQuantity(row: CsvRow): { grams: number; quantityText: string } {
  const said = row.quantity.length <= 80 ? parseQuantity(row.quantity) : null
  if (!said) throw refuse(row, 'quantity')
  const read = readQuantity(said)
  if ('refused' in read) throw new Refusal(`relief.${read.refused}`, { unit: said.unit })
  return { grams: read.grams, quantityText: row.quantity }
}

/** What a row says beside produce and place, which the database knows by name. @throws Refusal relief.csv_value */
export function readRowFacts(row: CsvRow): Omit<ReportFacts, 'produceSlug' | 'produceText' | 'countyCode'> & {
  readonly contact: AlertContact
  readonly key: string
} {
  if (row.key === '' || row.key.length > 200) throw refuse(row, 'key')
  if (row.contact_name === '') throw refuse(row, 'contact_name')
  return {
    key: row.key,
    township: readText(row, 'township', 60),
    village: readText(row, 'village', 60),
    lngE5: readScaled(row, 'lng', 5),
    latE5: readScaled(row, 'lat', 5),
    harvestFrom: readDay(row, 'harvest_from'),
    harvestTo: readDay(row, 'harvest_to'),
    pickedOn: row.picked_on === '' ? null : readDay(row, 'picked_on'),
    floorFenPerKg: readBounded(row, 'floor_yuan_per_kg', 2, 10_000_000),
    households: readBounded(row, 'households', 0, 1_000_000),
    words: readText(row, 'words', 2000),
    contact: {
      name: readText(row, 'contact_name', 40),
      phone: readText(row, 'contact_phone', 30),
      relation: readText(row, 'relation', 40),
    },
  }
}
