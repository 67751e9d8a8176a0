import type { StreamLimits } from '../limits.ts'
import type { Chunk } from './chunker.ts'
import type { InitSegment } from './mp4-init.ts'

export interface Part {
  bytes: Buffer
  durationMs: number
  key: boolean
}

/** A segment, open while `bytes` is null. Its parts are slices of its bytes once it is whole. */
export interface Segment {
  /** Media sequence number; also the name of the recorded file. */
  msn: number
  init: InitSegment
  discontinuity: boolean
  /** Wall clock of its first frame. */
  wallMs: number
  durationMs: number
  parts: Part[]
  /** Closing frames too short for a part of their own; see #closePart. */
  tail: Buffer
  bytes: Buffer | null
}

/** The last seconds of a stream: what a live playlist lists and a live viewer may fetch. */
export class SegmentWindow {
  readonly #limits: StreamLimits
  readonly #whole: Segment[] = []
  #open: Segment | null = null
  #chunks: Chunk[] = []
  #nextMsn: number
  #discontinuitiesGone: number
  #discontinuityNext = false
  #targetDurationS: number

  /** `firstDiscontinuity` counts those before the first segment. */
  constructor(firstMsn: number, limits: StreamLimits, firstDiscontinuity = 0) {
    this.#nextMsn = firstMsn
    this.#discontinuitiesGone = firstDiscontinuity
    this.#limits = limits
    this.#targetDurationS = Math.ceil(limits.segmentMs / 1000)
  }

  get open(): Segment | null {
    return this.#open
  }

  /** Whole segments that the playlist lists, oldest first. */
  get listed(): readonly Segment[] {
    return this.#whole.slice(-this.#limits.windowSegments)
  }

  /** Number of the segment that is open or will be opened next. */
  get nextMsn(): number {
    return this.#open?.msn ?? this.#nextMsn
  }

  /** What comes after the last whole segment will not follow on from it. */
  get discontinuityNext(): boolean {
    return this.#discontinuityNext
  }

  /** Never falls, so that no listed segment is ever longer than what was declared. */
  get targetDurationS(): number {
    return this.#targetDurationS
  }

  /** Discontinuities before the first listed segment. */
  get discontinuitySequence(): number {
    const unlisted = this.#whole.slice(0, -this.#limits.windowSegments)
    return this.#discontinuitiesGone + unlisted.filter((segment) => segment.discontinuity).length
  }

  /** The newest segment and part that a playlist lists; null before the first part. */
  get edge(): { lastMsn: number; lastPart: number } | null {
    const last = this.#open?.parts.length ? this.#open : this.#whole.at(-1)
    return last ? { lastMsn: last.msn, lastPart: Math.max(0, last.parts.length - 1) } : null
  }

  /** The bit rate of the listed segment that has the highest. */
  get peakBitsPerSecond(): number {
    return this.listed.reduce(
      (peak, { bytes, durationMs }) => Math.max(peak, durationMs > 0 ? ((bytes?.length ?? 0) * 8_000) / durationMs : 0),
      0,
    )
  }

  find(msn: number): Segment | null {
    return this.#open?.msn === msn ? this.#open : (this.#whole.find((segment) => segment.msn === msn) ?? null)
  }

  findInit(name: string): InitSegment | null {
    if (this.#open?.init.name === name) return this.#open.init
    return this.#whole.find((segment) => segment.init.name === name)?.init ?? null
  }

  /** Adds a chunk and says what became whole by it. `wallMs` counts when the chunk starts a segment. */
  add(chunk: Chunk, wallMs: number): { part: Part | null; segment: Segment | null } {
    this.#open ??= {
      msn: this.#nextMsn++,
      init: chunk.init,
      discontinuity: chunk.discontinuity,
      wallMs,
      durationMs: 0,
      parts: [],
      tail: Buffer.alloc(0),
      bytes: null,
    }
    this.#chunks.push(chunk)
    if (!chunk.endsPart) return { part: null, segment: null }
    const part = this.#closePart(this.#open, chunk)
    return { part, segment: chunk.endsSegment ? this.#closeSegment(this.#open, chunk.discontinuityAfter) : null }
  }

  /**
   * What is left when a publisher goes away may be a single frame. It belongs to the segment but is not listed as a part:
   * hls.js 1.7 takes a segment for loaded when 200 ms at most are missing and then waits for the unloaded part forever.
   */
  #closePart(open: Segment, last: Chunk): Part | null {
    const chunks = this.#chunks
    this.#chunks = []
    const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes))
    const durationMs = chunks.reduce((sum, chunk) => sum + chunk.durationMs, 0)
    open.durationMs += durationMs
    if (last.discontinuityAfter && open.parts.length > 0 && durationMs < last.partTargetMs / 2) {
      open.tail = bytes
      return null
    }
    const part = { bytes, durationMs, key: chunks[0]?.key ?? false }
    open.parts.push(part)
    return part
  }

  #closeSegment(open: Segment, discontinuityAfter: boolean): Segment {
    open.bytes = Buffer.concat([...open.parts.map((part) => part.bytes), open.tail])
    let at = 0
    for (const part of open.parts) {
      part.bytes = open.bytes.subarray(at, at + part.bytes.length)
      at += part.bytes.length
    }
    this.#open = null
    this.#discontinuityNext = discontinuityAfter
    this.#whole.push(open)
    this.#targetDurationS = Math.max(this.#targetDurationS, Math.ceil(open.durationMs / 1000))
    if (this.#whole.length > this.#limits.windowSegments + this.#limits.lateSegments) {
      if (this.#whole.shift()?.discontinuity) this.#discontinuitiesGone++
    }
    return open
  }
}
