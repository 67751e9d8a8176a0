/**
 * Decides who runs the embedded PostgreSQL and in which folder its cluster lies. PostgreSQL refuses to run as root, so
 * root gives it to a user of its own. That user must be able to walk down to the cluster; where it cannot (a data folder
 * below /root), the cluster lies in /var/lib/chunbo and a file in the data folder says so. What was decided once stays:
 * an existing cluster is always run where it is and by its owner.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ProcessOwner } from './embedded-postgres-binaries.ts'
import { errorCode, StartRefusal } from './start-refusal.ts'

export interface PostgresPlace {
  /** Holds everything of this PostgreSQL; only its owner may enter. */
  folder: string
  cluster: string
  logFile: string
  /** Folder for copies of the programs that the owner can enter. */
  copyParent: string
  /** Undefined when the server runs as the user of this process. */
  owner: ProcessOwner | undefined
}

const execFileAsync = promisify(execFile)
const ownUser = 'chunbo-postgres'
const systemParent = '/var/lib/chunbo'
const elsewhereName = 'postgres-is-elsewhere.json'

/** Finds or makes the folder of the cluster that belongs to `dataDir` (absolute, existing). Throws StartRefusal. */
export async function findPostgresPlace(dataDir: string): Promise<PostgresPlace> {
  const inside = join(dataDir, 'postgres')
  const elsewhere = await readElsewhere(dataDir)
  const isRoot = process.getuid?.() === 0
  if (elsewhere !== undefined) {
    if (!isRoot) throw ownedByAnother(elsewhere)
    return placeAt(elsewhere, systemParent, await ownerOf(elsewhere))
  }
  const existing = await stat(join(inside, 'cluster')).catch(() => undefined)
  if (existing !== undefined) return existingPlace(inside, { uid: existing.uid, gid: existing.gid }, isRoot)
  if (!isRoot) {
    await mkdir(inside, { recursive: true, mode: 0o700 })
    return placeAt(inside, inside, undefined)
  }
  const owner = await serverUser()
  const blocked = await firstClosedFolder(dataDir, owner)
  if (blocked === undefined) {
    await makeFolder(inside, owner)
    return placeAt(inside, systemParent, owner)
  }
  const folder = join(systemParent, randomBytes(8).toString('hex'))
  await mkdir(systemParent, { recursive: true, mode: 0o755 })
  await makeFolder(folder, owner)
  await writeFile(join(folder, 'data-folder'), dataDir)
  await writeElsewhere(dataDir, folder, blocked)
  return placeAt(folder, systemParent, owner)
}

/** Deletes the cluster of `dataDir`, wherever it lies, with all its data. The server must not run. */
export async function removePostgres(dataDir: string): Promise<void> {
  const folder = (await readElsewhere(dataDir)) ?? join(dataDir, 'postgres')
  await rm(folder, { recursive: true, force: true })
  await rm(join(dataDir, elsewhereName), { force: true })
}

function placeAt(folder: string, copyParent: string, owner: ProcessOwner | undefined): PostgresPlace {
  return { folder, cluster: join(folder, 'cluster'), logFile: join(folder, 'postgres.log'), copyParent, owner }
}

async function existingPlace(inside: string, owner: ProcessOwner, isRoot: boolean): Promise<PostgresPlace> {
  if (!isRoot) {
    if (owner.uid !== process.getuid?.()) throw ownedByAnother(inside)
    return placeAt(inside, inside, undefined)
  }
  const closed = await firstClosedFolder(dirname(inside), owner)
  if (closed !== undefined) {
    throw new StartRefusal(
      'database.folder_closed',
      `数据库用户（uid ${owner.uid}）进不去目录 ${closed}：请执行 chmod o+x ${closed}`,
      `the database's user (uid ${owner.uid}) cannot enter ${closed}: run chmod o+x ${closed}`,
    )
  }
  return placeAt(inside, systemParent, owner)
}

async function makeFolder(folder: string, owner: ProcessOwner): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chown(folder, owner.uid, owner.gid)
}

async function ownerOf(path: string): Promise<ProcessOwner> {
  const { uid, gid } = await stat(path)
  return { uid, gid }
}

/** The user for a server that root starts: one of our own, or where none can be made the distribution's. */
async function serverUser(): Promise<ProcessOwner> {
  const known = await lookUp(ownUser)
  if (known !== undefined) return known
  const arguments_ = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    ownUser,
  ]
  await execFileAsync('useradd', arguments_).catch(() => undefined)
  const user = (await lookUp(ownUser)) ?? (await lookUp('postgres'))
  if (user !== undefined) return user
  throw new StartRefusal(
    'database.no_user',
    `PostgreSQL 不能以 root 运行，且无法建立用户 ${ownUser}：请执行 useradd --system ${ownUser}，或以普通用户启动`,
    `PostgreSQL does not run as root and the user ${ownUser} cannot be made: run useradd --system ${ownUser}, or start as an ordinary user`,
  )
}

async function lookUp(name: string): Promise<ProcessOwner | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await execFileAsync('id', [flag, name])).stdout)),
    )
    return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid }
  } catch {
    return undefined
  }
}

/** The first folder on the way from / to `path`, itself included, that the user may not enter. */
async function firstClosedFolder(path: string, user: ProcessOwner): Promise<string | undefined> {
  const way = [path]
  for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) way.unshift(dirname(folder))
  for (const folder of way) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return folder
  }
  return undefined
}

/**
 * The folder named by the note in the data folder, if there is one. A copied data folder would share the cluster of
 * the first, so the note counts only for the folder that the cluster knows; after a move the old one is gone.
 */
async function readElsewhere(dataDir: string): Promise<string | undefined> {
  const note = join(dataDir, elsewhereName)
  const text = await readFile(note, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null || !('folder' in parsed) || typeof parsed.folder !== 'string') {
    throw elsewhereBroken(note)
  }
  const back = join(parsed.folder, 'data-folder')
  const known = await readFile(back, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') throw elsewhereBroken(note)
    if (errorCode(error) === 'EACCES') throw ownedByAnother(dataDir)
    throw error
  })
  if (known !== dataDir) {
    const stillThere = await realpath(join(known, elsewhereName)).catch(() => undefined)
    if (stillThere !== undefined) throw copiedFolder(dataDir, known)
    await rm(back, { force: true })
    await writeFile(back, dataDir)
  }
  return parsed.folder
}

async function writeElsewhere(dataDir: string, folder: string, closed: string): Promise<void> {
  const note = {
    folder,
    zh: `数据库存放在上述目录，因为数据库用户进不去 ${closed}；备份或搬迁时请一并处理。`,
    en: `The database lies in the folder above because its user cannot enter ${closed}; take it along when you back up or move.`,
  }
  await writeFile(join(dataDir, elsewhereName), `${JSON.stringify(note, null, 2)}\n`, { flush: true })
}

function ownedByAnother(folder: string): StartRefusal {
  return new StartRefusal(
    'database.owned_by_another',
    `${folder} 里的数据库属于另一个用户：请用原来的用户（或 root）启动，或用 DATA_DIR 另选目录`,
    `the database in ${folder} belongs to another user: start as that user (or root), or choose another folder with DATA_DIR`,
  )
}

function elsewhereBroken(note: string): StartRefusal {
  return new StartRefusal(
    'database.moved_away',
    `${note} 所指的数据库已不在：请恢复它；若要从空库开始，请删除该文件`,
    `the database that ${note} points to is gone: restore it, or delete that file to begin with an empty one`,
  )
}

function copiedFolder(dataDir: string, original: string): StartRefusal {
  return new StartRefusal(
    'database.copied_folder',
    `${dataDir} 是 ${original} 的副本，数据库并未一起复制：请用原目录，或删除副本中的 ${elsewhereName}`,
    `${dataDir} is a copy of ${original} without its database: use the original, or delete ${elsewhereName} in the copy`,
  )
}
