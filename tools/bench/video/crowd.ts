import { workedUs } from '../rooms/awake.ts'
import { nowUs } from '../rooms/child-link.ts'
import { LagMeter } from './lag-meter.ts'

export interface CrowdPlan {
  /** Chunks over a WebSocket, low-latency HLS as hls.js asks for it, or the same questions to a server of files at the same pace. */
  readonly kind: 'socket' | 'parts' | 'files'
  readonly port: number
  /** Where the room's video is, as in `/media/1`. */
  readonly path: string
  /** Length of a chunk or part. */
  readonly periodMs: number
  /** Second number of the addresses they come from, 127.N.x.x. */
  readonly network: number
}

export interface CrowdFigures {
  readonly viewers: number
  /** Chunks or parts that arrived, and those that were due to all. */
  readonly delivered: number
  readonly due: number
  /** Of the viewer that got fewest. */
  readonly deliveredMin: number
  /** Numbers that were left out, refusals, and viewers that were put out. */
  readonly missed: number
  readonly gone: number
  readonly bytes: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Share of its core that the load took. */
  readonly loadShare: number
}

export interface CrowdViewer {
  bytes: number
  destroy(): void
}

/** Connections being opened at a time. */
const DOORS = 100
const BY_ADDRESS = 50

export const nowMs = () => nowUs() / 1000

/** Viewers of one stream: lets them in, counts what they get and how late. How they ask is the business of the kinds. */
export abstract class Crowd<Viewer extends CrowdViewer> {
  protected readonly plan: CrowdPlan
  protected readonly viewers: Viewer[] = []
  protected readonly lag: LagMeter
  protected closing = false
  #wanted = 0
  #opened = 0
  #there = 0
  #allThere: (() => void) | null = null
  #delivered: number[] = []
  #missed = 0
  #gone = 0
  #bytesBefore = 0
  #markedMs = 0
  #cpuBeforeUs = 0

  constructor(plan: CrowdPlan) {
    this.plan = plan
    this.lag = new LagMeter(plan.periodMs)
  }

  protected abstract open(index: number, from: string): Viewer

  /** Lets in more until there are so many; resolves when all have had their first piece. */
  async growTo(count: number): Promise<void> {
    this.#wanted = Math.max(count, this.#opened)
    const there = new Promise<void>((resolve) => {
      this.#allThere = resolve
    })
    for (let door = 0; door < DOORS; door += 1) this.#openNext()
    if (this.#there < this.#wanted) await there
  }

  shrinkTo(count: number): void {
    this.closing = true
    for (const viewer of this.viewers.splice(count)) viewer.destroy()
    this.#opened = this.viewers.length
    this.#there = this.viewers.length
    // Their ends are told in the next round of events.
    setTimeout(() => {
      this.closing = false
    }, 100)
  }

  leave(): void {
    this.closing = true
    for (const viewer of this.viewers) viewer.destroy()
  }

  mark(): void {
    this.lag.mark()
    this.#delivered = []
    this.#missed = 0
    this.#gone = 0
    this.#bytesBefore = this.#bytes()
    this.#markedMs = nowMs()
    this.#cpuBeforeUs = workedUs()
  }

  figures(): CrowdFigures {
    const tookMs = nowMs() - this.#markedMs
    const counts = this.viewers.map((_, index) => this.#delivered[index] ?? 0)
    return {
      viewers: this.viewers.length,
      delivered: counts.reduce((sum, count) => sum + count, 0),
      due: this.lag.dueBetween(this.#markedMs, nowMs()) * this.viewers.length,
      deliveredMin: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
      missed: this.#missed,
      gone: this.#gone,
      bytes: this.#bytes() - this.#bytesBefore,
      p50Ms: this.lag.percentile(0.5),
      p99Ms: this.lag.percentile(0.99),
      maxMs: this.lag.maxMs,
      loadShare: (workedUs() - this.#cpuBeforeUs) / 1000 / tookMs,
    }
  }

  /** A viewer has its first piece. */
  protected arrived(): void {
    this.#there += 1
    this.#openNext()
    if (this.#there < this.#wanted) return
    this.#allThere?.()
    this.#allThere = null
  }

  protected got(index: number): void {
    this.#delivered[index] = (this.#delivered[index] ?? 0) + 1
  }

  protected miss(pieces: number): void {
    this.#missed += pieces
  }

  protected lost(): void {
    if (!this.closing) this.#gone += 1
  }

  #openNext(): void {
    if (this.#opened >= this.#wanted) return
    const index = this.#opened
    this.#opened += 1
    const block = Math.floor(index / BY_ADDRESS)
    this.viewers[index] = this.open(
      index,
      `127.${this.plan.network}.${1 + Math.floor(block / 250)}.${1 + (block % 250)}`,
    )
  }

  #bytes(): number {
    return this.viewers.reduce((sum, viewer) => sum + viewer.bytes, 0)
  }
}
