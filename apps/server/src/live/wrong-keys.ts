/** A person who mistypes needs a few tries; a machine that guesses gets no look at the database after these. */
const WRONG_MAX = 20
const WINDOW_MS = 60_000
const ADDRESSES_MAX = 10_000

/** Counts wrong stream keys by the address that publishes, in a fixed window. */
export class WrongKeys {
  readonly #nowMs: () => number
  readonly #counts = new Map<string, { wrong: number; untilMs: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  tooMany(address: string): boolean {
    const count = this.#counts.get(address)
    return count !== undefined && count.untilMs > this.#nowMs() && count.wrong >= WRONG_MAX
  }

  note(address: string): void {
    const nowMs = this.#nowMs()
    const count = this.#counts.get(address)
    if (count && count.untilMs > nowMs) {
      count.wrong++
      return
    }
    if (this.#counts.size >= ADDRESSES_MAX) this.#counts.clear()
    this.#counts.set(address, { wrong: 1, untilMs: nowMs + WINDOW_MS })
  }
}
