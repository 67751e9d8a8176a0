import { type IndexReading, readIndex } from './index-parts.ts'
import type { MediaStorage } from './media-storage.ts'
import type { RecordedSegment } from './recording-index.ts'

const roomsMax = 64
const freshMs = 2_000
/** From time to time everything is read again, because a recording may have been removed meanwhile. */
const knownMs = 60_000

interface CachedIndex {
  /** When reading began from nothing, and when the newest lines were read. */
  sinceMs: number
  readMs: number
  reading: Promise<IndexReading>
}

/**
 * Parsed recording indexes of rooms being replayed. A show of four hours has 7,200 lines; when many come back to one
 * replay, what has changed of it is read once every 2 s and not once a viewer.
 */
export class IndexCache {
  readonly #storage: Pick<MediaStorage, 'read'>
  readonly #now: () => number
  readonly #rooms = new Map<number, CachedIndex>()

  constructor(storage: Pick<MediaStorage, 'read'>, now: () => number) {
    this.#storage = storage
    this.#now = now
  }

  /** Segments in order; none when nothing was recorded. */
  async read(roomId: number): Promise<readonly RecordedSegment[]> {
    const nowMs = this.#now()
    const known = this.#rooms.get(roomId)
    if (known && nowMs - known.readMs < freshMs) return (await known.reading).segments
    this.#rooms.delete(roomId)
    const oldest = this.#rooms.keys().next()
    if (this.#rooms.size >= roomsMax && !oldest.done) this.#rooms.delete(oldest.value)
    const goesOn = known && nowMs - known.sinceMs < knownMs ? known : undefined
    const entry: CachedIndex = {
      sinceMs: goesOn?.sinceMs ?? nowMs,
      readMs: nowMs,
      reading: this.#load(roomId, goesOn?.reading),
    }
    this.#rooms.set(roomId, entry)
    entry.reading.catch(() => {
      if (this.#rooms.get(roomId) === entry) this.#rooms.delete(roomId)
    })
    return (await entry.reading).segments
  }

  async #load(roomId: number, before: Promise<IndexReading> | undefined): Promise<IndexReading> {
    return readIndex(this.#storage, roomId, await before)
  }
}
