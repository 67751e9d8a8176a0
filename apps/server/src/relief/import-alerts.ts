import type { CsvResult } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'
import { describeProblem, Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { decodeCsv, readCsv } from './csv-file.ts'
import { type CsvRow, readHeader, readRowFacts, readRowQuantity, toRow } from './csv-report.ts'
import { openCase } from './open-case.ts'

/** Rows of one file, at most; each is a transaction of its own. */
export const CSV_ROWS_MAX = 500

type RowResult = CsvResult['rows'][number]

// A county's name alone is enough where only one has it; a province or prefecture before it makes it so. Names are
// compared without spaces, as "云南省 普洱市 景东彝族自治县" is written both ways.
const FIND = `
  select
    (select case when count(*) = 1 then min(code) end from places
     where code::text = $1 or county = $1 or concat(prefecture, county) = $1 or concat(province, county) = $1
       or concat(province, prefecture, county) = $1) as "countyCode",
    (select slug from produce where slug = $2 or name_zh = $2 or lower(name_en) = lower($2) limit 1) as "produceSlug"`

async function findPlaceAndProduce(db: Queryable, row: CsvRow) {
  const found = one(
    await db.query<{ countyCode: number | null; produceSlug: string | null }>(FIND, [
      row.county.replace(/\s/g, ''),
      row.produce,
    ]),
  )
  if (found.countyCode === null) throw new Refusal('relief.place_unknown')
  return { countyCode: found.countyCode, produceSlug: found.produceSlug }
}

async function importRow(context: ReliefContext, userId: number, sender: string, row: CsvRow) {
  const { contact, key, ...facts } = readRowFacts(row)
  const quantity = readRowQuantity(row)
  const { countyCode, produceSlug } = await findPlaceAndProduce(context.platform.db, row)
  await context.identity.require(userId, { role: 'relief_desk' }, { role: 'commissioner', countyCode })
  return openCase(context, {
    facts: { ...facts, countyCode, produceSlug, produceText: produceSlug === null ? row.produce.slice(0, 40) : '' },
    source: 'csv',
    sourceName: sender,
    key,
    ...quantity,
    pictures: [],
    contact,
    reporterId: userId,
  })
}

/**
 * Opens a case for each row of a file. A row is taken whole or not at all, and refused ones say why and on which line; the
 * same key of the same sender opens one case, so a corrected file can be sent again as it is.
 * @throws Refusal relief.csv_header, relief.csv_too_many_rows
 */
export async function importAlerts(
  context: ReliefContext,
  userId: number,
  bytes: Uint8Array,
  sender: string,
): Promise<CsvResult> {
  const [header, ...records] = readCsv(decodeCsv(bytes), CSV_ROWS_MAX + 1)
  const places = readHeader(header?.fields ?? [])
  const wanted = header?.fields.length ?? 0
  const rows: RowResult[] = []
  for (const { line, fields } of records) {
    const key = (fields[places.get('key') ?? 0] ?? '').trim().slice(0, 200)
    const nothing = { line, key, caseId: null, token: null, grams: null, replayed: false, code: null, texts: null }
    try {
      const receipt = await importRow(context, userId, sender, toRow(places, fields, wanted))
      rows.push({ ...nothing, ...receipt })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, texts } = describeProblem(error, '')
      rows.push({ ...nothing, code, texts })
    }
  }
  const opened = rows.filter((row) => row.caseId !== null && !row.replayed).length
  const replayed = rows.filter((row) => row.replayed).length
  return { opened, replayed, refused: rows.length - opened - replayed, rows }
}
