import type { MediaStorage } from './media-storage.ts'
import { mediaKey, parseIndex, type RecordedSegment, renderIndexLine } from './recording-index.ts'

/**
 * A room's index is a row of parts, `index.ndjson`, `index-1.ndjson`, `index-2.ndjson` and so on, of 128 lines each. The
 * last one is written anew, whole, with every segment: at most 26 kB each 2 s, the price for a design that an object store
 * without append can keep too. A put is all or nothing, so a crash loses the line under way and nothing before it; a part
 * that is full is never touched again.
 */
const linesPerPart = 128
const readsAtOnce = 8
/** 60 days of segments of 2 s. */
const partsMax = 20_000

/** What is known of an index so far, so that only what may have changed is read again. */
export interface IndexReading {
  segments: RecordedSegment[]
  damagedLines: number
  /** Parts that cannot change any more, and how many of `segments` are theirs. */
  sealedParts: number
  sealedSegments: number
  /** What the last part holds; new lines go behind it. */
  openLines: Buffer
  openCount: number
}

const nothingRead: IndexReading = {
  segments: [],
  damagedLines: 0,
  sealedParts: 0,
  sealedSegments: 0,
  openLines: Buffer.alloc(0),
  openCount: 0,
}

export function indexPartKey(roomId: number, part: number): string {
  return mediaKey(roomId, part === 0 ? 'index.ndjson' : `index-${part}.ndjson`)
}

/** Reads a room's index; after a first time only the parts that were not full then. @throws when the storage does */
export async function readIndex(
  storage: Pick<MediaStorage, 'read'>,
  roomId: number,
  known: IndexReading = nothingRead,
): Promise<IndexReading> {
  let reading: IndexReading = { ...known, segments: known.segments.slice(0, known.sealedSegments) }
  for (let part = known.sealedParts; part < partsMax; part += readsAtOnce) {
    const keys = Array.from({ length: readsAtOnce }, (_, at) => indexPartKey(roomId, part + at))
    const texts = await Promise.all(keys.map((key) => storage.read(key)))
    for (const text of texts) {
      if (text === null) return reading
      reading = withPart(reading, text)
    }
  }
  return reading
}

function withPart(before: IndexReading, bytes: Buffer): IndexReading {
  const { segments: found, damagedLines, endsWhole } = parseIndex(bytes.toString('utf8'))
  const lastSeq = before.segments.at(-1)?.seq ?? -1
  const segments = [...before.segments, ...found.filter(({ seq }) => seq > lastSeq)]
  // A part that was torn (by versions that added to it) or damaged is kept as it is: what can be read in it may be proof.
  const full = found.length >= linesPerPart || damagedLines > 0 || !endsWhole
  return {
    segments,
    damagedLines: before.damagedLines + damagedLines,
    sealedParts: before.sealedParts + (full ? 1 : 0),
    sealedSegments: full ? segments.length : before.sealedSegments,
    openLines: full ? Buffer.alloc(0) : bytes,
    openCount: full ? 0 : found.length,
  }
}

/** Writes a room's index behind what was read of it. */
export class IndexWriter {
  readonly #storage: MediaStorage
  readonly #roomId: number
  #part: number
  #lines: Buffer
  #count: number
  #unsaved = false

  constructor(storage: MediaStorage, roomId: number, reading: IndexReading) {
    this.#storage = storage
    this.#roomId = roomId
    this.#part = reading.sealedParts
    this.#lines = reading.openLines
    this.#count = reading.openCount
  }

  /** Lines that are not in the storage yet, because it failed; the next save brings them along. */
  get unsaved(): boolean {
    return this.#unsaved
  }

  /** @throws when the storage does; the line is kept and goes with the next one */
  async add(segment: RecordedSegment): Promise<void> {
    // A part whose last save failed takes more lines than others, until it is saved.
    if (this.#count >= linesPerPart && !this.#unsaved) {
      this.#part++
      this.#lines = Buffer.alloc(0)
      this.#count = 0
    }
    this.#lines = Buffer.concat([this.#lines, renderIndexLine(segment)])
    this.#count++
    this.#unsaved = true
    await this.save()
  }

  async save(): Promise<void> {
    if (!this.#unsaved) return
    await this.#storage.put(indexPartKey(this.#roomId, this.#part), this.#lines)
    this.#unsaved = false
  }
}
