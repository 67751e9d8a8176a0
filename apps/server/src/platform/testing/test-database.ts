/**
 * A real database for every test file, cloned from a migrated template. The server is the one that TEST_POSTGRES_URL
 * names (the test runner starts it), or else one in .cache/test-postgres that the first test run by hand starts and
 * the rest attach to; it stays, for the next run. It forgoes fsync, which no test here is about: those that kill a
 * server start their own.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres.ts'
import { waitForFileLock } from '../file-lock.ts'
import { MIGRATIONS_DIR, migrate } from '../migrate.ts'
import { processIdentity } from '../process-identity.ts'

export interface TestDatabase {
  /** Connection URL of a database that nobody else uses, with all migrations applied. */
  url: string
  /** Drops the database, cutting connections that are still open. */
  close(): Promise<void>
}

const templateLockId = 48_700_002
const sharedFolder = fileURLToPath(new URL('../../../../../.cache/test-postgres/', import.meta.url))
const fastSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '300',
  shared_buffers: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum_naptime: '5min',
}

let serverUrl: Promise<string> | undefined

/** Makes a database for the calling test file. Call `close` when its tests are done (`after(() => db.close())`). */
export async function createTestDatabase(): Promise<TestDatabase> {
  serverUrl ??= findServer()
  const server = await serverUrl
  const template = await ensureTemplate(server)
  // The pid in the name tells a later run which databases nobody will close any more.
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await withClient(server, (client) => client.query(`create database ${name} template ${template}`))
  return {
    url: inDatabase(server, name),
    close: () => withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

/**
 * Starts the test server of a folder, or attaches to it when it runs. Its URL is that of a role that may create databases
 * and is no superuser, as in production. The caller decides whether to stop it or to let go of it.
 */
export async function startTestServer(folder: string = sharedFolder): Promise<EmbeddedPostgres> {
  await mkdir(folder, { recursive: true })
  const lock = await waitForFileLock(join(folder, 'start.lock'), 120_000)
  try {
    const server = await startEmbeddedPostgres({ dataDir: folder, settings: fastSettings })
    await withClient(server.adminUrl, (client) => client.query('alter role chunbo createdb'))
    return server
  } finally {
    lock.release()
  }
}

async function findServer(): Promise<string> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) return given
  const server = await startTestServer()
  server.detach()
  return server.url
}

/** Builds the template for the migrations as they are now, once for all test processes, and names it. */
async function ensureTemplate(server: string): Promise<string> {
  const template = `template_${await migrationsHash()}`
  await withClient(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [templateLockId])
    if (await databaseExists(client, template)) return
    await dropAbandoned(client)
    const unfinished = `${template}_unfinished`
    await client.query(`drop database if exists ${unfinished} with (force)`)
    await client.query(`create database ${unfinished}`)
    await migrate(inDatabase(server, unfinished))
    await client.query(`alter database ${unfinished} rename to ${template}`)
    // Nobody may connect to it: a single open connection would keep others from cloning.
    await client.query(`alter database ${template} with allow_connections false`)
  })
  return template
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(MIGRATIONS_DIR)).sort()) {
    hash.update(name).update(await readFile(join(MIGRATIONS_DIR, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function databaseExists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select from pg_database where datname = $1', [name])
  return rows.length > 0
}

/**
 * Drops the databases that killed test runs left, and old templates. A few templates stay, because a run that began
 * before a migration was edited still clones its own.
 */
async function dropAbandoned(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname ~ '^test_[0-9]+_'
     union all
     (select datname from pg_database where datname ~ '^template_[0-9a-f]{16}' order by oid desc offset 5)`,
  )
  for (const { datname } of rows) {
    const pid = /^test_(\d+)_/.exec(datname)?.[1]
    if (pid !== undefined && processIdentity(Number(pid)) !== undefined) continue
    await client.query(`drop database if exists ${datname} with (force)`)
  }
}

function inDatabase(url: string, name: string): string {
  const moved = new URL(url)
  moved.pathname = `/${name}`
  return moved.href
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'chunbo-test' })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
