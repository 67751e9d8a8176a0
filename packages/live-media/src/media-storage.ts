/**
 * Where recordings go. Keys are `{roomId}/index.ndjson`, `{roomId}/init-{hash}.mp4` and `{roomId}/seg-{seq}.m4s`, made by
 * this package alone and never from a request's text.
 */
export interface MediaStorage {
  /** Writes the whole object so that a reader sees all of it or nothing, and a crash afterwards does not lose it. */
  put(key: string, bytes: Buffer): Promise<void>
  /** Adds to the end, creating the object. A crash may leave part of the last call's bytes. */
  append(key: string, bytes: Buffer): Promise<void>
  /** The whole object, or null when there is none. */
  read(key: string): Promise<Buffer | null>
}
