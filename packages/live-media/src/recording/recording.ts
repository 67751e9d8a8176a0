import type { MediaLog } from '../media-log.ts'
import type { Segment } from '../mux/segment-window.ts'
import { segmentName } from '../watch/playlist.ts'
import type { DiskGuard } from './disk-guard.ts'
import { type IndexReading, IndexWriter, readIndex } from './index-parts.ts'
import type { MediaStorage } from './media-storage.ts'
import { type GapReason, mediaKey, type RecordedSegment } from './recording-index.ts'

/** Segments of one room that wait for a slow storage; beyond it the oldest is already 32 s late and new ones are given up. */
const queueMax = 16
/**
 * After a restart numbering goes on this far behind the last recorded segment: the segment that was open when the
 * process died was partly published, and caches may hold its name.
 */
const restartGap = 10
/** The stream's clock, too, goes on behind all that can have been sent: some players drop frames when it falls back. */
const restartClockMs = 10_000
/** A pause between segments that is more than the wobble of the wall clock. */
const awayMsMin = 1_000

/** 2020-01-01: where the clock of a stream begins whose recording could not be read. */
const unreadEpochMs = 1_577_836_800_000
const firstClockSeq = unreadEpochMs / 1000

/** `on`: what is on air is kept. Otherwise the show goes on and segments are lost, for this reason. */
export type RecordingState = 'on' | Exclude<GapReason, 'away' | 'restart'>

/** Bytes of all recordings of a process that wait for the storage: one bound for all, since one storage holds them up. */
export interface RecordingBudget {
  waitingBytes: number
  readonly bytesMax: number
}

export interface RecordingStart {
  roomId: number
  storage: MediaStorage
  guard: DiskGuard
  budget: RecordingBudget
  log: MediaLog
  /** A segment is in the storage and in the index. */
  onStored?: (line: RecordedSegment, segment: Segment) => void
  onFailed: (seq: number, reason: string) => void
  onState: (state: RecordingState, lostSegments: number) => void
}

/**
 * Writes a room's segments one after the other: init, bytes, and only then the line in the index. A crash loses the
 * segment under way and nothing before it. Whatever happens to the storage, the stream does not wait and does not end:
 * what cannot be written is lost, the next segment that can be is marked with why, and the state is told.
 */
export class Recording {
  readonly #start: RecordingStart
  /** Null while the storage could not be read. */
  #index: IndexWriter | null
  readonly #inits = new Set<string>()
  #waiting = 0
  #work: Promise<void> = Promise.resolve()
  #gap: GapReason | null
  #endMs: number | null
  #lostSegments = 0
  #state: RecordingState = 'on'
  readonly firstSeq: number
  /** Where a new stream's clock starts. */
  readonly startMs: number
  readonly hasEarlierSegments: boolean

  private constructor(start: RecordingStart, reading: IndexReading | null, nowMs: number) {
    const { storage, roomId } = start
    this.#start = start
    this.#index = reading && new IndexWriter(storage, roomId, reading)
    const last = reading?.segments.at(-1)
    this.hasEarlierSegments = reading === null || last !== undefined
    this.#endMs = last ? last.startMs + last.durationMs : null
    this.#gap = this.hasEarlierSegments ? 'restart' : null
    if (reading === null) {
      // Unknown numbers and times are passed over by those of the clock: segments are longer than a second.
      this.firstSeq = Math.floor(nowMs / 1000)
      this.startMs = nowMs - unreadEpochMs
      return
    }
    this.firstSeq = last ? last.seq + restartGap : 0
    this.startMs = clockAfter(reading.segments)
  }

  /** Reads what an earlier process left. A storage that is away keeps nobody off the air: it is read when it is back. */
  static async open(start: RecordingStart, nowMs = Date.now()): Promise<Recording> {
    const { roomId, log } = start
    const reading = await readEarlier(start).catch((error: unknown) => {
      log.error({ roomId, err: error }, 'the storage cannot be read; recording begins when it can')
      return null
    })
    return new Recording(start, reading, nowMs)
  }

  get state(): RecordingState {
    return this.#state
  }

  get lostSegments(): number {
    return this.#lostSegments
  }

  /** Takes a whole segment; never throws and never waits for the storage. */
  add(segment: Segment): void {
    const { bytes } = segment
    const { budget } = this.#start
    if (!bytes) return
    if (this.#waiting >= queueMax || budget.waitingBytes + bytes.length > budget.bytesMax) {
      this.#lose(segment.msn, 'slow', 'storage is too slow')
      // What waits is still whole: the gap comes behind it.
      this.#work = this.#work.then(() => {
        this.#gap = 'slow'
      })
      return
    }
    this.#waiting++
    budget.waitingBytes += bytes.length
    this.#work = this.#work
      .then(() => this.#write(segment, bytes))
      .catch((error: unknown) => {
        this.#gap = this.#start.guard.failed(error) ? 'full' : 'failing'
        this.#lose(segment.msn, this.#gap, error instanceof Error ? error.message : String(error))
      })
      .finally(() => {
        this.#waiting--
        budget.waitingBytes -= bytes.length
      })
  }

  /** Resolves when everything added so far is stored or given up. */
  async settled(): Promise<void> {
    await this.#work
    await this.#index?.save().catch(() => {})
  }

  async #write(segment: Segment, bytes: Buffer): Promise<void> {
    const { roomId, storage, guard } = this.#start
    if (!(await guard.hasRoom())) {
      this.#gap = 'full'
      this.#lose(segment.msn, 'full', 'the disk is nearly full')
      return
    }
    this.#index ??= await this.#openLate()
    const { init } = segment
    if (!this.#inits.has(init.name)) {
      await storage.put(mediaKey(roomId, init.name), init.bytes)
      this.#inits.add(init.name)
    }
    await storage.put(mediaKey(roomId, segmentName(segment.msn)), bytes)
    const line = this.#lineOf(segment, bytes.length)
    this.#gap = null
    this.#endMs = line.startMs + line.durationMs
    await this.#list(this.#index, line)
    this.#tell(line, segment)
    // While more waits, the storage is slow still.
    if (this.#state !== 'slow' || this.#waiting <= 1) this.#enter('on')
  }

  /** Whoever is told of a stored segment cannot make it a lost one. */
  #tell(line: RecordedSegment, segment: Segment): void {
    try {
      this.#start.onStored?.(line, segment)
    } catch (error) {
      this.#start.log.warn({ roomId: this.#start.roomId, err: error }, 'nothing could be made of a recorded segment')
    }
  }

  async #openLate(): Promise<IndexWriter> {
    const reading = await readEarlier(this.#start)
    const last = reading.segments.at(-1)
    this.#endMs = last ? last.startMs + last.durationMs : null
    return new IndexWriter(this.#start.storage, this.#start.roomId, reading)
  }

  /** The bytes are safe: a line that cannot be written now goes with the next one, and nothing is lost. */
  async #list(index: IndexWriter, line: RecordedSegment): Promise<void> {
    const { roomId, log, guard } = this.#start
    try {
      await index.add(line)
    } catch (error) {
      guard.failed(error)
      log.warn({ roomId, seq: line.seq, err: error }, 'a line of the recording index has to wait')
    }
  }

  #lineOf(segment: Segment, bytes: number): RecordedSegment {
    const startMs = Math.round(segment.wallMs)
    const pausedMs = this.#endMs === null ? 0 : startMs - this.#endMs
    const gap = this.#gap ?? (segment.discontinuity && pausedMs >= awayMsMin ? 'away' : null)
    return {
      seq: segment.msn,
      uri: segmentName(segment.msn),
      init: segment.init.name,
      startMs,
      durationMs: segment.durationMs,
      discontinuity: segment.discontinuity || gap !== null,
      bytes,
      ...(gap ? { gap } : {}),
      ...(segment.parts[0]?.key === false ? { key: false } : {}),
    }
  }

  #lose(seq: number, reason: Exclude<RecordingState, 'on'>, words: string): void {
    this.#lostSegments++
    this.#start.log.error({ roomId: this.#start.roomId, seq, reason: words }, 'a segment could not be recorded')
    this.#start.onFailed(seq, words)
    this.#enter(reason)
  }

  #enter(state: RecordingState): void {
    if (this.#state === state) return
    this.#state = state
    this.#start.onState(state, this.#lostSegments)
  }
}

async function readEarlier({ roomId, storage, log }: RecordingStart): Promise<IndexReading> {
  const reading = await readIndex(storage, roomId)
  const { damagedLines } = reading
  if (damagedLines > 0) log.warn({ roomId, damagedLines }, 'the recording index has damaged lines')
  return reading
}

/** Where the stream's clock stands at the latest after these: what was lost went by on it too, and what was paused may not have. */
function clockAfter(segments: readonly RecordedSegment[]): number {
  const [first, last] = [segments[0], segments.at(-1)]
  if (!first || !last) return 0
  const endMs = last.startMs + last.durationMs
  const recordedMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const byClock = segments.find(({ seq }) => seq >= firstClockSeq)
  const clockMs = byClock ? (byClock.seq - firstClockSeq) * 1000 + endMs - byClock.startMs : 0
  return Math.max(recordedMs, endMs - first.startMs, clockMs) + restartClockMs
}
