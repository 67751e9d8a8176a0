/**
 * Where recordings go. Keys are `{roomId}/{name}`, made by this package alone and never from a request's text. Nothing is
 * ever added to an object, because object stores cannot: the index is written in parts (see index-parts.ts).
 */
export interface MediaStorage {
  /** Writes the whole object so that a reader sees all of it or nothing, and a crash afterwards does not lose it. May be repeated. */
  put(key: string, bytes: Buffer): Promise<void>
  /** The whole object, or null when there is none. */
  read(key: string): Promise<Buffer | null>
  /** Bytes that can still be written; null where the store does not say. */
  freeBytes(): Promise<number | null>
}
