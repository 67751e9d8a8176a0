import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, realpath, rm, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { takeFileLock } from './file-lock.ts'
import { dataFolderFull, dataFolderRefusal, StartRefusal } from './start-refusal.ts'

export interface DataFolder {
  /** Absolute path without symbolic links. */
  path: string
  /** Gives the folder free for the next process. Call it last, when nothing writes there any more. */
  release(): void
}

// A new store holds the cluster (about 40 MB), its first write-ahead segments and the pictures of the demo world.
const newStoreFreeMb = 300
// PostgreSQL panics when it cannot make its next 16 MB write-ahead segment; below a few of them a start is no use.
const oldStoreFreeMb = 64

/**
 * Makes the data folder if it is missing and takes it for this process alone. Throws a StartRefusal when it is full,
 * cannot be written to, or belongs to another running process. What decides is a real write that reaches the disk,
 * because for root the permission bits say nothing.
 */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const wanted = resolve(dataDir)
  try {
    await mkdir(wanted, { recursive: true })
    const path = await realpath(wanted)
    await probeWrite(path)
    await checkFreeSpace(path)
    const outcome = takeFileLock(join(path, 'chunbo.lock'))
    if (!outcome.held) throw alreadyRunning(path, outcome.holderPid)
    return { path, release: outcome.lock.release }
  } catch (error) {
    if (error instanceof StartRefusal) throw error
    throw dataFolderRefusal(error, wanted) ?? error
  }
}

async function probeWrite(folder: string): Promise<void> {
  const probe = join(folder, `.write-probe-${randomBytes(6).toString('hex')}`)
  try {
    const file = await open(probe, 'wx')
    try {
      await file.write(Buffer.alloc(65_536, 1))
      await file.sync()
    } finally {
      await file.close()
    }
  } finally {
    await rm(probe, { force: true })
  }
}

async function checkFreeSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const freeMb = (bavail * bsize) / 1_048_576
  const neededMb = existsSync(join(folder, 'postgres')) ? oldStoreFreeMb : newStoreFreeMb
  if (freeMb < neededMb) throw dataFolderFull(folder, neededMb)
}

function alreadyRunning(folder: string, pid: number): StartRefusal {
  return new StartRefusal(
    'data_folder.in_use',
    `春播已在使用数据目录 ${folder}（进程 ${pid}）：请先停止它，或用 DATA_DIR 另选目录`,
    `Chunbo already runs on the data folder ${folder} (process ${pid}); stop it first or choose another folder with DATA_DIR`,
  )
}
