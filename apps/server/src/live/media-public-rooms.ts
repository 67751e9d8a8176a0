/** Rooms kept; a machine has 200 on air. */
const KEPT_MAX = 10_000
/** How long an answer holds. A room is public or for practice from its first day, so this only lets go of rooms that there were not. */
const FRESH_MS = 30_000

/** Which rooms anybody may watch, asked once each while the answer is fresh. */
export class PublicRooms {
  readonly #ask: (roomId: number) => Promise<boolean>
  readonly #kept = new Map<number, { untilMs: number; answer: Promise<boolean> }>()

  constructor(ask: (roomId: number) => Promise<boolean>) {
    this.#ask = ask
  }

  /** @throws when it cannot be found out now */
  has(roomId: number): Promise<boolean> {
    const nowMs = performance.now()
    const known = this.#kept.get(roomId)
    if (known && nowMs < known.untilMs) return known.answer
    if (this.#kept.size >= KEPT_MAX) this.#kept.clear()
    const entry = { untilMs: nowMs + FRESH_MS, answer: this.#ask(roomId) }
    this.#kept.set(roomId, entry)
    entry.answer.catch(() => {
      if (this.#kept.get(roomId) === entry) this.#kept.delete(roomId)
    })
    return entry.answer
  }
}
