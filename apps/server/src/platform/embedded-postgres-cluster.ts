/** What lies in the folder of an embedded PostgreSQL: its passwords, its cluster, its settings and its one database. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { PostgresBinaries } from './embedded-postgres-binaries.ts'
import type { PostgresPlace } from './embedded-postgres-place.ts'
import { errorCode, StartRefusal } from './start-refusal.ts'

export interface PostgresAccess {
  socketDir: string
  url: string
  adminUrl: string
  adminPassword: string
  appPassword: string
}

const execFileAsync = promisify(execFile)
const adminRole = 'chunbo_admin'
const appRole = 'chunbo'
const database = 'chunbo'
// sockaddr_un holds 107 bytes, and PostgreSQL adds `/.s.PGSQL.5432` and for a moment `.lock`.
const socketDirBytesMax = 85

/** Reads the passwords of the cluster, or makes them at the first start, and builds the addresses from them. */
export async function openAccess(place: PostgresPlace): Promise<PostgresAccess> {
  const socketDir = await makeSocketDir(place)
  const { adminPassword, appPassword } = await readOrMakePasswords(join(place.folder, 'passwords.json'))
  // The host stands in the query, where node-postgres and libpq both take it; `localhost` keeps the text a valid URL.
  const address = (role: string, password: string, name: string) =>
    `postgres://${role}:${password}@localhost/${name}?host=${encodeURIComponent(socketDir)}`
  return {
    socketDir,
    url: address(appRole, appPassword, database),
    adminUrl: address(adminRole, adminPassword, 'postgres'),
    adminPassword,
    appPassword,
  }
}

async function readOrMakePasswords(path: string): Promise<{ adminPassword: string; appPassword: string }> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && 'admin' in parsed && 'app' in parsed) {
      return { adminPassword: String(parsed.admin), appPassword: String(parsed.app) }
    }
    throw new Error(`${path} holds no passwords`)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const [admin, app] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')]
  await writeFile(`${path}.new`, JSON.stringify({ admin, app }), { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
  return { adminPassword: admin, appPassword: app }
}

/** A folder for the socket with a path short enough: beside the cluster, else below the folder for temporary files. */
async function makeSocketDir(place: PostgresPlace): Promise<string> {
  const beside = join(place.folder, 'socket')
  const short = createHash('sha256').update(place.folder).digest('hex').slice(0, 16)
  const socketDir = Buffer.byteLength(beside) <= socketDirBytesMax ? beside : join(tmpdir(), `chunbo-${short}`)
  await mkdir(socketDir, { recursive: true, mode: 0o700 })
  const uid = place.owner?.uid ?? process.getuid?.()
  const found = await lstat(socketDir)
  if (
    found.uid !== uid &&
    process.getuid?.() === 0 &&
    found.uid === 0 &&
    found.isDirectory() &&
    place.owner !== undefined
  ) {
    await chown(socketDir, place.owner.uid, place.owner.gid)
  } else if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    // In the shared folder anybody could have laid it there first, to stand between us and the database.
    throw new StartRefusal(
      'database.socket_folder',
      `${socketDir} 属于别的用户：请删除它，或用 DATA_DIR 选一个路径较短的数据目录`,
      `${socketDir} belongs to another user: delete it, or choose a data folder with a shorter path with DATA_DIR`,
    )
  }
  return socketDir
}

/** Makes the cluster if there is none yet. It is made aside and renamed, so that a cluster is whole or not there. */
export async function makeCluster(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  access: PostgresAccess,
  abort: AbortSignal | undefined,
  onMake: () => void,
): Promise<void> {
  const existing = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  const major = binaries.version.split('.')[0] ?? ''
  if (existing !== undefined) {
    if (existing.trim() !== major) throw otherMajor(existing.trim(), major)
    return
  }
  onMake()
  const aside = join(place.folder, 'cluster.new')
  const passwordFile = join(place.folder, 'initdb-password')
  await rm(aside, { recursive: true, force: true })
  await writeFile(passwordFile, `${access.adminPassword}\n`, { mode: 0o600 })
  try {
    if (place.owner !== undefined) await chown(passwordFile, place.owner.uid, place.owner.gid)
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const login = [`--username=${adminRole}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    await execFileAsync(binaries.initdb, ['-D', aside, ...login, ...locale, '--no-instructions'], {
      ...place.owner,
      cwd: place.folder,
      ...(abort === undefined ? {} : { signal: abort }),
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(aside, place.cluster)
}

/**
 * Writes the configuration file of the cluster, which is ours; an operator's own settings go to `local.conf` beside it.
 * Gives true when it differs from what a running server was started with.
 */
export async function writeSettings(
  place: PostgresPlace,
  access: PostgresAccess,
  settings: Record<string, string>,
): Promise<boolean> {
  const all: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: access.socketDir,
    unix_socket_permissions: '0700',
    dynamic_shared_memory_type: 'posix',
    password_encryption: 'scram-sha-256',
    lc_messages: 'C',
    default_text_search_config: 'pg_catalog.simple',
    log_line_prefix: '%m [%p] ',
    // Statements and row values hold names, phones and addresses; they have no place in a log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_checkpoints: 'off',
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  const text = `# Written at every start. Put settings of your own into local.conf.\n${lines.join('\n')}\ninclude_if_exists = 'local.conf'\n`
  const path = join(place.cluster, 'postgresql.conf')
  if ((await readFile(path, 'utf8')) === text) return false
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
  if (place.owner !== undefined) await chown(`${path}.new`, place.owner.uid, place.owner.gid)
  await rename(`${path}.new`, path)
  return true
}

/** A connection of the superuser; the caller ends it. */
export async function connectAsAdmin(access: PostgresAccess): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: access.adminUrl, connectionTimeoutMillis: 5000 })
  await client.connect()
  return client
}

/** Makes the program's role and database if they are missing. */
export async function prepareDatabase(access: PostgresAccess): Promise<void> {
  const client = await connectAsAdmin(access)
  try {
    const { rows } = await client.query('select from pg_database where datname = $1', [database])
    if (rows.length > 0) return
    // The password is hexadecimal and made here; a role's password cannot be a parameter of the statement.
    const role = await client.query('select from pg_roles where rolname = $1', [appRole])
    if (role.rows.length === 0) await client.query(`create role ${appRole} login password '${access.appPassword}'`)
    await client.query(`grant pg_monitor, pg_checkpoint to ${appRole}`)
    await client.query(`create database ${database} owner ${appRole}`)
  } finally {
    await client.end()
  }
}

function otherMajor(found: string, wanted: string): StartRefusal {
  return new StartRefusal(
    'database.other_major',
    `数据目录里的数据库是 PostgreSQL ${found}，本程序带的是 ${wanted}：请用旧版程序导出（pg_dump）后再导入`,
    `the data folder holds a database of PostgreSQL ${found}, this program ships ${wanted}: dump it (pg_dump) with the version that made it, then restore`,
  )
}
