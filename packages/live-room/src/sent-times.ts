/** Marks that are kept, one each half second at most: a minute of them. */
const MARKS_MAX = 128
const MARK_EVERY_MS = 500

/** When which offset was sent, to say how far behind in time a reader is who has applied so much. Times are ms of a clock that never jumps. */
export class SentTimes {
  /** Oldest first: `upTo` is the offset after what was sent from `atMs` on. */
  #marks: { upTo: number; readonly atMs: number }[] = []

  note(offset: number, nowMs: number): void {
    const last = this.#marks.at(-1)
    if (last !== undefined && offset <= last.upTo) return
    if (last !== undefined && nowMs - last.atMs < MARK_EVERY_MS) last.upTo = offset
    else this.#marks.push({ upTo: offset, atMs: nowMs })
    if (this.#marks.length > MARKS_MAX) this.#marks.shift()
  }

  /** How long ago the first event after `offset` was sent, within half a second; 0 when there is none. At least so long when it was long ago. */
  behindMs(offset: number, nowMs: number): number {
    // From the newest, because nearly all who say how far they are, are there.
    let oldest: number | null = null
    for (let index = this.#marks.length - 1; index >= 0; index -= 1) {
      const mark = this.#marks[index]
      if (mark === undefined || mark.upTo <= offset) break
      oldest = mark.atMs
    }
    return oldest === null ? 0 : nowMs - oldest
  }
}
