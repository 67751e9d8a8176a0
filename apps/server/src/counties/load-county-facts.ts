import type { Database, Queryable } from '../platform/database.ts'
import { type FactFile, readFactFile } from './fact-files.ts'

/** Any number, as long as every version uses the same: two starting instances load one after the other. */
const LOCK_ID = 48_700_003

const UPSERT_DIVISIONS = `
  insert into divisions as kept (code, level, name, parent_code)
  select * from unnest($1::int[], $2::text[], $3::text[], $4::int[])
  on conflict (code) do update set level = excluded.level, name = excluded.name, parent_code = excluded.parent_code
  where (kept.level, kept.name, kept.parent_code) is distinct from (excluded.level, excluded.name, excluded.parent_code)`

const UPSERT_LISTED = `
  insert into listed_counties as kept (key, division_code, name, parent_code, year_lifted, year_certain)
  select * from unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::int[], $6::boolean[])
  on conflict (key) do update set
    division_code = excluded.division_code, name = excluded.name, parent_code = excluded.parent_code,
    year_lifted = excluded.year_lifted, year_certain = excluded.year_certain`

const numberOrNull = (text: string | undefined) => (text ? Number(text) : null)

/** A division that is gone from the file stays, because addresses and shops may refer to it. */
async function loadDivisions(tx: Queryable, { rows }: FactFile): Promise<void> {
  await tx.query(UPSERT_DIVISIONS, [
    rows.map((row) => Number(row.code)),
    rows.map((row) => row.level ?? ''),
    rows.map((row) => row.name ?? ''),
    rows.map((row) => numberOrNull(row.parent)),
  ])
}

/** The register is exactly what the file says; nothing refers to its rows. */
async function loadListed(tx: Queryable, { rows }: FactFile): Promise<void> {
  const keys = rows.map((row) => row.code || (row.name ?? ''))
  await tx.query('delete from listed_counties where key <> all ($1::text[])', [keys])
  await tx.query(UPSERT_LISTED, [
    keys,
    rows.map((row) => numberOrNull(row.code)),
    rows.map((row) => row.name || null),
    rows.map((row) => numberOrNull(row.parent)),
    rows.map((row) => Number(row.year_lifted)),
    rows.map((row) => row.year_certain === '1'),
  ])
}

/**
 * Brings the division tree and the register of listed counties to what data/*.csv say, after the migrations. A file whose
 * content is loaded already costs one query and no write. Gives the files that were loaded.
 */
export async function loadCountyFacts(db: Database): Promise<string[]> {
  const files = [
    { name: 'divisions.csv', file: await readFactFile('divisions.csv'), load: loadDivisions },
    { name: 'listed-counties.csv', file: await readFactFile('listed-counties.csv'), load: loadListed },
  ]
  const isLoaded = (known: { file: string; hash: string }[], name: string, hash: string) =>
    known.some((row) => row.file === name && row.hash === hash)
  const readKnown = (queryable: Queryable) =>
    queryable.query<{ file: string; hash: string }>('select file, hash from county_facts_loaded')
  const before = await readKnown(db)
  if (files.every(({ name, file }) => isLoaded(before, name, file.hash))) return []
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK_ID])
    const known = await readKnown(tx)
    const pending = files.filter(({ name, file }) => !isLoaded(known, name, file.hash))
    for (const { name, file, load } of pending) {
      await load(tx, file)
      await tx.query(
        `insert into county_facts_loaded (file, hash) values ($1, $2)
         on conflict (file) do update set hash = excluded.hash, loaded_at = now()`,
        [name, file.hash],
      )
    }
    return pending.map(({ name }) => name)
  })
}
