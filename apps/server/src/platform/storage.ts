import type { Readable } from 'node:stream'
import { folderStorage } from './folder-storage.ts'
import { type S3Place, s3Storage } from './s3-storage.ts'

/**
 * Where files live: pictures, recordings. Keys are relative paths of plain characters; bytes are never interpreted. Nothing is added to an
 * object, because object stores cannot.
 */
export interface Storage {
  /** Writes the whole object so that a reader sees the old or the new one and nothing between; it is on disk when this returns. */
  put(key: string, bytes: Uint8Array): Promise<void>
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
  /** Bytes that can still be written; null where the store does not say. */
  freeBytes(): Promise<number | null>
}

/** Where a storage lies; plain data, so that it can be told to another process. */
export type StoragePlace = { readonly kind: 'folder'; readonly root: string } | ({ readonly kind: 's3' } & S3Place)

export function openStorage(place: StoragePlace): Storage {
  return place.kind === 's3' ? s3Storage(place) : folderStorage(place.root)
}

/** The part of a storage whose keys begin with a folder. */
export function storageFolder(storage: Storage, folder: string): Storage {
  const keyOf = (key: string) => `${folder}/${key}`
  return {
    put: (key, bytes) => storage.put(keyOf(key), bytes),
    read: (key) => storage.read(keyOf(key)),
    stream: (key, range) => storage.stream(keyOf(key), range),
    size: (key) => storage.size(keyOf(key)),
    list: async (below) => (await storage.list(keyOf(below))).map((key) => key.slice(folder.length + 1)),
    remove: (key) => storage.remove(keyOf(key)),
    freeBytes: () => storage.freeBytes(),
  }
}
