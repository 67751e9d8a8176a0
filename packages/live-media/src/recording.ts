import type { MediaLog } from './media-log.ts'
import type { MediaStorage } from './media-storage.ts'
import { segmentName } from './playlist.ts'
import { indexKey, mediaKey, parseIndex, type RecordedSegment, renderIndexLine } from './recording-index.ts'
import type { Segment } from './segment-window.ts'

/** Segments waiting for a slow disk; beyond it the oldest shown is already 16 s late and new ones are given up. */
const queueMax = 8
/**
 * After a restart numbering goes on this far behind the last recorded segment: the segment that was open when the
 * process died was partly published, and caches may hold its name.
 */
const restartGap = 10
/** The stream's clock, too, goes on behind all that can have been sent: some players drop frames when it falls back. */
const restartClockMs = 10_000

export interface RecordingStart {
  roomId: number
  storage: MediaStorage
  log: MediaLog
  onFailed: (seq: number, reason: string) => void
}

/**
 * Writes a room's segments one after the other: init, bytes, and only then the line in the index. A crash loses the
 * segment under way and nothing before it.
 */
export class Recording {
  readonly #start: RecordingStart
  readonly #inits = new Set<string>()
  #waiting = 0
  #work: Promise<void> = Promise.resolve()
  #gap = false
  readonly firstSeq: number
  /** Where a new stream's clock starts. */
  readonly startMs: number
  readonly hasEarlierSegments: boolean

  private constructor(start: RecordingStart, earlier: readonly RecordedSegment[]) {
    this.#start = start
    const last = earlier.at(-1)
    this.hasEarlierSegments = last !== undefined
    this.firstSeq = last ? last.seq + restartGap : 0
    const recordedMs = earlier.reduce((sum, segment) => sum + segment.durationMs, 0)
    this.startMs = last ? recordedMs + restartClockMs : 0
  }

  /** Reads what an earlier process left and repairs a torn last line, so that the next line stands alone. */
  static async open(start: RecordingStart): Promise<Recording> {
    const { roomId, storage, log } = start
    const bytes = await storage.read(indexKey(roomId))
    const { segments, damagedLines, endsWhole } = parseIndex(bytes?.toString('utf8') ?? '')
    if (!endsWhole) await storage.append(indexKey(roomId), Buffer.from('\n'))
    if (damagedLines > 0) log.warn({ roomId, damagedLines }, 'the recording index has damaged lines')
    return new Recording(start, segments)
  }

  /** Takes a whole segment; never throws and never waits for the disk. */
  add(segment: Segment): void {
    const { bytes } = segment
    if (!bytes) return
    if (this.#waiting >= queueMax) {
      this.#fail(segment.msn, 'storage is too slow')
      return
    }
    this.#waiting++
    this.#work = this.#work
      .then(() => this.#write(segment, bytes))
      .catch((error: unknown) => this.#fail(segment.msn, error instanceof Error ? error.message : String(error)))
      .finally(() => {
        this.#waiting--
      })
  }

  /** Resolves when everything added so far is stored or given up. */
  async settled(): Promise<void> {
    await this.#work
  }

  async #write(segment: Segment, bytes: Buffer): Promise<void> {
    const { roomId, storage } = this.#start
    const { init } = segment
    if (!this.#inits.has(init.name)) {
      await storage.put(mediaKey(roomId, init.name), init.bytes)
      this.#inits.add(init.name)
    }
    const uri = segmentName(segment.msn)
    await storage.put(mediaKey(roomId, uri), bytes)
    const line: RecordedSegment = {
      seq: segment.msn,
      uri,
      init: init.name,
      startMs: Math.round(segment.wallMs),
      durationMs: segment.durationMs,
      discontinuity: segment.discontinuity || this.#gap,
      bytes: bytes.length,
    }
    await storage.append(indexKey(roomId), renderIndexLine(line))
    this.#gap = false
  }

  #fail(seq: number, reason: string): void {
    this.#gap = true
    this.#start.log.error({ roomId: this.#start.roomId, seq, reason }, 'a segment could not be recorded')
    this.#start.onFailed(seq, reason)
  }
}
