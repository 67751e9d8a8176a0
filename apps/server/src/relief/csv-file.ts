import { Refusal } from '../platform/problem.ts'

/** One record of a file and the line on which it begins, counted from 1. */
export interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * The text of a file as offices save them: UTF-8, or GB 18030 as Chinese spreadsheets write by themselves, with or without
 * a byte order mark.
 */
export function decodeCsv(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/**
 * Records of a CSV text as in RFC 4180: quotes around fields with commas, line breaks or quotes, which are doubled. Blank
 * lines are left out. Reads at most `max` records, the header among them.
 * @throws Refusal relief.csv_too_many_rows
 */
export function readCsv(text: string, max: number): CsvRecord[] {
  const records: CsvRecord[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let line = 1
  let began = 1
  const endRecord = () => {
    fields.push(field)
    if (fields.length > 1 || fields[0]?.trim()) records.push({ line: began, fields })
    if (records.length > max) throw new Refusal('relief.csv_too_many_rows', { max: max - 1 })
    fields = []
    field = ''
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '\n') line++
    if (quoted) {
      if (char !== '"') field += char
      else if (text[at + 1] === '"') field += text[++at]
      else quoted = false
    } else if (char === '"' && field === '') quoted = true
    else if (char === ',') {
      fields.push(field)
      field = ''
    } else if (char === '\n') {
      endRecord()
      began = line
    } else if (char !== '\r') field += char
  }
  endRecord()
  return records
}
