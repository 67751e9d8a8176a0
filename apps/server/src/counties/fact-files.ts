import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { LiftWindow } from './county-status.ts'

const DATA_DIR = new URL('../../data/', import.meta.url)

export interface FactFile {
  readonly hash: string
  /** One object a row, keyed by the header; every value is text, and none holds a comma or a quote. */
  readonly rows: readonly Record<string, string>[]
}

/** Reads one of the files in data/. These files quote nothing, which is checked. */
export async function readFactFile(name: string): Promise<FactFile> {
  const text = await readFile(new URL(name, DATA_DIR), 'utf8')
  if (text.includes('"')) throw new Error(`${name} holds a quote, which this reader does not know`)
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const columns = header.split(',')
  const rows = lines.map((line) => {
    const values = line.split(',')
    if (values.length !== columns.length) throw new Error(`${name} has a row of ${values.length} values: ${line}`)
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']))
  })
  return { hash: createHash('sha256').update(text).digest('hex'), rows }
}

/** When withdrawals were announced: the key is the year, with the province's code where more is known. */
export async function readLiftWindows(): Promise<Map<string, LiftWindow>> {
  const { rows } = await readFactFile('lift-announcements.csv')
  return new Map(
    rows.map((row) => [
      row.province ? `${row.year_lifted} ${row.province}` : `${row.year_lifted}`,
      { firstDay: row.first_day ?? '', lastDay: row.last_day ?? '' },
    ]),
  )
}
