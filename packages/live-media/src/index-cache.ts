import type { MediaStorage } from './media-storage.ts'
import { indexKey, parseIndex, type RecordedSegment } from './recording-index.ts'

const roomsMax = 64
const freshMs = 2_000

/**
 * Parsed recording indexes of rooms being replayed. A show of four hours has 7,200 lines; when many come back to one
 * replay, it is read once every 2 s and not once a viewer.
 */
export class IndexCache {
  readonly #storage: MediaStorage
  readonly #now: () => number
  readonly #rooms = new Map<number, { readMs: number; segments: Promise<RecordedSegment[]> }>()

  constructor(storage: MediaStorage, now: () => number) {
    this.#storage = storage
    this.#now = now
  }

  /** Segments in order; none when nothing was recorded. */
  read(roomId: number): Promise<RecordedSegment[]> {
    const nowMs = this.#now()
    const known = this.#rooms.get(roomId)
    if (known && nowMs - known.readMs < freshMs) return known.segments
    this.#rooms.delete(roomId)
    const oldest = this.#rooms.keys().next()
    if (this.#rooms.size >= roomsMax && !oldest.done) this.#rooms.delete(oldest.value)
    const entry = { readMs: nowMs, segments: this.#load(roomId) }
    this.#rooms.set(roomId, entry)
    entry.segments.catch(() => {
      if (this.#rooms.get(roomId) === entry) this.#rooms.delete(roomId)
    })
    return entry.segments
  }

  async #load(roomId: number): Promise<RecordedSegment[]> {
    const bytes = await this.#storage.read(indexKey(roomId))
    return bytes ? parseIndex(bytes.toString('utf8')).segments : []
  }
}
