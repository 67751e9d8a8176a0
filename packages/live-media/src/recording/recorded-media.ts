import { type Mp4Track, readTracks } from '../mux/mp4-samples.ts'
import { cutSegment, findCuts, type SegmentCuts } from './cut-segment.ts'
import type { IndexCache } from './index-cache.ts'
import type { MediaStorage } from './media-storage.ts'
import { mediaKey, type RecordedSegment } from './recording-index.ts'

const cutsMax = 2_000
const initsMax = 200

/** Reads recorded segments and what is in them; remembers where they can be cut, because names never change their bytes. */
export class RecordedMedia {
  readonly #storage: Pick<MediaStorage, 'read'>
  readonly #indexes: IndexCache
  readonly #cuts = new Map<string, SegmentCuts>()
  readonly #inits = new Map<string, Buffer>()

  constructor(storage: Pick<MediaStorage, 'read'>, indexes: IndexCache) {
    this.#storage = storage
    this.#indexes = indexes
  }

  /** All segments of a room, in order. */
  index(roomId: number): Promise<readonly RecordedSegment[]> {
    return this.#indexes.read(roomId)
  }

  /** Null when the storage has lost it. */
  bytes(roomId: number, { uri }: RecordedSegment): Promise<Buffer | null> {
    return this.#storage.read(mediaKey(roomId, uri))
  }

  async init(roomId: number, name: string): Promise<Buffer | null> {
    const key = mediaKey(roomId, name)
    const known = this.#inits.get(key)
    if (known) return known
    const bytes = await this.#storage.read(key)
    if (bytes) remember(this.#inits, key, bytes, initsMax)
    return bytes
  }

  async tracks(roomId: number, name: string): Promise<Mp4Track[] | null> {
    const init = await this.init(roomId, name)
    return init && readTracks(init)
  }

  /** Null when it is lost or is not a segment that can be cut. */
  async cuts(roomId: number, segment: RecordedSegment): Promise<SegmentCuts | null> {
    const key = mediaKey(roomId, segment.uri)
    const known = this.#cuts.get(key)
    if (known) return known
    const [bytes, tracks] = await Promise.all([this.bytes(roomId, segment), this.tracks(roomId, segment.init)])
    if (!bytes || !tracks) return null
    const cuts = orNull(() => findCuts(bytes, tracks))
    if (cuts) remember(this.#cuts, key, cuts, cutsMax)
    return cuts
  }

  /** A piece of a segment; see cutSegment. Null when there is none. */
  async cut(roomId: number, segment: RecordedSegment, fromMs: number, toMs: number): Promise<Buffer | null> {
    const [bytes, tracks] = await Promise.all([this.bytes(roomId, segment), this.tracks(roomId, segment.init)])
    return bytes && tracks && orNull(() => cutSegment(bytes, tracks, fromMs, toMs))
  }
}

/** What is on the disk may be damaged: that is a piece less, and not an error of the server. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  const oldest = map.keys().next()
  if (map.size >= max && !oldest.done) map.delete(oldest.value)
  map.set(key, value)
}
