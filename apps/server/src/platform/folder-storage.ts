import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { Storage } from './storage.ts'
import { requireStorageKey } from './storage-key.ts'

function missing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR'
}

async function writeToDisk(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** A rename is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Storage in a folder of this machine. `root` is made when it is not there. */
export function folderStorage(root: string): Storage {
  const base = resolve(root)
  const locate = (key: string): string => {
    const path = join(base, key)
    requireStorageKey(key)
    if (!path.startsWith(base + sep)) throw new RangeError(`not a storage key: ${key.slice(0, 80)}`)
    return path
  }
  return {
    async put(key, bytes) {
      const path = locate(key)
      await mkdir(dirname(path), { recursive: true })
      const draft = `${path}.${randomUUID()}.part`
      try {
        await writeToDisk(draft, bytes)
        await rename(draft, path)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      await syncFolder(dirname(path))
    },
    async read(key) {
      return readFile(locate(key)).catch((error: unknown) => {
        if (missing(error)) return null
        throw error
      })
    },
    async stream(key, range) {
      const path = locate(key)
      const info = await stat(path).catch(() => null)
      if (!info?.isFile()) return null
      return { body: createReadStream(path, range), size: info.size }
    },
    async size(key) {
      const info = await stat(locate(key)).catch(() => null)
      return info?.isFile() ? info.size : null
    },
    async list(folder) {
      const entries = await readdir(locate(folder), { recursive: true, withFileTypes: true }).catch(
        (error: unknown) => {
          if (missing(error)) return []
          throw error
        },
      )
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(base.length + 1)
            .split(sep)
            .join('/'),
        )
    },
    async remove(key) {
      await rm(locate(key), { recursive: true, force: true })
    },
    async freeBytes() {
      await mkdir(base, { recursive: true })
      const { bavail, bsize } = await statfs(base)
      return bavail * bsize
    },
  }
}
