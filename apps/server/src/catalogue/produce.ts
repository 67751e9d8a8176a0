import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PRODUCE_FAMILIES, type Produce, type ProduceFamily } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'

/** The kinds of produce that ship with the product (CC0): data/produce.csv. */
export const PRODUCE_CSV = fileURLToPath(new URL('../../data/produce.csv', import.meta.url))

/** Categories whose last word is no family of its own. */
const FAMILY_OF_CATEGORY: Readonly<Record<string, ProduceFamily>> = {
  'fruit/other': 'fruit',
  'vegetable/other': 'vegetable',
  'vegetable/wild': 'leafy',
  'mushroom/fresh': 'mushroom',
  'mushroom/dried': 'mushroom',
  'dried/fruit': 'dried',
  'herb/dried': 'herb',
}

/** The drawn picture family of a category such as "fruit/citrus". An unknown category is a fault of the file and throws. */
export function familyOf(category: string): ProduceFamily {
  const word = FAMILY_OF_CATEGORY[category] ?? category.split('/').at(-1)
  const family = PRODUCE_FAMILIES.find((name) => name === word)
  if (family === undefined) throw new Error(`produce.csv: no picture family for the category ${category}`)
  return family
}

/** Fields of one CSV line; quotes as in RFC 4180. */
function splitCsvLine(line: string): string[] {
  const fields: string[] = []
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'))
  }
  return fields
}

const integerOrNull = (text: string) => (text === '' ? null : Number.parseInt(text, 10))
const textOrNull = (text: string) => (text === '' ? null : text)

/** One row of the file as the columns of table produce. `net_weight_kg_typical` becomes grams. */
function toRow(header: string[], line: string) {
  const fields = splitCsvLine(line)
  if (fields.length !== header.length) throw new Error(`produce.csv: ${fields.length} fields in "${line.slice(0, 40)}"`)
  const at = (name: string) => fields[header.indexOf(name)] ?? ''
  const netKg = at('net_weight_kg_typical')
  return {
    slug: at('slug'),
    name_zh: at('name_zh'),
    name_en: at('name_en'),
    category: at('category'),
    family: familyOf(at('category')),
    ambient_days_min: integerOrNull(at('ambient_days_min')),
    ambient_days_max: integerOrNull(at('ambient_days_max')),
    cold_temp_c: textOrNull(at('cold_temp_c')),
    cold_days_min: integerOrNull(at('cold_days_min')),
    cold_days_max: integerOrNull(at('cold_days_max')),
    unit_zh: at('unit_typical'),
    net_g_typical: netKg === '' ? null : Math.round(Number(netKg) * 1000),
    harvest_months: at('harvest_months'),
    note: at('note'),
  }
}

/**
 * Brings table produce to what the file says, in one statement; rows that are already so are not written.
 * Runs at every start, so that a new version's produce is there. Answers the number of rows that changed.
 */
export async function loadProduce(db: Queryable, csvPath = PRODUCE_CSV): Promise<number> {
  const [head = '', ...lines] = (await readFile(csvPath, 'utf8')).trim().split(/\r?\n/)
  const header = splitCsvLine(head)
  const rows = lines.map((line) => toRow(header, line))
  const changed = await db.query(
    `insert into produce select * from jsonb_populate_recordset(null::produce, $1)
     on conflict (slug) do update set (name_zh, name_en, category, family, ambient_days_min, ambient_days_max, cold_temp_c,
       cold_days_min, cold_days_max, unit_zh, net_g_typical, harvest_months, note)
       = (excluded.name_zh, excluded.name_en, excluded.category, excluded.family, excluded.ambient_days_min,
       excluded.ambient_days_max, excluded.cold_temp_c, excluded.cold_days_min, excluded.cold_days_max, excluded.unit_zh,
       excluded.net_g_typical, excluded.harvest_months, excluded.note)
     where produce.* is distinct from excluded.*
     returning slug`,
    [JSON.stringify(rows)],
  )
  return changed.length
}

/** All produce in the order of the file's categories and names. */
export function listProduce(db: Queryable): Promise<Produce[]> {
  return db.query<Produce>(
    `select slug, name_zh as "nameZh", name_en as "nameEn", category, family, unit_zh as "unitZh",
       net_g_typical as "netGTypical", harvest_months as "harvestMonths"
     from produce order by category, slug`,
  )
}
