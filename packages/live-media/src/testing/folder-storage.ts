import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MediaStorage } from '../recording/media-storage.ts'

const keyShape = /^[0-9a-z]+(?:[/.-][0-9a-z]+)*$/

/**
 * Storage in a folder. A put goes to a temporary name, is synced and renamed, so a killed process leaves whole files
 * only. Two puts each 2 s and stream make the sync's cost irrelevant.
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
        await writeSynced(temporary, bytes)
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async read(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
    async freeBytes() {
      await mkdir(folder, { recursive: true })
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
  }
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}
