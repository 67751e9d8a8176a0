import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'

/** Where files live: pictures, recordings. Keys are relative paths of plain characters; bytes are never interpreted. */
export interface Storage {
  /** Writes the whole object so that a reader sees the old or the new one and nothing between; it is on disk when this returns. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Adds bytes to the end of an object, making it if need be; on disk when this returns. A crash in between may leave a part. */
  append(key: string, bytes: Uint8Array): Promise<void>
  /** The whole object, or null if there is none. */
  read(key: string): Promise<Buffer | null>
  /** A stream of the object from `start` to `end` (bytes, both included), or null if there is none. */
  stream(key: string, range?: { start: number; end: number }): Promise<{ body: Readable; size: number } | null>
  /** Size in bytes, or null if there is none. */
  size(key: string): Promise<number | null>
  /** Keys below a folder, unordered. */
  list(folder: string): Promise<string[]>
  /** Removes an object or a folder; one that is not there is no error. */
  remove(key: string): Promise<void>
}

const KEY = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,300}$/

function missing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR'
}

async function writeToDisk(path: string, flags: 'wx' | 'a', bytes: Uint8Array): Promise<void> {
  const file = await open(path, flags)
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
    if (!KEY.test(key) || !path.startsWith(base + sep)) throw new RangeError(`not a storage key: ${key.slice(0, 80)}`)
    return path
  }
  return {
    async put(key, bytes) {
      const path = locate(key)
      await mkdir(dirname(path), { recursive: true })
      const draft = `${path}.${randomUUID()}.part`
      try {
        await writeToDisk(draft, 'wx', bytes)
        await rename(draft, path)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      await syncFolder(dirname(path))
    },
    async append(key, bytes) {
      const path = locate(key)
      await mkdir(dirname(path), { recursive: true })
      await writeToDisk(path, 'a', bytes)
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
  }
}
