import type { MediaStorage } from './media-storage.ts'

const askMs = 2_000
/** After the storage itself has said that it is full. */
const fullMs = 5_000
/** Recording goes on only when there is this much more than the floor, so that it does not flutter at the edge. */
const resumeShare = 1.1

/**
 * Keeps recordings from filling the disk that the database needs too: below a floor of free bytes no segment is written.
 * One for all recordings of a process; the storage is asked once in 2 s.
 */
export class DiskGuard {
  readonly #storage: Pick<MediaStorage, 'freeBytes'>
  readonly #floorBytes: number
  readonly #now: () => number
  #asked: { atMs: number; free: Promise<number | null> } | null = null
  #full = false
  #fullUntilMs = 0

  constructor(storage: Pick<MediaStorage, 'freeBytes'>, floorBytes: number, now: () => number) {
    this.#storage = storage
    this.#floorBytes = floorBytes
    this.#now = now
  }

  /** Whether a segment may be written. A storage that cannot say is taken to have room: its put will tell. */
  async hasRoom(): Promise<boolean> {
    const nowMs = this.#now()
    if (nowMs < this.#fullUntilMs) return false
    if (!this.#asked || nowMs - this.#asked.atMs >= askMs) {
      this.#asked = { atMs: nowMs, free: this.#storage.freeBytes().catch(() => null) }
    }
    const free = await this.#asked.free
    if (free === null) return true
    this.#full = free < this.#floorBytes * (this.#full ? resumeShare : 1)
    return !this.#full
  }

  /** Tells it of a write that failed; true when it failed for want of room. */
  failed(error: unknown): boolean {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code !== 'ENOSPC' && code !== 'EDQUOT') return false
    this.#fullUntilMs = this.#now() + fullMs
    return true
  }
}
