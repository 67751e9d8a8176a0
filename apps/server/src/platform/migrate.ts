import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { StartRefusal } from './start-refusal.ts'

/** Folder of the numbered migrations that ship with this version. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('../../migrations/', import.meta.url))
/** Any number works as long as every version of Chunbo uses the same one. */
const LOCK_ID = 48_700_001

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly hash: string
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name), 'utf8')
      return { number: Number(name.slice(0, 4)), name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function checkApplied(migrations: Migration[], applied: { number: number; name: string; hash: string }[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]))
  for (const row of applied) {
    const migration = known.get(row.number)
    if (!migration) {
      throw new StartRefusal(
        'database.newer_schema',
        `数据库结构（${row.name}）比本程序新：请使用更新的春播版本，或换一个数据目录`,
        `The database schema (${row.name}) is newer than this program: use a newer Chunbo, or another data folder`,
      )
    }
    if (migration.hash !== row.hash) {
      throw new StartRefusal(
        'database.changed_migration',
        `迁移 ${row.name} 在执行之后被改动过：请恢复原文件，改动写进新的迁移`,
        `Migration ${row.name} was changed after it had run: restore the file and put the change into a new migration`,
      )
    }
  }
}

const OLDEST_VERSION = 15

/** Connects, or says what is wrong with the database. The URL holds a password and is never repeated. */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'chunbo-migrate',
    connectionTimeoutMillis: 10_000,
  })
  try {
    await client.connect()
  } catch (error) {
    const reason =
      error instanceof Error && error.message !== '' ? error.message : String((error as { code?: string }).code)
    throw new StartRefusal(
      'database.unreachable',
      `连不上数据库（${reason}）：请启动它，或改正 DATABASE_URL`,
      `cannot reach the database (${reason}): start it, or correct DATABASE_URL`,
      { cause: error },
    )
  }
  const { rows } = await client
    .query<{ version: string }>(`select current_setting('server_version_num') as version`)
    .catch(async (error: unknown) => {
      await client.end()
      throw error
    })
  const version = Math.floor(Number(rows[0]?.version ?? 0) / 10_000)
  if (version >= OLDEST_VERSION) return client
  await client.end()
  throw new StartRefusal(
    'database.too_old',
    `数据库是 PostgreSQL ${version}，需要 ${OLDEST_VERSION} 或更新的版本`,
    `the database is PostgreSQL ${version}; ${OLDEST_VERSION} or newer is needed`,
  )
}

/**
 * Brings the database at `url` to this version's schema. Each migration runs in a transaction of its own; an advisory
 * lock lets one instance at a time do it. `onApply` hears each name before it runs.
 * @throws StartRefusal `database.unreachable`, `database.too_old`, `database.newer_schema`, `database.changed_migration`
 */
export async function migrate(
  url: string,
  options: { dir?: string; onApply?: (name: string) => void } = {},
): Promise<number> {
  const migrations = await readMigrations(options.dir ?? MIGRATIONS_DIR)
  const client = await connect(url)
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_ID])
    await client.query(`create table if not exists schema_migrations (
      number int primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`)
    const { rows } = await client.query<{ number: number; name: string; hash: string }>(
      'select number, name, hash from schema_migrations order by number',
    )
    checkApplied(migrations, rows)
    const done = new Set(rows.map((row) => row.number))
    const pending = migrations.filter((migration) => !done.has(migration.number))
    for (const migration of pending) {
      options.onApply?.(migration.name)
      await applyMigration(client, migration)
    }
    return pending.length
  } finally {
    await client.end()
  }
}

async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into schema_migrations (number, name, hash) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.hash,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed`, { cause: error })
  }
}
