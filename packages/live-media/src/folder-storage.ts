import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MediaStorage } from './media-storage.ts'

const keyShape = /^[0-9a-z]+(?:[/.-][0-9a-z]+)*$/

/**
 * Storage in a folder. A put goes to a temporary name, is synced and renamed, so a killed process leaves whole files
 * only. One put each 2 s and stream makes the sync's cost irrelevant.
 */
export function createFolderStorage(folder: string): MediaStorage {
  const pathOf = (key: string): string => {
    if (!keyShape.test(key)) throw new Error(`not a storage key: ${JSON.stringify(key.slice(0, 80))}`)
    return join(folder, key)
  }
  return {
    async put(key, bytes) {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID()}.part`
      try {
        await writeSynced(temporary, 'wx', bytes)
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async append(key, bytes) {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true })
      await writeSynced(path, 'a', bytes)
    },
    async read(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
  }
}

async function writeSynced(path: string, flags: string, bytes: Buffer): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}
