import type { Chunk } from '../mux/chunker.ts'

/** As long as nothing is known of a stream: 3 s of 1.5 Mbit/s. */
const bytesAtFirst = 560_000
const bytesMin = 64 * 1024

/** How much of a stream a reader who is in time may not have read yet: what `lagMs` of it hold, by the last of it. */
export class ReaderLag {
  readonly #lagMs: number
  /** Chunks of the last `lagMs`, oldest first. */
  readonly #recent: { endMs: number; bytes: number }[] = []
  #recentBytes = 0
  bytes = bytesAtFirst

  constructor(lagMs: number) {
    this.#lagMs = lagMs
  }

  add({ startMs, durationMs, bytes }: Chunk): void {
    const endMs = startMs + durationMs
    this.#recent.push({ endMs, bytes: bytes.length })
    this.#recentBytes += bytes.length
    while (endMs - (this.#recent[0]?.endMs ?? endMs) >= this.#lagMs) {
      this.#recentBytes -= this.#recent.shift()?.bytes ?? 0
    }
    const spanMs = endMs - (this.#recent[0]?.endMs ?? endMs) + durationMs
    this.bytes = Math.max(bytesMin, (this.#recentBytes / Math.max(spanMs, 1)) * this.#lagMs)
  }
}
